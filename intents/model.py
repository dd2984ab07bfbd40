"""The values that understanding hands on: what was meant, how urgent, and why we think so."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Urgency(StrEnum):
    """How soon a person must act, as `../shared/evaluation/LABELS.md` defines it."""

    NONE = "none"
    CONCERN = "concern"
    URGENT = "urgent"
    EMERGENCY = "emergency"

    @property
    def rank(self) -> int:
        """A number that grows with urgency, for comparing and sorting."""
        return list(Urgency).index(self)

    @property
    def paged(self) -> bool:
        """Whether a worker is alerted at once."""
        return self in (Urgency.URGENT, Urgency.EMERGENCY)


class Kind(StrEnum):
    """The kinds of danger."""

    SUICIDE = "suicide"
    SELF_HARM = "self-harm"
    VIOLENCE = "violence"
    HARM_TO_OTHERS = "harm-to-others"
    SEXUAL_VIOLENCE = "sexual-violence"
    ABUSE = "abuse"
    EXPLOITATION = "exploitation"
    ONLINE_EXPLOITATION = "online-exploitation"
    MISSING_HOMELESS = "missing-homeless"
    MEDICAL = "medical"
    FORCED_MARRIAGE_FGM = "forced-marriage-fgm"
    TRAFFICKING = "trafficking"


class Decision(StrEnum):
    """What the person sees: an answer at once, a choice of three, or "not understood"."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    FALLBACK = "fallback"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a layer thinks so, in words that a maintainer can read."""

    layer: str  # "words", "ngrams", "rules", "phrases", "danger-model", "fallback"
    text: str  # one line: the rule's name, the nearest example, the strongest words
    words: tuple[str, ...] = ()  # the words of the message that it rests on
    score: float = 0.0  # 0 to 1


@dataclass(frozen=True, slots=True)
class Guess:
    """One intent and how likely it is."""

    intent: str
    probability: float  # 0 to 1
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Danger:
    """The verdict on danger: page (urgency emergency or urgent), check in, or nothing."""

    urgency: Urgency = Urgency.NONE
    kind: Kind | None = None  # set when paged or checked in on
    check_in: bool = False  # not paged, but the person is asked at once whether they are safe
    score: float = 0.0  # 0 to 1, how likely a danger is
    reasons: tuple[Reason, ...] = ()

    @property
    def paged(self) -> bool:
        """Whether a worker is alerted at once."""
        return self.urgency.paged

    @property
    def step(self) -> str:
        """What is done about it: "page", "check in" or "nothing"."""
        return "page" if self.paged else "check in" if self.check_in else "nothing"


@dataclass(frozen=True, slots=True)
class Mention(Generic[T]):
    """A typed value and the words of the message that it came from."""

    value: T
    words: str


@dataclass(frozen=True, slots=True)
class Details:
    """What the message says besides its intent; each may be missing."""

    place: Mention[str] | None = None  # as typed: a postcode or a known place name, to be located
    age: Mention[int] | None = None  # years, of the person whom it is for
    activities: tuple[Mention[str], ...] = ()  # canonical names out of words/activities.yaml
    days: tuple[Mention[str], ...] = ()  # "today", "tomorrow", "weekend", "mon" to "sun"
    part_of_day: Mention[str] | None = None  # "morning", "afternoon", "evening"
    free: bool = False  # asks for something free or cheap
    step_free: bool = False  # cannot use steps
    group: tuple[str, ...] = ()  # only for: "girls", "boys", "send"; who they are: "girl", "boy"
    for_other: Mention[str] | None = None  # "brother", "son", "friend": who it is for


@dataclass(frozen=True, slots=True)
class Vote:
    """One layer's opinion, kept for `ask` and the demo."""

    layer: str
    ranked: tuple[Guess, ...]
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Change:
    """A word of the message without which it would be understood otherwise."""

    without: str
    danger: str = ""  # what would be done then: "page", "check in", "nothing"; "" for the same
    intent: str = ""  # what would be done then, as "find-work (clarify)"; "" for the same


@dataclass(frozen=True, slots=True)
class Understanding:
    """Everything that understanding a message gives."""

    text: str  # as it came
    normal: str  # as the layers read it
    decision: Decision
    ranked: tuple[Guess, ...]  # best first, at least three where there are as many
    danger: Danger
    details: Details = field(default_factory=Details)
    needs: tuple[str, ...] = ()  # every intent that the message clearly asks for, best first
    votes: tuple[Vote, ...] = ()
    changes: tuple[Change, ...] | None = None  # filled in where reasons were asked for

    @property
    def intent(self) -> str:
        """The likeliest intent."""
        return self.ranked[0].intent if self.ranked else "out-of-scope"
