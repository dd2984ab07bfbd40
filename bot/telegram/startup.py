"""What is verified on Telegram before the bot begins, and what is set there."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    Chat,
    ChatMember,
)
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, TelegramError

from bot.delivery.clock import Clock
from bot.delivery.model import Call, Priority
from bot.telegram.office import STAFF_GROUP, TOPICS, Job
from bot.telegram.render import message
from intents.wording import Wording

log = logging.getLogger(__name__)
T = TypeVar("T")

# Short: somebody may wait for an alert that falls due while Telegram cannot be reached.
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 3.0


class StartError(Exception):
    """The bot must not start like this; the text is the sentence that says why."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the bot stands on Telegram."""

    bot_id: int
    username: str
    topics: bool  # whether it may make topics in the staff group


async def verify(bot: Bot, staff_group: int, clock: Clock) -> Standing:
    """The token works, and the bot is in the staff group; raises `StartError` otherwise.

    A network that is down is waited for: an outage at start is no reason to stay away.
    """
    try:
        me = await patiently(bot.get_me, clock)
    except InvalidToken:
        raise StartError(
            "Telegram does not accept TELEGRAM_BOT_TOKEN. Copy it whole from @BotFather "
            "(/mybots, your bot, API Token), or make a new one there if it was revoked."
        ) from None
    try:
        chat = await patiently(lambda: bot.get_chat(staff_group), clock)
        member = await patiently(lambda: bot.get_chat_member(staff_group, me.id), clock)
    except (BadRequest, Forbidden):
        raise StartError(_not_in_group(staff_group, me.username or "")) from None
    if chat.type not in (Chat.GROUP, Chat.SUPERGROUP):
        raise StartError(
            f"STAFF_CHAT_ID {staff_group} is a {chat.type}, not a group. "
            "python run_bot.py group-id prints the number of the staff group."
        )
    if member.status in (ChatMember.LEFT, ChatMember.BANNED):
        raise StartError(_not_in_group(staff_group, me.username or ""))
    topics = bool(chat.is_forum and getattr(member, "can_manage_topics", False))
    return Standing(me.id, me.username or "", topics)


def _not_in_group(staff_group: int, username: str) -> str:
    return (
        f"The bot is not in the staff group {staff_group}, so nobody would see an urgent message. "
        f"Add @{username} to that group as an administrator, or put the right number into "
        "STAFF_CHAT_ID (python run_bot.py group-id prints it)."
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
    """Keep what the bot may do in the staff group; staff are told once when it is less."""
    before = job.unit.get_meta(TOPICS)
    job.unit.set_meta(TOPICS, "yes" if standing.topics else "no")
    if not standing.topics and before != "no":
        _tell_staff(job, "topics-missing")


def note_layers(job: Job, missing: Collection[str]) -> None:
    """Tell staff at every start which layers understanding has to do without."""
    if missing:
        _tell_staff(job, "layers-missing", layers=", ".join(sorted(missing)))


def _tell_staff(job: Job, what: str, **values: str) -> None:
    group = int(job.unit.get_meta(STAFF_GROUP) or job.office.staff_group)
    params = message(group, job.text(f"staff.{what}", **values))
    call = Call("sendMessage", params, group, Priority.RELAY, role="note")
    job.unit.enqueue(f"{what}:{job.now.isoformat()}", [call], job.now)


async def introduce(bot: Bot, wording: Wording, operator: str, staff_group: int) -> None:
    """Set the command menus for each kind of chat, and what is said before a chat begins.

    The bot works without them, so a refusal is logged and nothing more.
    """
    private = _commands(wording, "commands.private.")
    staff = _commands(wording, "commands.staff.")
    steps: list[tuple[str, Callable[[], Awaitable[Any]]]] = [
        ("private commands",
         lambda: bot.set_my_commands(private, scope=BotCommandScopeAllPrivateChats())),
        ("staff commands",
         lambda: bot.set_my_commands(staff, scope=BotCommandScopeChat(staff_group))),
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
