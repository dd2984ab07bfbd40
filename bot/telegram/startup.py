"""What is verified on Telegram before the bot begins, and what is set there."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    Chat,
    ChatFullInfo,
    ChatMember,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)

from bot.cases.plan import StaffGroup
from bot.delivery.clock import Clock
from bot.delivery.model import Call, Priority
from bot.telegram import reach
from bot.telegram.members import Seat, seat_of
from bot.telegram.office import HOME, TOPICS, Job, fact
from bot.telegram.reach import NO_WRITING
from bot.telegram.render import message
from bot.telegram.sent import on_moved
from intents.wording import Wording

log = logging.getLogger(__name__)
T = TypeVar("T")

# Short: somebody may wait for an alert that falls due while Telegram cannot be reached.
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 3.0
MOST_MOVES = 3


class StartError(Exception):
    """The bot must not start like this; the text is the sentence that says why."""


@dataclass(frozen=True, slots=True)
class GroupStanding:
    """How the bot stands in one staff group."""

    group: StaffGroup  # as it was set up
    chat_id: int  # the id that it has now
    topics: bool = False  # whether the bot may make topics there
    why: str = ""  # why it cannot be reached; empty where it can


@dataclass(frozen=True, slots=True)
class Standing:
    """How the bot stands on Telegram."""

    bot_id: int
    username: str
    groups: tuple[GroupStanding, ...]

    @property
    def topics(self) -> bool:
        """Whether it may make topics in every group that it reaches."""
        return all(one.topics for one in self.groups if not one.why)


async def verify(bot: Bot, groups: Sequence[StaffGroup], clock: Clock) -> Standing:
    """The token works, and the bot reaches a staff group; raises `StartError` otherwise.

    A network that is down is waited for: an outage at start is no reason to stay away.
    """
    try:
        me = await patiently(bot.get_me, clock)
    except InvalidToken:
        raise StartError(
            "Telegram does not accept TELEGRAM_BOT_TOKEN. Copy it whole from @BotFather "
            "(/mybots, your bot, API Token), or make a new one there if it was revoked."
        ) from None
    found = [await _stand(bot, group, me.id, clock) for group in groups]
    username = me.username or ""
    missing = [one for one in found if one.why]
    if len(missing) == len(found):
        raise StartError("\n".join(_sentence(one, username) for one in missing))
    for one in missing:
        log.warning("%s", _sentence(one, username))
    return Standing(me.id, username, tuple(found))


async def _stand(bot: Bot, group: StaffGroup, bot_id: int, clock: Clock) -> GroupStanding:
    """Look at one group, by the id that it has now."""
    chat_id, why = group.chat_id, "removed"
    for _ in range(MOST_MOVES):
        at = chat_id
        try:
            chat = await patiently(lambda: bot.get_chat(at), clock)  # noqa: B023 - awaited at once
            me = await patiently(lambda: bot.get_chat_member(at, bot_id), clock)  # noqa: B023
        except ChatMigrated as moved:
            chat_id = moved.new_chat_id
            continue
        except (BadRequest, Forbidden):
            return GroupStanding(group, chat_id, why=why)
        if chat.type not in (Chat.GROUP, Chat.SUPERGROUP):
            return GroupStanding(group, chat_id, why="not-a-group")
        if not seat_of(me).inside:
            return GroupStanding(group, chat_id, why=why)
        if not _may_write(chat, me):
            return GroupStanding(group, chat_id, why=NO_WRITING)
        topics = bool(chat.is_forum and getattr(me, "can_manage_topics", False))
        return GroupStanding(group, chat_id, topics)
    return GroupStanding(group, chat_id, why=why)


def _may_write(chat: ChatFullInfo, me: ChatMember) -> bool:
    if seat_of(me) is Seat.ADMIN:
        return True
    if me.status == ChatMember.RESTRICTED:
        return bool(getattr(me, "can_send_messages", False))
    return chat.permissions is None or chat.permissions.can_send_messages is not False


def _sentence(standing: GroupStanding, username: str) -> str:
    """Why a group cannot be reached, and what to do about it."""
    group, number = standing.group, standing.group.chat_id
    home = group.name == HOME
    setting = f"STAFF_CHAT_ID {number}" if home else f"The number {number} of {group.name!r}"
    if standing.why == "not-a-group":
        return (
            f"{setting} is no group. "
            "python run_bot.py group-id prints the number of the staff group."
        )
    named = "" if home else f" {group.name!r}"
    place = "STAFF_CHAT_ID" if home else "the plan of the desk"
    if standing.why == NO_WRITING:
        return (
            f"The bot may not write in the staff group{named} {number}, so nobody there would see "
            f"an urgent message. Make @{username} an administrator of it."
        )
    return (
        f"The bot is not in the staff group{named} {number}, so nobody would see an urgent message "
        f"there. Add @{username} to that group as an administrator, or put the right number into "
        f"{place} (python run_bot.py group-id prints it)."
    )


async def patiently(call: Callable[[], Awaitable[T]], clock: Clock) -> T:
    """Try until the network is there; what Telegram itself refuses is raised."""
    pause = FIRST_PAUSE_S
    while True:
        try:
            return await call()
        except BadRequest:
            raise
        except NetworkError as error:
            log.warning("Telegram cannot be reached yet: %s", type(error).__name__)
            await clock.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE_S)


def note_standing(job: Job, standing: Standing) -> None:
    """Keep how the bot stands in each group; staff are told once when it is less than before."""
    for one in standing.groups:
        was = job.current(one.group.chat_id)
        if one.chat_id != was:
            on_moved(job, was, one.chat_id)
        if one.why:
            continue
        reach.back(job, one.chat_id)
        if one.topics:
            job.unit.set_meta(fact(TOPICS, one.chat_id), "yes")
        else:
            reach.no_topics(job, one.chat_id)
    for one in standing.groups:
        if one.why:
            reach.lost(job, one.chat_id, one.why)
    reach.rehome(job)
    job.unit.enqueue(f"start:{job.now.isoformat()}", job.calls, job.now)
    job.calls.clear()


def note_layers(job: Job, missing: Collection[str]) -> None:
    """Tell staff at every start which layers understanding has to do without."""
    if missing:
        _tell_staff(job, "layers-missing", layers=", ".join(sorted(missing)))


def _tell_staff(job: Job, what: str, **values: str) -> None:
    group = job.staff_group
    params = message(group, job.text(f"staff.{what}", **values))
    call = Call("sendMessage", params, group, Priority.RELAY, role="note")
    job.unit.enqueue(f"{what}:{job.now.isoformat()}", [call], job.now)


async def introduce(bot: Bot, wording: Wording, operator: str, staff_groups: Sequence[int]) -> None:
    """Set the command menus for each kind of chat, and what is said before a chat begins.

    The bot works without them, so a refusal is logged and nothing more.
    """
    private = _commands(wording, "commands.private.")
    staff = _commands(wording, "commands.staff.")
    steps: list[tuple[str, Callable[[], Awaitable[Any]]]] = [
        ("private commands",
         lambda: bot.set_my_commands(private, scope=BotCommandScopeAllPrivateChats())),
        *(("staff commands", partial(bot.set_my_commands, staff, scope=BotCommandScopeChat(group)))
          for group in staff_groups),
        ("description",
         lambda: bot.set_my_description(wording.label("commands.description", operator=operator))),
        ("short description",
         lambda: bot.set_my_short_description(wording.label("commands.short-description"))),
    ]  # fmt: skip
    for name, step in steps:
        try:
            await step()
        except TelegramError as error:
            log.warning("%s could not be set: %s", name, type(error).__name__)


def _commands(wording: Wording, prefix: str) -> list[BotCommand]:
    return [BotCommand(name, text) for name, text in wording.under(prefix).items()]
