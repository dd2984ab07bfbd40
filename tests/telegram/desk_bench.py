"""The whole inside on a store in memory: real loops, a hand-moved clock, an obedient Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.cases.chain import Chain
from bot.cases.plan import DeskPlan
from bot.conversation.world import World
from bot.delivery.inbox import InboxLoop
from bot.delivery.model import Call, Incoming, Outcome, Sent
from bot.delivery.outbox import OutboxLoop
from bot.delivery.ports import Unit
from bot.delivery.timers import TimerLoop
from bot.delivery.wakers import Wakers
from bot.demo.api.telegram_html import parse_html
from bot.storage.memory import MemoryStore
from bot.telegram.handle import Handler
from bot.telegram.members import Members, Seat
from bot.telegram.office import TOPICS, Office, fact
from bot.telegram.render import units
from bot.telegram.reporter import DRAW, Reporter
from bot.telegram.sheet import Sheet
from intents.model import Danger, Decision, Understanding
from tests.conversation.small_world import meant, paged
from tests.support.clock import START, HandClock, settle
from tests.telegram import updates as raw

ON_CALL, LEAD = 7001, 7002
Json = dict[str, Any]


def knife_is_danger(text: str) -> Understanding:
    """Words with "knife" are danger, the rest is not understood."""
    danger = paged() if "knife" in text else Danger()
    return meant(text, "out-of-scope", decision=Decision.FALLBACK, danger=danger)


class Bench:
    """Say, press, wait; then look at the phone and at the staff group."""

    def __init__(self, world: World, *, topics: bool = True, plan: DeskPlan | None = None,
                 now: datetime = START) -> None:  # fmt: skip
        self.world = world
        self.topics = topics
        self.clock = HandClock(now)
        self.store = MemoryStore()
        self.made: list[Call] = []  # every call that Telegram took, in order
        self.results: dict[int, Json] = {}  # id of the call -> the message
        self.refuse: Callable[[Call], Outcome | None] = lambda call: None
        self._last_id = 100
        self._under: dict[int, Json | None] = {}  # by the bot's message: what it answers
        self._said: dict[int, Json] = {}  # what workers wrote, as it stands now
        self._looked: dict[int, int] = {}
        self._tasks: list[asyncio.Task[None]] = []
        wakers = Wakers()
        self.plan = plan  # without one, the world's
        # What Telegram says of (group, person); a member where nothing is set, None: no answer.
        self.seats: dict[tuple[int, int], Seat | None] = {}
        self.drawn: list[Sheet] = []  # every report that was drawn
        office = Office(
            lambda: self.world, raw.GROUP, Chain(), "helper_bot", ON_CALL, LEAD,
            lambda: self.plan or self.world.plan(),
        )  # fmt: skip
        self.reporter = Reporter(self.store, lambda: self.world, self.clock.now, self._draw)
        self.handler = handler = Handler(
            self.store, office, self.clock.now, wakers.wake_all,
            members=Members(self, self.clock.now),
        )  # fmt: skip
        self.loops = (
            InboxLoop(self.store, handler.handle, handler.quarantined, self.clock,
                      wake=wakers.inbox, on_settled=wakers.wake_all),
            OutboxLoop(self.store, self._send, handler.resolve, handler.on_sent, handler.on_failed,
                       handler.on_moved, self.clock, lambda chat: chat < 0, wake=wakers.outbox,
                       on_settled=wakers.wake_all),
            TimerLoop(self.store, self.clock, wakers.inbox.set, wake=wakers.timers),
        )  # fmt: skip
        self.wakers = wakers

    @property
    def office(self) -> Office:
        """How the bot is run; a test may change it."""
        return self.handler._office

    @office.setter
    def office(self, office: Office) -> None:
        self.handler._office = office

    async def start(self) -> None:
        yes = "yes" if self.topics else "no"
        for group in self.office.groups():
            key = fact(TOPICS, group.chat_id)
            await self.store.transact(lambda unit, key=key: unit.set_meta(key, yes))
        self._tasks = [asyncio.create_task(loop.run()) for loop in self.loops]
        await settle()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def seat(self, group_id: int, user_id: int) -> Seat | None:
        """What Telegram says of somebody's place in a group."""
        return self.seats.get((group_id, user_id), Seat.MEMBER)

    async def _draw(self, sheet: Sheet) -> bytes:
        self.drawn.append(sheet)
        return b"a picture"

    async def _send(self, call: Call) -> Outcome:
        if call.method == DRAW:
            return await self.reporter.made(call)
        refusal = self.refuse(call)
        if refusal is not None:
            return refusal
        _as_telegram_would_check(call)
        self.made.append(call)
        if call.method == "createForumTopic":
            self._last_id += 1
            return Sent({"message_thread_id": self._last_id, "name": call.params["name"]})
        if call.method == "getChat":
            return Sent({"id": call.chat_id, "first_name": "Kay", "username": "kay_x"})
        if not call.method.startswith("send") and call.method != "copyMessage":
            return Sent(True)
        self._last_id += 1
        result = {"message_id": self._last_id, "chat": {"id": call.chat_id}}
        self.results[id(call)] = result
        self._under[self._last_id] = call.params.get("reply_parameters")
        return Sent(result)

    # ---- what people do -----------------------------------------------------------------------

    async def receives(self, payload: Json, lane: str = "c:1", seconds: float = 3) -> None:
        """An update comes in, and some time passes."""
        item = Incoming(f"u:{payload['update_id']}", lane, "update", payload)
        now = self.clock.now()
        await self.store.transact(lambda unit: unit.add_incoming([item], now))
        self.wakers.wake_all()
        await self.wait(seconds)

    async def wait(self, seconds: float) -> None:
        """Let time pass in steps, so that calls which follow calls can go."""
        end = self.clock.now() + timedelta(seconds=seconds)
        while (left := (end - self.clock.now()).total_seconds()) > 0:
            await self.clock.advance(
                min(left, 0.5 if seconds <= 30 else 5 if seconds < 1800 else 60)
            )
        for task in self._tasks:
            if task.done():
                task.result()  # a loop that has died must not pass for silence

    def new_id(self) -> int:
        self._last_id += 1
        return self._last_id

    @property
    def date(self) -> int:
        return int(self.clock.now().timestamp())

    async def says(self, person: int, text: str, *, name: str = "Kay", edit: int | None = None,
                   seconds: float = 3, **content: Any) -> int:  # fmt: skip
        """A young person writes; returns the message's id."""
        number = edit or self.new_id()
        if text:
            content = {**content, "text": text}
        if edit:
            content["edit_date"] = self.date
        chat, sender = raw.private_chat(person, name), raw.user(person, name)
        value = raw.message(chat, sender, self.date, number, **content)
        await self.receives(
            raw.update("edited_message" if edit else "message", value), f"c:{person}", seconds
        )
        return number

    async def taps(self, person: int, action: str, seconds: float = 3) -> None:
        """A young person presses a button by what it does."""
        shown = raw.message(raw.private_chat(person), raw.BOT, self.date, 1, text="x")
        payload = raw.press(raw.user(person), shown, action)
        await self.receives(payload, f"c:{person}", seconds)

    async def staff(self, worker: int, text: str = "", *, reply_to: int | None = None,
                    topic: int | None = None, edit: int | None = None, name: str = "Sam",
                    root: bool = False, group: int = raw.GROUP, **content: Any) -> int:  # fmt: skip
        """A worker writes in the staff group; `root`: Telegram's own reply to the topic's start."""
        number = edit or self.new_id()
        if text:
            content = {**content, "text": text}
        if edit:
            content["edit_date"] = self.date
        if topic is not None:
            content |= {"message_thread_id": topic, "is_topic_message": True}
        target = reply_to or (topic if root else None)
        if target is not None:
            chat = raw.group_chat(group)
            content["reply_to_message"] = raw.message(chat, raw.BOT, self.date, target)
        chat, sender = raw.group_chat(group), raw.user(worker, name)
        value = raw.message(chat, sender, self.date, number, **content)
        self._said[number] = value
        await self.receives(
            raw.update("edited_message" if edit else "message", value), f"c:{group}"
        )
        return number

    async def presses(self, worker: int, action: str, name: str = "Sam",
                      group: int = raw.GROUP) -> str:  # fmt: skip
        """A worker presses a button, the newest that does this; returns the answer to the press."""
        shown = self._with_button(action, group)
        before = len(self.made)
        await self.receives(raw.press(raw.user(worker, name), shown, action), f"c:{group}")
        answers = [c for c in self.made[before:] if c.method == "answerCallbackQuery"]
        return str(answers[0].params.get("text", "")) if answers else "(no answer)"

    def _with_button(self, action: str, group: int) -> Json:
        """The message that has a button, with what it answers, as Telegram hands it over."""
        for call in reversed(self.made):
            rows = call.params.get("reply_markup", {}).get("inline_keyboard", [])
            if not any(button.get("callback_data") == action for row in rows for button in row):
                continue
            number = call.params.get("message_id") or self.id_of(call)
            under = self._under.get(number)
            said = self._said.get(under["message_id"]) if under else None
            more = {"reply_to_message": said} if said else {}
            return raw.message(
                raw.group_chat(group), raw.BOT, self.date, number, text="note", **more
            )
        return raw.message(raw.group_chat(group), raw.BOT, self.date, 1, text="card")

    async def reacts(self, person: int, message_id: int, emoji: str = "") -> None:
        """A young person puts an emoji on a message, or takes it away."""
        reaction = [{"type": "emoji", "emoji": emoji}] if emoji else []
        value = {
            "chat": raw.private_chat(person), "message_id": message_id, "date": self.date,
            "user": raw.user(person), "old_reaction": [], "new_reaction": reaction,
        }  # fmt: skip
        await self.receives(raw.update("message_reaction", value), f"c:{person}")

    # ---- what can be seen ---------------------------------------------------------------------

    def calls(self, chat: int | None = None, method: str = "", role: str = "") -> list[Call]:
        """Calls that were made, of a chat, a method, a role."""
        return [
            call
            for call in self.made
            if (chat is None or call.chat_id == chat)
            and (not method or call.method == method)
            and (not role or call.role == role)
        ]

    def new(self, chat: int) -> list[Call]:
        """The messages in a chat since the last look."""
        sent = [c for c in self.calls(chat) if c.method in ("sendMessage", "sendVenue")]
        seen = self._looked.get(chat, 0)
        self._looked[chat] = len(sent)
        return sent[seen:]

    def texts(self, chat: int) -> list[str]:
        """The texts of the messages in a chat since the last look."""
        return [str(call.params.get("text", "(pin)")) for call in self.new(chat)]

    def mark(self, message_id: int) -> str:
        """The reaction that a message in the staff group shows now."""
        calls = self.calls(raw.GROUP, "setMessageReaction")
        own = [call for call in calls if call.params["message_id"] == message_id]
        return str(own[-1].params["reaction"][0]["emoji"]) if own else ""

    def id_of(self, call: Call) -> int:
        """The message id that Telegram gave."""
        return int(self.results[id(call)]["message_id"])

    async def look(self, work: Callable[[Unit], Any]) -> Any:
        return await self.store.transact(work)


def _as_telegram_would_check(call: Call) -> None:
    text = call.params.get("text")
    if call.method in ("sendMessage", "editMessageText"):
        assert isinstance(text, str)
        assert parse_html(text)[0].strip(), "message text is empty"
        assert units(parse_html(text)[0]) <= 4096, "message is too long"
    if call.method == "answerCallbackQuery":
        assert len(text or "") <= 200
    if "caption" in call.params:
        assert units(parse_html(call.params["caption"])[0]) <= 1024, "caption is too long"
    rows = call.params.get("reply_markup", {}).get("inline_keyboard", [])
    for button in (button for row in rows for button in row):
        assert 1 <= len(button.get("callback_data", "x").encode()) <= 64, "BUTTON_DATA_INVALID"
        assert button["text"]
