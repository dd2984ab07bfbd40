"""Everything that the simulated Telegram knows: people, chats, messages."""

import asyncio
import random
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]
Clock = Callable[[], datetime]

EXPLANATIONS_KEPT = 500
TOASTS_KEPT = 20
FILES_KEPT = 50  # what was uploaded, for the page to show


class Signal:
    """Wakes everyone who waits for the next change."""

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()

    def notify(self) -> None:
        """Wake all who wait now."""
        waiters, self._waiters = self._waiters, set()
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def wait(self, timeout_s: float) -> bool:
        """Wait for the next change; false when the time ran out first."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            async with asyncio.timeout(timeout_s):
                await waiter
        except TimeoutError:
            return False
        finally:
            self._waiters.discard(waiter)
        return True


@dataclass
class Person:
    """Somebody with a Telegram account in the demo."""

    id: int
    first_name: str
    role: str = "young"
    username: str | None = None
    language_code: str = "en"
    blocked: bool = False
    deactivated: bool = False
    started: bool = False


@dataclass
class Topic:
    """One topic of a forum; `id` is the message id of its creation."""

    id: int
    name: str
    icon_color: int
    closed: bool = False


@dataclass
class Chat:
    """A chat as Telegram's server knows it; `messages` hold Bot API Message objects."""

    id: int
    type: str
    title: str | None = None
    is_forum: bool = False
    members: list[int] = field(default_factory=list)
    owner: int | None = None
    # "administrator", "restricted" or "kicked"; whoever is not named is a member or has left.
    standings: dict[int, str] = field(default_factory=dict)
    members_write: bool = True  # False: only administrators
    deleted: bool = False
    bot_status: str = "left"
    bot_rights: dict[str, bool] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    reactions: dict[int, dict[int, str]] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    # Messages that went out with a reply keyboard: Telegram refuses to edit those.
    fixed_markup: set[int] = field(default_factory=set)
    next_message_id: int = 2
    reply_keyboard: Json | None = None
    migrated_to: int | None = None
    typing_until: datetime | None = None
    notifications: int = 0

    @property
    def is_group(self) -> bool:
        """Whether several people can be in it."""
        return self.type in ("group", "supergroup")

    @property
    def bot_is_admin(self) -> bool:
        """Whether the bot is an administrator here."""
        return self.bot_status == "administrator"

    @property
    def bot_present(self) -> bool:
        """Whether the bot takes part in this chat."""
        return self.type == "private" or self.bot_status in ("administrator", "member")

    def bot_may(self, right: str) -> bool:
        """Whether the bot is an administrator with this right."""
        return self.bot_is_admin and self.bot_rights.get(right, False)


@dataclass(frozen=True)
class Stored:
    """The content of a file that the bot uploaded."""

    name: str
    mime_type: str
    content: bytes


@dataclass
class Query:
    """A button press that waits for its answer."""

    user_id: int
    at: datetime
    answered: bool = False


@dataclass
class Profile:
    """What the bot has told Telegram about itself, by language code ('' for all)."""

    commands: dict[tuple[str, int, int, str], list[Json]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)


@dataclass
class World:
    """The whole state; times come from `clock`, chance from `rng`."""

    clock: Clock
    rng: random.Random
    bot: Json
    people: dict[int, Person] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    profile: Profile = field(default_factory=Profile)
    queries: dict[str, Query] = field(default_factory=dict)
    explanations: OrderedDict[str, Json] = field(default_factory=OrderedDict)
    files: OrderedDict[str, Stored] = field(default_factory=OrderedDict)
    toasts: deque[Json] = field(default_factory=lambda: deque(maxlen=TOASTS_KEPT))
    toasts_shown: int = 0
    # Telegram numbers private chats and basic groups from one counter of the bot's account.
    next_account_message_id: int = 10
    version: int = 0
    changed: Signal = field(default_factory=Signal)

    def now(self) -> datetime:
        """Return the time in UTC."""
        return self.clock().astimezone(UTC)

    def unix_now(self) -> int:
        """Return the time in whole seconds since 1970."""
        return int(self.clock().timestamp())

    def touch(self) -> None:
        """Say that something changed."""
        self.version += 1
        self.changed.notify()

    def new_message_id(self, chat: Chat) -> int:
        """Return the next message id of a chat."""
        if chat.type in ("private", "group"):
            self.next_account_message_id += 1
            return self.next_account_message_id
        chat.next_message_id += 1
        return chat.next_message_id

    def private_chat(self, person: Person) -> Chat:
        """Return the private chat with a person, made on first use."""
        chat = self.chats.get(person.id)
        if chat is None:
            chat = Chat(person.id, "private", members=[person.id], bot_status="member")
            self.chats[person.id] = chat
        return chat

    def explain(self, chat_id: int, message_id: int, explanation: Json) -> None:
        """Keep why the bot answered a message; the oldest are forgotten."""
        self.explanations[f"{chat_id}:{message_id}"] = explanation
        while len(self.explanations) > EXPLANATIONS_KEPT:
            self.explanations.popitem(last=False)
        self.touch()

    def keep_file(self, file_id: str, file: Stored) -> None:
        """Keep what was uploaded; the oldest are forgotten, as in a phone's cache."""
        self.files[file_id] = file
        while len(self.files) > FILES_KEPT:
            self.files.popitem(last=False)

    def toast(self, user_id: int, text: str, show_alert: bool) -> None:
        """Show the answer to a button press to the person who pressed it."""
        self.toasts_shown += 1
        self.toasts.append(
            {
                "n": self.toasts_shown,
                "user": user_id,
                "text": text,
                "show_alert": show_alert,
                "at": self.now().isoformat(),
            }
        )

    def is_typing(self, chat: Chat) -> bool:
        """Whether the bot shows as typing in a chat."""
        return chat.typing_until is not None and chat.typing_until > self.now()

    def show_typing(self, chat: Chat, seconds: float = 5) -> None:
        """Show the bot as typing; Telegram's apps stop after five seconds."""
        chat.typing_until = self.now() + timedelta(seconds=seconds)
        self.touch()
