"""All wording exists, has its blanks filled, promises nothing false, and stands in YAML only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

import pytest

from bot.cases.chain import FIRST, STEPS
from bot.cases.drill import AT_CARD
from bot.cases.flow import Outcome
from bot.cases.learning import JUDGEMENTS
from bot.cases.plan import ROLES
from bot.cases.record import Consent, Told
from bot.cases.standing import BANDS, OLDEST_BAND, Standing
from bot.content.wording_files import load_wording
from bot.conversation.cards import CONTACTS
from bot.conversation.events import Media
from bot.conversation.small import PROBLEMS
from bot.conversation.world import LOCAL_INTENTS, SUPPORT_INTENTS
from bot.delivery.watcher import DISK, GROUP, LOOP, QUARANTINED, STORE
from bot.telegram.reach import REASONS
from bot.telegram.transcript import AUTHORS
from directory.model import Only
from intents.model import Kind
from tests.support.sources import ROOT, Use, literal, sources, uses, words_in

WORDING, PROBLEMS_FOUND = load_wording(ROOT)
STEMS = frozenset(path.stem for path in (ROOT / "intents" / "replies").glob("*.yaml"))
CODE = ("bot/conversation", "bot/cases", "bot/telegram", "bot/app.py", "bot/commands")
USES = list(uses(STEMS, *CODE))
TILES = ("p50", "p90", "quick", "answered", "out-of-hours", "false-alarms")
CARE = ("ok", "talk", "pass")  # what a worker may answer
KEPT_OUT = ("forgotten", "too-young", "no-words")  # why no words of a case are kept
LEVELS = ("emergency", "urgent", "concern")

FAULTS = (DISK, GROUP, LOOP, QUARANTINED, STORE)

# What may stand in the blanks of a key that is only whole when the code runs.
FILLED: dict[str, Iterable[str]] = {
    "kinds.{}": [*Kind, "none", "any"],
    "danger.{}.{}": [f"{kind}.{level}" for kind in [*Kind, "any"] for level in LEVELS[:2]],
    "danger.{}.helplines": [*Kind, "any"],
    "staff.reason-check-in-{}": ("unsafe", "unsure", "again"),
    "staff.mark-{}": LEVELS,
    "staff.level-{}": LEVELS,
    "staff.outcome-{}": list(Outcome),
    "staff.author-{}": ("person", "worker", "bot"),
    "desk-case.standing-{}": set(Standing) - {Standing.CLOSED},
    "desk-case.band-{}": [*(band for _, band in BANDS), OLDEST_BAND],
    "desk-case.told-{}": list(Told),
    "desk-case.consent-{}": list(Consent),
    "desk-case.card-consent-{}": list(Consent),
    "desk-case.ask-{}": ("told", "consent", "why"),
    "desk-case.{}": ("recorded", "recorded-open"),
    "desk-reveal.{}": [
        "reason-short",
        "reason-long",
        "pending",
        "closed",
        "drill",
        "nobody",
        "settled",
        "too-late",
        "own",
        "no-lead",
        "asker-left",
        "asker-unknown",
        "told-already",
        "tell-nobody",
        "tell-hidden",
    ],
    "desk-groups.why-{}": sorted({*REASONS.values(), "other"}),
    "desk-overview.did-{}": [],  # asked for with `has`; test_desk_overview.py has the known ones
    "desk-overview.{}": ("to-card", "to-topic"),
    "desk-overview.wrote-{}": AUTHORS,
    "desk-report.{}": [*TILES, "by-kind", "by-hour", "by-day", "by-outcome"],
    "desk-report.unit-{}": ("minutes", "hours", "days"),
    "desk-report.share-{}": ("unknown", "none", "few", "about", "most", "all"),
    "desk-report.day-{}": (*map(str, range(7)), "0-4", "5-6"),
    "desk-report.outcome-{}": ("open", "unknown"),  # others are asked for with `has`
    "understand.{}": list(Media),
    "desk-relay.{}": list(Media),
    "intents.{}": list(WORDING.under("intents.")),
    "topics.{}": sorted(SUPPORT_INTENTS),
    "topics.first.{}": list(WORDING.under("topics.first.")),  # asked for with `has`
    "danger.helpline{}": list(WORDING.under("danger.helpline")),
    "results.{}": CONTACTS,
    "results.day-{}": [str(day) for day in range(7)],
    "results.short-{}": [str(day) for day in range(7)],
    "results.month-{}": [str(month) for month in range(1, 13)],
    "results.week-{}": [str(week) for week in (1, 2, 3, 4, -1)],
    "results.only-{}": list(Only),
    "results.widened-{}": (
        "further",
        "other-days",
        "other-times",
        "cost",
        "groups",
        "similar",
    ),
    "results.group-{}": ("girls", "boys"),  # others are asked for with `has`
    "needs.{}": sorted(SUPPORT_INTENTS | LOCAL_INTENTS),
    "desk-watch.{}": FAULTS,
    "desk-watch.{}-over": FAULTS,
    "desk-time.why-{}": ("not-started", "blocked", "other"),
    "desk-time.role-{}": ROLES,
    "desk-time.calls-{}": ROLES[1:],
    "desk-time.calls-nobody-{}": ROLES[1:],
    "desk-time.unnamed-{}": ROLES[1:],
    "desk-care.button-{}": CARE,
    "desk-drill.step-{}": (AT_CARD, FIRST, *STEPS),
    "desk-learning.{}": JUDGEMENTS,
    "desk-learning.judged-{}": JUDGEMENTS,
    "desk-learning.noted-{}": (*KEPT_OUT, "look"),
    "desk-learning.end-{}": (*KEPT_OUT, "given", "without", "cancel", "overdue"),
    "buttons.{}": [*PROBLEMS, "today", "free"],
}


def whole(use: Use) -> list[str]:
    """Every key that a use can turn into."""
    if "{}" not in use.key:
        return [use.key]
    before = use.key.partition("{}")[0]
    after = use.key.rpartition("{}")[2]
    return [f"{before}{filled}{after}" for filled in FILLED[use.key]]


def test_the_files_of_wording_are_sound() -> None:
    assert [str(problem) for problem in PROBLEMS_FOUND] == []


def test_the_walk_finds_the_code() -> None:
    assert len(USES) > 150
    assert len({use.key for use in USES if "{}" in use.key}) > 10


@pytest.mark.parametrize("use", [use for use in USES if "{}" in use.key], ids=lambda u: u.key)
def test_what_can_stand_in_a_keys_blanks_is_known(use: Use) -> None:
    refused = use.key == "staff.{}"  # every `Refused("...")`, looked at below
    assert refused or use.key in FILLED, f"{use.where}: add {use.key} to FILLED"


def test_every_key_in_the_code_exists() -> None:
    missing = [
        f"{use.where}: {key}"
        for use in USES
        if use.key != "staff.{}" and not use.key.endswith(".")
        for key in whole(use)
        if not WORDING.has(key)
    ]
    assert missing == []


def test_every_reason_for_refusing_a_move_has_words() -> None:
    tree = ast.parse((ROOT / "bot/cases/flow.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    refused = [call for call in calls if getattr(call.func, "id", "") == "Refused"]
    keys = {literal(call.args[0]) for call in refused} - {None}
    assert len(keys) >= 10
    whole_keys = [key if "." in key else f"staff.{key}" for key in keys if key]
    assert [key for key in whole_keys if not WORDING.has(key)] == []


GIVEN = {"note": {"case"}, "_answer": set(), "text": set(), "label": set(), "say": set()}


def filled_by(call: ast.Call) -> set[str] | None:
    """The blanks that a call fills; None where it cannot be known without running it."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name not in GIVEN or any(keyword.arg is None for keyword in call.keywords):
        return None
    return GIVEN[name] | {str(keyword.arg) for keyword in call.keywords}


def test_every_blank_is_filled_where_the_text_is_asked_for() -> None:
    holes = []
    for use in USES:
        filled = filled_by(use.call) if use.call else None
        if filled is None or use.key == "staff.{}":
            continue
        for key in whole(use):
            if left := WORDING.blanks(key) - filled:
                holes.append(f"{use.where}: {key} has {sorted(left)}")
    assert holes == []


def test_a_step_of_the_chain_has_words_for_staff() -> None:
    assert [s for s in STEPS if not WORDING.has(f"staff.alert-{s}")] == []


SECRECY = re.compile(
    r"(?<!not )\b(confidential|anonymous)\b|nobody will (ever )?(know|find out)"
    r"|(keep|kept|stays?) (it |this |that )?(a )?secret|(won't|will not|never) tell any(one|body)"
    r"|between (us|you and me)|100 ?%|completely private|totally private", re.IGNORECASE,
)  # fmt: skip
PROMISE = re.compile(
    r"\b(within|in) (\d+|a few|an?|one) (seconds?|minutes?|hours?)|right away|immediately"
    r"|straight away|very soon|will answer|somebody will (reply|answer|come)|a person will come"
    r"|I promise", re.IGNORECASE,
)  # fmt: skip
METHODS = re.compile(
    r"\b(noose|rope|hang(ing)? (your|my|them)sel\w+|bridge|paracetamol|overdose|blade|razor|slit"
    r"|jump(ing)? (off|from)|bleach|carbon|suffocat\w+|how many pills)\b", re.IGNORECASE,
)  # fmt: skip
CLAIMS = re.compile(r"\b(we are|i'?m|i am|run by) (myends|city hall|the police|the nhs)", re.I)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [(SECRECY, "promises secrecy"), (PROMISE, "promises a time that nobody keeps"),
     (METHODS, "names a method"), (CLAIMS, "claims to be somebody else")],
)  # fmt: skip
def test_no_text_says_what_must_never_be_said(pattern: re.Pattern[str], why: str) -> None:
    # "a person will come" is allowed nowhere; "I can't promise" everywhere.
    shown = [(key, text) for key, text in WORDING.texts.items() if not key.startswith("staff.")]
    found = [f"{key} {why}: {text}" for key, text in shown if pattern.search(text)]
    assert found == []


@pytest.mark.parametrize(
    ("pattern", "bad"),
    [(SECRECY, "It stays secret"), (SECRECY, "This is confidential"), (PROMISE, "in 5 minutes"),
     (PROMISE, "Somebody will answer"), (METHODS, "a razor"), (CLAIMS, "We are MyEnds")],
)  # fmt: skip
def test_the_lint_itself_sees_what_it_should(pattern: re.Pattern[str], bad: str) -> None:
    assert pattern.search(bad)


PAIRED = [f"buttons.{name}" for name in WORDING.under("buttons.")]
PAIRED += ["check-in.yes", "check-in.unsure", "check-in.no", "understand.clarify-other"]
PAIRED += ["staff.claim", "staff.release", "staff.close", "staff.outcome-back"]
PAIRED += [f"desk-learning.{name}" for name in ("not-a-danger", "give", "without")]
PAIRED += ["desk-drill.claim", *(f"desk-care.button-{name}" for name in CARE)]
PAIRED += [f"staff.outcome-{outcome}" for outcome in Outcome]


PAIRED += [f"desk-case.told-{who}" for who in Told]
PAIRED += [f"desk-case.consent-{consent}" for consent in Consent]
PAIRED += [
    f"desk-case.{key}"
    for key in ("more", "hand", "level", "merge", "reopen", "record", "decline", "skip", "done",
                "why-write")
]  # fmt: skip
CASE_TOASTS = [
    f"desk-case.{key}"
    for key in ("yours-already", "nobody-has-it", "closed-by", "merged", "no-offer", "not-asked",
                "open-already", "forgotten", "has-another", "closed-by-another", "not-theirs",
                "not-closed", "level-already", "hand-ask", "hand-nobody", "hand-gone", "hand-asked",
                "hand-off", "level-ask", "level-toast", "merge-ask", "merge-none", "merge-toast",
                "reopened-toast", "ask-told", "ask-consent", "ask-why", "recorded",
                "recorded-open")
]  # fmt: skip


def test_buttons_are_short() -> None:
    long = {key: len(WORDING.label(key, borough="Tower Hamlets", number=3)) for key in PAIRED}
    assert {key: n for key, n in long.items() if n > 24} == {}


def test_buttons_that_have_a_row_of_their_own_fit_it() -> None:
    assert {k: t for k, t in WORDING.under("intents.").items() if len(t) > 32} == {}


def test_labels_carry_no_markup() -> None:
    labels = [*PAIRED, *(f"intents.{k}" for k in WORDING.under("intents."))]
    labels += [f"commands.{k}" for k in WORDING.under("commands.")]
    assert [key for key in labels if re.search(r"[<>&]\w", WORDING.texts[key])] == []


def test_what_telegram_shows_before_a_chat_fits() -> None:
    assert len(WORDING.label("commands.description", operator="x" * 100)) <= 512
    assert len(WORDING.label("commands.short-description")) <= 120
    for which in ("private", "staff"):
        for name, text in WORDING.under(f"commands.{which}.").items():
            assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
            assert 1 <= len(text) <= 256


def test_staff_toasts_fit() -> None:
    for key in ("staff.claimed-toast", "staff.already-claimed", "staff.not-yours",
                "staff.case-gone", "staff.outcome-ask", *CASE_TOASTS):  # fmt: skip
        filled = WORDING.label(
            key, case=99999, worker="x" * 30, other=99999, ends=9, level="x" * 20
        )
        assert len(filled) <= 200


# Calls whose texts nobody but maintainers and operators read.
QUIET = frozenset({"log", "Ignored", "Reason", "Raise", "StartError", "getattr"})
SENTENCE = re.compile(r"[A-Za-z',]+(?: [A-Za-z',]+){3,}")
# Telegram's errors, sentences for the operator's console, reasons for maintainers.
NOT_PEOPLE = {"outcomes.py", "startup.py", "poller.py", "danger.py"}


def test_no_sentences_stand_in_the_code() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in sources("bot/telegram", "bot/conversation", "bot/cases")
        if path.name not in NOT_PEOPLE
        for line, text in words_in(path, QUIET)
        if SENTENCE.search(text)
    ]
    assert found == []
