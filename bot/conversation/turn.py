"""One turn of a private chat: an event and what is known go in, what to do comes out.

Danger is looked at first, in every message, wherever it stands and whatever else is open. Nothing
here knows Telegram, SQL or a clock.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.cases.model import Case, Status
from bot.conversation import commands, danger, finding, small, spot, taps
from bot.conversation.events import (
    CheckInSilent,
    Media,
    PrivateEvent,
    Reachability,
    Said,
    SharedLocation,
    Tapped,
)
from bot.conversation.followups import follow_up, unwanted_place
from bot.conversation.state import (
    Again,
    ChatState,
    Raise,
    Relay,
    Search,
    SetCheckIn,
    Simple,
    Turn,
    Words,
)
from bot.conversation.world import LOCAL_INTENTS, SUPPORT_INTENTS, World
from directory.model import Area
from intents.model import Danger, Decision, Understanding, Urgency

FEW_WORDS = 5
LONG = 1200  # characters; longer messages are told that all was read
WORRIES_THAT_PAGE = 3  # worrying messages in a row weigh more than one


def take_turn(
    event: PrivateEvent,
    state: ChatState,
    case: Case | None,
    understood: Understanding | None,
    world: World,
    now: datetime,
    resting: bool = False,
) -> Turn:
    """Decide what one event leads to. `case` is the person's open case, if there is one.

    `understood` belongs to `Said` events with words and is None otherwise. `resting`: their case
    was closed so lately that it goes on when they write again.
    """
    if isinstance(event, Said | Tapped | SharedLocation):
        state = replace(state, hidden=False)
    match event:
        case Said():
            state = replace(state, last_message_id=max(state.last_message_id, event.message_id))
            turn = _said(event, state, case, understood, world, now)
            if resting and case is None and understood is not None:
                turn = _goes_on(event, state, turn, understood, world)
        case Tapped():
            tap = taps.Tap(state, "", world, case, now)
            turn = taps.tapped(tap, event.action)
        case SharedLocation():
            turn = spot.shared(event, state, case, world, now)
        case Reachability():
            what = "blocked" if event.blocked else "unblocked"
            turn = Turn(state, acts=(Simple(what),))
        case CheckInSilent():
            turn = danger.silent_check_in(state, world, now)
    return turn if case is not None else _check_in_kept(state, turn)


def _check_in_kept(before: ChatState, turn: Turn) -> Turn:
    """An open "are you safe?" is only closed by its answer: its silence must still be noticed."""
    asked = before.asked
    if asked is None or asked.what != "check-in" or _asks_safety(turn.state):
        return turn
    settled = any(isinstance(act, SetCheckIn | Raise) or act == Simple("forget")
                  for act in turn.acts)  # fmt: skip
    return turn if settled else replace(turn, state=replace(turn.state, asked=asked))


def _asks_safety(state: ChatState) -> bool:
    return state.asked is not None and state.asked.what == "check-in"


def _said(
    event: Said,
    state: ChatState,
    case: Case | None,
    understood: Understanding | None,
    world: World,
    now: datetime,
) -> Turn:
    if event.is_bot:
        return Turn(state)
    if understood is None:
        return _without_words(event, state, case, world)
    verdict = understood.danger
    if verdict.paged or verdict.check_in:
        state = finding.noted(state, understood.details, world)
    if case is not None:
        return _in_case(event, state, case, understood, world, now)
    if verdict.paged:
        return danger.page(state, verdict, world, now)
    if _unread(verdict):
        return danger.page(state, replace(verdict, urgency=Urgency.URGENT), world, now)
    if event.edited:
        # An edit is read again for danger only; an answer to an old message would confuse.
        return danger.check_in(state, understood, world) if verdict.check_in else Turn(state)
    if commands.is_quick_exit(event.text, world):
        return small.hide(state, world)
    if event.text.startswith("/") and not (verdict.check_in and " " in event.text):
        return commands.command(event.text, state, case, world, now)
    if _asks_safety(state):
        return _after_check_in(state, understood, world, now)
    if verdict.check_in and (danger.by_rule(verdict) or not _practical(state, understood, world)):
        return _maybe_danger(state, understood, world, now)
    teaches = state.asked is not None and state.asked.what == "teach"
    turn = _ordinary(
        event, replace(state, asked=None) if teaches else state, understood, world, now
    )
    if teaches and world.answers.meaning(event.text) is None:
        turn = small.taught(turn, event.text, world)
    return turn if event.media is None else _with_media(turn, event.media, world)


def _goes_on(
    event: Said, before: ChatState, turn: Turn, understood: Understanding, world: World
) -> Turn:
    """Their case was closed lately: words that are not for the bot alone go to staff again.

    Those are what it cannot read, what may be danger, and hard topics; not thanks, a command, a
    search, or the answer to what the bot asked. (Danger itself goes to staff in any case.)
    """
    if event.edited or event.is_bot or event.text.startswith("/"):
        return turn
    if any(isinstance(act, Raise | Simple) for act in turn.acts):
        return turn
    asked = turn.state.asked.what if turn.state.asked else ""
    unread = turn.state.missed > before.missed or asked == "clarify"
    hard = understood.decision is Decision.ANSWER and understood.intent in SUPPORT_INTENTS
    if not (unread or hard or understood.danger.check_in):
        return turn
    again = Again(event.text)
    if not unread:
        return replace(turn, acts=(*turn.acts, again))
    state = replace(before, told_passed_on=True, asked=None)
    return replace(small.say(state, world, "danger.passed-on"), acts=(again,))


def _practical(state: ChatState, understood: Understanding, world: World) -> bool:
    """Whether a short message plainly goes on with what is on the screen: an age, a day, "more".

    Only such a message, and only where no rule spoke, is spared the question "are you safe?".
    """
    if len(understood.text.split()) > FEW_WORDS:
        return False
    details = understood.details
    if state.shown and world.followups.meaning(understood.text) is not None:
        return True
    waits = state.asked is not None and state.asked.what in ("area", "borough", "age")
    told = bool(details.age or details.days or details.place)
    return told and (waits or bool(state.shown))


def _unread(verdict: Danger) -> bool:
    """Whether understanding itself failed: then the message goes to a person."""
    return verdict.check_in and any(reason.layer == "fallback" for reason in verdict.reasons)


def _with_media(turn: Turn, media: Media, world: World) -> Turn:
    """Words came with a picture: they are answered, and what was not looked at is said."""
    note = small.media(turn.state, media, world, None).replies
    return replace(turn, replies=(*turn.replies, *note))


def _without_words(event: Said, state: ChatState, case: Case | None, world: World) -> Turn:
    """A picture, a voice note, or nothing at all."""
    if event.edited or (event.album is not None and event.album == state.album):
        return Turn(state)
    state = replace(state, album=event.album)
    if event.media is None:
        return small.say(state, world, "understand.empty", *finding.menu_buttons(world))
    said = small.media(state, event.media, world, case)
    if case is None:
        return said
    return replace(said, acts=(Simple(f"media:{event.media.value}"),))


def _in_case(
    event: Said,
    state: ChatState,
    case: Case,
    understood: Understanding,
    world: World,
    now: datetime,
) -> Turn:
    """Somebody has, or will have, this person: words go to staff, the bot keeps quiet.

    Except for danger, and for what only the bot can do (commands, deleting, quick exit).
    """
    verdict = understood.danger
    if event.text.startswith("/") and not verdict.paged:
        if event.edited:
            return Turn(state)
        return commands.command(event.text, state, case, world, now)
    if commands.is_quick_exit(event.text, world):
        return small.hide(state, world)
    turn = _relayed(event, state, case, understood, world, now)
    if event.media is None or event.edited:
        return turn
    told = small.media(turn.state, event.media, world, case).replies
    acts = (*turn.acts, Simple(f"media:{event.media.value}"))
    return replace(turn, replies=(*turn.replies, *told), acts=acts)


def _relayed(
    event: Said,
    state: ChatState,
    case: Case,
    understood: Understanding,
    world: World,
    now: datetime,
) -> Turn:
    verdict = understood.danger
    relay = Relay(event.text, event.edited)
    if verdict.paged and _adds_to(case, verdict):
        paged = danger.page(state, verdict, world, now, case)
        return replace(paged, acts=(*paged.acts, relay))
    if _asks_safety(state):
        state = replace(state, asked=None)  # from here a worker asks
    if case.status is Status.OPEN and not event.edited and _asks_the_bot(understood):
        # Nobody has them yet: what only the bot can answer is answered, and passed on as well.
        turn = _ordinary(event, state, understood, world, now)
        return replace(turn, acts=(*turn.acts, relay))
    if case.status is Status.OPEN and not state.told_passed_on and not event.edited:
        said = small.say(replace(state, told_passed_on=True), world, "danger.passed-on")
        return replace(said, acts=(relay,))
    return Turn(state, acts=(relay,))


def _asks_the_bot(understood: Understanding) -> bool:
    """Whether they clearly ask for something that needs no person."""
    if understood.danger.paged or understood.danger.check_in:
        return False
    clear = understood.decision is Decision.ANSWER
    return clear and understood.intent in (LOCAL_INTENTS | {"about-bot", "help", "about-myends"})


def _adds_to(case: Case, verdict: Danger) -> bool:
    """Whether a new danger is more than the case already says; another kind needs a rule."""
    if Urgency(case.priority or case.urgency).rank < verdict.urgency.rank:
        return True
    other = verdict.kind is not None and verdict.kind != case.kind
    return other and danger.by_rule(verdict)


def _after_check_in(
    state: ChatState, understood: Understanding, world: World, now: datetime
) -> Turn:
    """Words after "are you safe?": read in its light; danger in them was looked at before."""
    meaning = world.answers.meaning(understood.text)
    if meaning is not None:
        return danger.answer_check_in(state, meaning, world, now)
    if understood.danger.check_in:
        asked = state.asked
        if asked is not None and asked.times > 1:
            return danger.raise_after_check_in(state, asked, "again", world, now)
        return danger.answer_check_in(state, "unsure", world, now)
    details = understood.details
    goes_on = details.place or details.age or details.days
    if understood.decision is Decision.ANSWER or goes_on:
        # They went on to something clear: answer it, the question and its timer stay.
        return _by_intent(state, understood, world, now)
    return danger.answer_check_in(state, "unsure", world, now)


def _maybe_danger(state: ChatState, understood: Understanding, world: World, now: datetime) -> Turn:
    """It may be danger: ask, or tell staff at once when worrying messages pile up."""
    if state.worries + 1 >= WORRIES_THAT_PAGE:
        verdict = replace(understood.danger, urgency=Urgency.URGENT)
        return danger.page(state, verdict, world, now)
    return danger.check_in(state, understood, world)


def _ordinary(
    event: Said, state: ChatState, understood: Understanding, world: World, now: datetime
) -> Turn:
    """No danger: an open question, a follow-up, or what they want."""
    state = finding.remember(replace(state, worries=0), understood.details)
    turn = unwanted_place(state, understood, world, now)
    if turn is None:
        turn = _open_question(state, understood, world, now)
    if turn is None:
        turn = follow_up(state, understood, world, now)
    if turn is None:
        turn = _by_intent(state, understood, world, now)
    if len(event.text) > LONG and turn.replies:
        note = small.say(state, world, "understand.too-long").replies
        turn = replace(turn, replies=(*turn.replies, *note))
    return turn


def _open_question(
    state: ChatState, understood: Understanding, world: World, now: datetime
) -> Turn | None:
    """The answer to what the bot asked last, or None when they talk of something else."""
    asked = state.asked
    if asked is None:
        return None
    if asked.what == "age":
        return _age_given(state, understood, world, now)
    if asked.what not in ("area", "borough"):
        return None
    if finding.anywhere(understood.text, world):
        return finding.without_place(state, world, now)
    area = finding.place_said(understood, world) or world.locate(understood.text)
    if area.outcome != "not-a-place":
        area = finding.settled(state, area) if asked.what == "borough" else area
        return finding.place_given(state, area, world, now)
    elsewhere = understood.decision is Decision.ANSWER and understood.intent != "set-area"
    if elsewhere or asked.times > 1:
        return None
    turn = finding.ask_area(state, world, finding.ask_again_key(area))
    asked_again = replace(turn.state.asked, times=2) if turn.state.asked else None
    return replace(turn, state=replace(turn.state, asked=asked_again))


def _age_given(
    state: ChatState, understood: Understanding, world: World, now: datetime
) -> Turn | None:
    digits = understood.text.strip()
    mention = understood.details.age
    age = mention.value if mention else int(digits) if digits.isascii() and digits.isdigit() else 0
    if not 5 <= age <= 99:
        return None
    key = "results.age-set" if age >= finding.YOUNGEST else "results.younger"
    state = replace(state, age=age, asked=None)
    said = small.say(state, world, key, age=age)
    if state.search is None:
        return said
    found = finding.narrow(state, replace(state.search, age=age), world, now)
    return replace(found, replies=(*said.replies, *found.replies))


def _by_intent(state: ChatState, understood: Understanding, world: World, now: datetime) -> Turn:
    """What they want, where the bot is sure enough; a choice or a kind "not understood" else."""
    details = understood.details
    intent = understood.intent
    place = finding.place_said(understood, world)
    words = Words(understood.normal, understood.text)
    if (club := finding.by_name(state, understood, world, now)) is not None:
        return club
    activity = finding.names_an_activity(understood)
    if understood.decision is Decision.FALLBACK and not activity:
        if place is not None:
            return finding.place_given(replace(state, search=None), place, world, now)
        return small.fallback(state, world)
    if activity:
        intent = "find-activities"
    elif understood.decision is Decision.CLARIFY:
        return small.clarify(state, understood, world)
    search = finding.with_details(Search(kinds=(intent,)), details)
    state = replace(state, topic=intent, missed=0)
    if place is not None:
        return _with_place(state, intent, search, place, world, now, words)
    return taps.start_intent(state, intent, search, world, None, now, words)


def _with_place(
    state: ChatState, intent: str, search: Search, place: Area, world: World, now: datetime,
    words: Words,
) -> Turn:  # fmt: skip
    """What they want, at the place that they named in the same message."""
    if intent not in LOCAL_INTENTS | SUPPORT_INTENTS:
        if intent == "set-area":
            return finding.place_given(replace(state, search=None), place, world, now)
        return taps.start_intent(state, intent, search, world, None, now)
    given = finding.place_given(replace(state, search=search), place, world, now, words)
    if intent not in SUPPORT_INTENTS:
        return given
    if given.state.asked is not None and given.replies[0].key == "area.choose":
        return replace(given, replies=(*finding.feeling(intent, world), *given.replies))
    return finding.support(given.state, intent, search, world, now, words)
