"""People of a test: they write, press and wait, and show the chat when waiting fails."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

from bot.demo.api import LocalBotApi

WAIT_S = 10.0
Json = dict[str, Any]
Wanted = str | re.Pattern[str] | Callable[[Json], bool]


def text_of(message: Json) -> str:
    """Return the words of a message: text, caption, or nothing."""
    return str(message.get("text") or message.get("caption") or "")


def buttons_of(message: Json) -> list[Json]:
    """Return the inline buttons of a message, row after row."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def transcript(api: LocalBotApi, chat_id: int) -> str:
    """Return a chat as lines, for messages of failed tests."""
    lines = []
    for message in api.world.chats[chat_id].messages.values():
        sender = message.get("from", {}).get("first_name", "channel")
        topic = f" [{message['message_thread_id']}]" if "message_thread_id" in message else ""
        kind = "" if text_of(message) else f" <{', '.join(sorted(set(message) - _PLAIN))}>"
        names = "".join(f" ({b['text']})" for b in buttons_of(message))
        lines.append(f"  {message['message_id']}{topic} {sender}: {text_of(message)}{kind}{names}")
    return "\n".join(lines) or "  (nothing)"


_PLAIN = {"message_id", "from", "chat", "date", "is_topic_message", "message_thread_id"}


def _matches(message: Json, wanted: Wanted) -> bool:
    if isinstance(wanted, str):
        return wanted.lower() in text_of(message).lower()
    if isinstance(wanted, re.Pattern):
        return wanted.search(text_of(message)) is not None
    return wanted(message)


class Actor:
    """One person in one chat; `seen` is the last message they have taken in."""

    def __init__(self, api: LocalBotApi, user_id: int, chat_id: int | None = None) -> None:
        self.api = api
        self.user_id = user_id
        self.chat_id = user_id if chat_id is None else chat_id
        self.seen = max(self.messages_by_id(), default=0)

    def messages_by_id(self) -> dict[int, Json]:
        """Return the messages of the actor's chat."""
        return self.api.world.chats[self.chat_id].messages

    def act(self, verb: str, **arguments: Any) -> Any:
        """Do anything that /demo/act knows, in the actor's chat."""
        return self.api.act(self.user_id, verb, chat_id=self.chat_id, **arguments)

    def say(self, text: str, *, topic: int | None = None, reply_to: int | None = None) -> Json:
        """Write a message and take in all before it."""
        message = self.act(
            "send_text", text=text, message_thread_id=topic, reply_to_message_id=reply_to
        )
        self.seen = message["message_id"]
        return message

    def start(self, payload: str | None = None) -> Json:
        """Press Start."""
        return self.say(f"/start {payload}" if payload else "/start")

    def send(self, kind: str, **more: Any) -> Json:
        """Send a stand-in for a file."""
        message = self.act("send_media", kind=kind, **more)
        self.seen = message["message_id"]
        return message

    def press(self, button: str, message: Json | None = None) -> str:
        """Press the newest inline button whose text contains the words."""
        found = [message] if message else list(reversed(self.messages_by_id().values()))
        for candidate in found:
            for shown in buttons_of(candidate):
                if button.lower() in shown["text"].lower() and "callback_data" in shown:
                    data = shown["callback_data"]
                    return self.act("press", message_id=candidate["message_id"], data=data)
        raise AssertionError(f"no button {button!r} in:\n{self.transcript()}")

    async def wait_for(
        self, wanted: Wanted = "", *, timeout_s: float = WAIT_S, old: bool = False
    ) -> Json:
        """Wait for a new message of the bot's (or any, with `old`) that matches; take it in."""

        def find() -> Json | None:
            for message_id, message in self.messages_by_id().items():
                is_new = old or message_id > self.seen
                if is_new and self._from_bot(message) and _matches(message, wanted):
                    return message
            return None

        message = await self.wait_until(find, f"a message with {wanted!r}", timeout_s=timeout_s)
        self.seen = max(self.seen, message["message_id"])
        return message

    async def wait_until(
        self, find: Callable[[], Any], what: str, *, timeout_s: float = WAIT_S
    ) -> Any:
        """Wait until `find` returns something true; fails with the transcript."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout_s
        while not (found := find()):
            left = end - loop.time()
            if left <= 0:
                raise AssertionError(f"no {what} within {timeout_s} s in:\n{self.transcript()}")
            await self.api.world.changed.wait(min(left, 0.5))
        return found

    async def expect_silence(self, seconds: float = 0.3) -> None:
        """Fail if the bot writes within these seconds."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > 0:
            await self.api.world.changed.wait(left)
            new = [m for i, m in self.messages_by_id().items() if i > self.seen]
            if any(self._from_bot(message) for message in new):
                raise AssertionError(f"the bot should keep quiet, but:\n{self.transcript()}")

    async def wait_toast(self, wanted: str = "", *, timeout_s: float = WAIT_S) -> Json:
        """Wait for the answer to a pressed button."""

        def find() -> Json | None:
            for toast in reversed(self.api.world.toasts):
                if toast["user"] == self.user_id and wanted.lower() in toast["text"].lower():
                    return toast
            return None

        return await self.wait_until(find, f"callback answer {wanted!r}", timeout_s=timeout_s)

    def reactions(self, message_id: int) -> list[str]:
        """Return the reactions on a message."""
        return list(self.api.world.chats[self.chat_id].reactions.get(message_id, {}).values())

    def topics(self) -> dict[int, str]:
        """Return the topics of the actor's forum by their thread ids."""
        return {t.id: t.name for t in self.api.world.chats[self.chat_id].topics.values()}

    def transcript(self) -> str:
        """Return the actor's chat as lines."""
        return transcript(self.api, self.chat_id)

    def _from_bot(self, message: Json) -> bool:
        return message.get("from", {}).get("id") == self.api.world.bot["id"]


def young_person(api: LocalBotApi, user_id: int = 5001) -> Actor:
    """Return a young person in their private chat with the bot."""
    return Actor(api, user_id)


def worker(api: LocalBotApi, user_id: int = 9001, group_id: int = -1001000000001) -> Actor:
    """Return a worker in the staff group."""
    return Actor(api, user_id, group_id)
