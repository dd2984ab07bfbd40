"""How well messages are understood: the figures of `../shared/evaluation/score.py`, and more.

Pure: labelled messages and verdicts in, numbers out. A test holds the figures equal to score.py's.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from intents.examples import Example
from intents.model import Decision, Understanding, Urgency

Z = 1.96  # of the normal distribution, for intervals of 95 %
NOTHING = "out-of-scope"


@dataclass(frozen=True, slots=True)
class Message:
    """A message and what is right."""

    text: str
    intent: str
    urgency: Urgency
    kind: str | None = None
    also: tuple[str, ...] = ()  # intents that would be as right
    slice: str = ""  # how it is written: plain, slang, typos, ...
    twin: str = ""  # shared by a danger and its harmless look-alike

    @property
    def danger(self) -> bool:
        """Whether a worker must see it."""
        return self.urgency.paged

    @property
    def right(self) -> frozenset[str]:
        """Every intent that is right."""
        return frozenset((self.intent, *self.also))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was made of a message."""

    decision: str
    ranked: tuple[tuple[str, float], ...]  # intents with their probability, best first
    urgency: str
    kind: str | None
    check_in: bool
    danger: float  # how likely a danger was said to be, 0 to 1

    @property
    def intents(self) -> tuple[str, ...]:
        """The intents, best first."""
        return tuple(intent for intent, _ in self.ranked)

    @property
    def paged(self) -> bool:
        """Whether a worker is alerted."""
        return Urgency(self.urgency).paged

    @property
    def caught(self) -> bool:
        """Whether a worker is alerted or the person is asked."""
        return self.paged or self.check_in

    @property
    def answered(self) -> bool:
        """Whether the bot acts at once on the likeliest intent."""
        return self.decision == Decision.ANSWER


Judged = tuple[Message, Verdict]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with an interval of 95 % (Wilson's)."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        """From 0 to 1; NaN where there is nothing to count."""
        return self.hits / self.of if self.of else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """The lower and upper end of the interval."""
        if not self.of:
            return (math.nan, math.nan)
        n, p = self.of, self.share
        middle = p + Z * Z / (2 * n)
        half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        return ((middle - half) / (1 + Z * Z / n), (middle + half) / (1 + Z * Z / n))


def labelled(example: Example) -> Message:
    """One of our own examples as a labelled message."""
    kind = example.kind.value if example.kind else None
    return Message(
        example.text,
        example.intent,
        example.urgency,
        kind,
        slice=example.slice,
        twin=example.twin,
    )


def verdict(u: Understanding) -> Verdict:
    """What an understanding says, as score.py reads it, with its probabilities."""
    danger = u.danger
    return Verdict(
        u.decision.value,
        tuple((guess.intent, guess.probability) for guess in u.ranked),
        (danger.urgency if danger.paged else Urgency.NONE).value,
        danger.kind.value if danger.kind else None,
        danger.check_in,
        danger.score,
    )


def served(m: Message, v: Verdict) -> bool:
    """Whether the person gets what they want at once, or sees it among three choices."""
    if v.answered:
        return _first_right(m, v)
    return v.decision == Decision.CLARIFY and bool(m.right & set(v.intents[:3]))


def figures(judged: Iterable[Judged]) -> dict[str, Share]:
    """The figures of score.py, in its order and by its definitions."""
    rows = list(judged)
    dangers = [r for r in rows if r[0].danger]
    safe = [r for r in rows if not r[0].danger]
    # Where a page goes out the page is the answer; the topic is judged where there is none.
    by_topic = [r for r in safe if not r[1].paged]
    inside = [r for r in by_topic if r[0].intent != NOTHING]
    found = _danger_figures(dangers, safe) | _intent_figures(inside)
    found |= _scope_figures([r for r in by_topic if r[0].intent == NOTHING])
    found = {name: share for name, share in found.items() if share.of}
    for kind in sorted({m.kind or "?" for m, _ in dangers}):
        mine = [r for r in dangers if (r[0].kind or "?") == kind]
        found[f"caught, {kind}"] = _share(mine, lambda m, v: v.caught)
    for intent in sorted({m.intent for m, _ in inside}):
        mine = [r for r in inside if r[0].intent == intent]
        found[f"top 1, {intent}"] = _share(mine, _first_right)
    return found


def _danger_figures(dangers: Sequence[Judged], safe: Sequence[Judged]) -> dict[str, Share]:
    grave = [r for r in dangers if r[0].urgency is Urgency.EMERGENCY]
    return {
        "danger caught": _share(dangers, lambda m, v: v.caught),
        "danger paged": _share(dangers, lambda m, v: v.paged),
        "emergency caught": _share(grave, lambda m, v: v.caught),
        "emergency paged": _share(grave, lambda m, v: v.paged),
        "emergency as emergency": _share(grave, lambda m, v: v.urgency == Urgency.EMERGENCY),
        "false pages": _share(safe, lambda m, v: v.paged),
        "needless check-ins": _share(safe, lambda m, v: v.caught and not v.paged),
    }


def _intent_figures(inside: Sequence[Judged]) -> dict[str, Share]:
    return {
        "top 1": _share(inside, _first_right),
        "top 3": _share(inside, lambda m, v: bool(m.right & set(v.intents[:3]))),
        "served": _share(inside, served),
        "answered": _share(inside, lambda m, v: v.answered),
        "answered wrong": _share(inside, lambda m, v: v.answered and not _first_right(m, v)),
    }


def _scope_figures(outside: Sequence[Judged]) -> dict[str, Share]:
    return {
        "out-of-scope refused": _share(outside, lambda m, v: _refused(v)),
        "out-of-scope answered": _share(outside, lambda m, v: v.answered and not _refused(v)),
    }


def _refused(v: Verdict) -> bool:
    return v.decision == Decision.FALLBACK or v.intents[:1] == (NOTHING,)


def _first_right(m: Message, v: Verdict) -> bool:
    return bool(v.ranked) and v.intents[0] in m.right


def _share(rows: Sequence[Judged], test: Callable[[Message, Verdict], bool]) -> Share:
    return Share(sum(test(m, v) for m, v in rows), len(rows))


def by_slice(judged: Iterable[Judged]) -> dict[str, dict[str, Share]]:
    """The main figures for each way of writing, and for "all"."""
    rows = list(judged)
    groups: dict[str, list[Judged]] = {"all": rows}
    for row in rows:
        groups.setdefault(row[0].slice or "(no slice)", []).append(row)
    wanted = ("danger caught", "false pages", "needless check-ins", "served", "answered wrong")
    return {
        name: {key: share for key, share in figures(mine).items() if key in wanted}
        for name, mine in groups.items()
    }


def twins_apart(judged: Iterable[Judged]) -> Share:
    """Pairs of a danger and its harmless twin of which the danger is met with more.

    A page is more than a check-in, and a check-in more than nothing.
    """
    pairs: dict[str, list[Judged]] = defaultdict(list)
    for m, v in judged:
        if m.twin:
            pairs[m.twin].append((m, v))
    whole = [p for p in pairs.values() if {m.danger for m, _ in p} == {True, False}]
    return Share(sum(_apart(pair) for pair in whole), len(whole))


def _apart(pair: Sequence[Judged]) -> bool:
    def level(v: Verdict) -> int:
        return 2 if v.paged else int(v.check_in)

    lowest_danger = min(level(v) for m, v in pair if m.danger)
    highest_safe = max(level(v) for m, v in pair if not m.danger)
    return lowest_danger > highest_safe


@dataclass(frozen=True, slots=True)
class Bin:
    """Messages for which about the same probability was said."""

    low: float
    high: float
    said: float  # the mean of what was said; NaN for an empty one
    happened: float  # how often it was so
    n: int


def reliability(pairs: Iterable[tuple[float, bool]], bins: int = 10) -> list[Bin]:
    """What was said beside what happened, in `bins` equal steps from 0 to 1."""
    groups: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for said, happened in pairs:
        groups[min(int(said * bins), bins - 1)].append((said, happened))
    return [
        Bin(
            i / bins,
            (i + 1) / bins,
            sum(said for said, _ in group) / len(group) if group else math.nan,
            sum(happened for _, happened in group) / len(group) if group else math.nan,
            len(group),
        )
        for i, group in enumerate(groups)
    ]


def calibration_error(table: Sequence[Bin]) -> float:
    """The mean distance between what was said and what happened, weighted by numbers."""
    total = sum(b.n for b in table)
    return sum(b.n * abs(b.said - b.happened) for b in table if b.n) / total if total else math.nan


def intent_pairs(judged: Iterable[Judged]) -> list[tuple[float, bool]]:
    """For each message without danger: how likely the first intent was said to be; if it was."""
    return [
        (v.ranked[0][1], v.intents[0] in m.right)
        for m, v in judged
        if not m.danger and not v.paged and v.ranked
    ]


def danger_pairs(judged: Iterable[Judged]) -> list[tuple[float, bool]]:
    """For each message: how likely a danger was said to be, and whether it was one."""
    return [(v.danger, m.danger) for m, v in judged]


# What a mistake costs a young person or a worker; only the order and rough size matter.
COST = {"danger missed": 20, "false page": 5, "sure and wrong": 3, "needless check-in": 1}


@dataclass(frozen=True, slots=True)
class Confusion:
    """One sort of mistake."""

    mistake: str  # a key of COST
    truth: str
    taken_for: str
    n: int
    examples: tuple[str, ...]  # the first few texts

    @property
    def cost(self) -> int:
        """Number times weight."""
        return self.n * COST[self.mistake]


def confusions(judged: Iterable[Judged], shown: int = 2) -> list[Confusion]:
    """What is taken for what, the costliest first."""
    counts: Counter[tuple[str, str, str]] = Counter()
    texts: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for m, v in judged:
        if (key := mistake(m, v)) is not None:
            counts[key] += 1
            texts[key].append(m.text)
    found = [Confusion(*key, n, tuple(texts[key][:shown])) for key, n in counts.items()]
    return sorted(found, key=lambda c: (-c.cost, c.mistake, c.truth, c.taken_for))


def mistake(m: Message, v: Verdict) -> tuple[str, str, str] | None:
    """What went wrong with one message: the mistake, what it was, what it was taken for."""
    if m.danger:
        if v.caught:
            return None
        return (
            "danger missed",
            f"{m.urgency.value}/{m.kind or '?'}",
            v.intents[0] if v.ranked else "-",
        )
    if v.paged:
        return "false page", m.intent, f"{v.urgency}/{v.kind or '?'}"
    if v.answered and not _first_right(m, v):
        return "sure and wrong", m.intent, v.intents[0] if v.ranked else "-"
    if v.check_in:
        return "needless check-in", m.intent, v.kind or "?"
    return None


def found_at(judged: Iterable[Judged], alarms: float) -> float:
    """The share of dangers that rank above all but `alarms` (0 to 1) of the harmless messages.

    It asks how well the score tells them apart, whatever the thresholds are.
    """
    rows = list(judged)
    safe = sorted((v.danger for m, v in rows if not m.danger), reverse=True)
    dangers = [v.danger for m, v in rows if m.danger]
    if not safe or not dangers:
        return math.nan
    limit = safe[min(int(alarms * len(safe)), len(safe) - 1)]
    return sum(score > limit for score in dangers) / len(dangers)
