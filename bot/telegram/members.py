"""Who sits in a staff group: asked of Telegram when somebody acts, remembered for seconds."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from telegram import Bot, ChatMember
from telegram.error import BadRequest, ChatMigrated, TelegramError

log = logging.getLogger(__name__)

FRESH = timedelta(seconds=30)  # an answer is used again for so long, yes or no
TRUSTED = timedelta(hours=1)  # a member goes on for so long while Telegram cannot be asked
REST = timedelta(seconds=5)  # after a failure Telegram is left alone, so that nobody waits long
ASK_WITHIN_S = 3.0
REMEMBERED = 5000
# Telegram's words for "there is no such person here".
_NOBODY = ("user not found", "member not found", "participant_id_invalid", "user_not_participant")


class Seat(Enum):
    """How somebody stands in a group."""

    OUTSIDE = "outside"
    MEMBER = "member"
    ADMIN = "admin"

    @property
    def inside(self) -> bool:
        """Whether they belong to the group."""
        return self is not Seat.OUTSIDE


def seat_of(member: ChatMember) -> Seat:
    """What a status means: somebody restricted is inside only while Telegram says so."""
    if member.status in (ChatMember.OWNER, ChatMember.ADMINISTRATOR):
        return Seat.ADMIN
    if member.status == ChatMember.RESTRICTED:
        return Seat.MEMBER if getattr(member, "is_member", False) else Seat.OUTSIDE
    return Seat.MEMBER if member.status == ChatMember.MEMBER else Seat.OUTSIDE


class Telegram(Protocol):
    """Where membership is looked up."""

    async def seat(self, group_id: int, user_id: int) -> Seat | None:
        """How somebody stands in a group; None when that cannot be told now. Never raises."""


class AskTelegram:
    """Implements `Telegram` with getChatMember."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def seat(self, group_id: int, user_id: int) -> Seat | None:
        """How somebody stands in a group; None when that cannot be told now."""
        try:
            return await self._ask(group_id, user_id)
        except ChatMigrated as moved:
            return await self._again(moved.new_chat_id, user_id)
        except BadRequest as error:
            return _outside(error)
        except TelegramError as error:
            log.warning("membership cannot be checked: %s", type(error).__name__)
            return None

    async def _again(self, group_id: int, user_id: int) -> Seat | None:
        try:
            return await self._ask(group_id, user_id)
        except BadRequest as error:
            return _outside(error)
        except TelegramError:
            return None

    async def _ask(self, group_id: int, user_id: int) -> Seat:
        member = await self._bot.get_chat_member(
            group_id, user_id, read_timeout=ASK_WITHIN_S, connect_timeout=ASK_WITHIN_S
        )
        return seat_of(member)


def _outside(error: BadRequest) -> Seat | None:
    known = any(words in error.message.lower() for words in _NOBODY)
    if not known:
        log.warning("membership cannot be checked: refused")
    return Seat.OUTSIDE if known else None


@dataclass(frozen=True, slots=True)
class _Answer:
    seat: Seat
    at: datetime


class Members:
    """Asks `Telegram` and remembers; who was inside within the hour goes on through an outage."""

    def __init__(self, telegram: Telegram, clock: Callable[[], datetime]) -> None:
        self._telegram = telegram
        self._clock = clock
        self._answers: OrderedDict[tuple[int, int], _Answer] = OrderedDict()
        self._rest_until: datetime | None = None

    async def seat(self, group_id: int, user_id: int) -> Seat | None:
        """How somebody stands in a group; None when nobody can tell."""
        key, now = (group_id, user_id), self._clock()
        known = self._answers.get(key)
        if known is not None and now - known.at < FRESH:
            return known.seat
        seat = None
        if self._rest_until is None or now >= self._rest_until:
            seat = await self._telegram.seat(group_id, user_id)
            self._rest_until = None if seat else self._clock() + REST
        if seat is not None:
            self._keep(key, _Answer(seat, self._clock()))
            return seat
        return known.seat if known is not None and now - known.at < TRUSTED else None

    def forget(self, group_id: int, user_id: int) -> None:
        """Something changed: ask again next time."""
        self._answers.pop((group_id, user_id), None)

    def _keep(self, key: tuple[int, int], answer: _Answer) -> None:
        self._answers[key] = answer
        self._answers.move_to_end(key)
        while len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)
