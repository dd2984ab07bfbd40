"""The arguments of an act, with errors for the page or the test."""

from dataclasses import dataclass
from typing import Any

from bot.demo.api.backend import Backend
from bot.demo.api.errors import ActError
from bot.demo.api.world import Chat, Json, Person, Topic


@dataclass(frozen=True)
class Arguments:
    """What came with an act."""

    given: Json

    def integer(self, name: str) -> int:
        """Return a whole number that must be there."""
        value = self.optional_integer(name)
        if value is None:
            raise ActError(f"{name} is missing, give a whole number")
        return value

    def optional_integer(self, name: str) -> int | None:
        """Return a whole number or None."""
        value = self.given.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise ActError(f"{name} is {value!r}, give a whole number")
        return value

    def number(self, name: str) -> float:
        """Return a number that must be there."""
        value = self.given.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ActError(f"{name} is {value!r}, give a number")
        return float(value)

    def text(self, name: str) -> str:
        """Return a text that must be there."""
        value = self.given.get(name)
        if not isinstance(value, str):
            raise ActError(f"{name} is {value!r}, give a text")
        return value

    def optional_text(self, name: str) -> str | None:
        """Return a text or None."""
        return None if self.given.get(name) is None else self.text(name)

    def get(self, name: str, default: Any = None) -> Any:
        """Return whatever came under a name."""
        return self.given.get(name, default)


def person_of(backend: Backend, user_id: int) -> Person:
    """Return a person of the demo."""
    person = backend.world.people.get(user_id)
    if person is None:
        raise ActError(f"nobody has the id {user_id}, use add_person first")
    return person


def chat_of(backend: Backend, user_id: int, arguments: Arguments) -> Chat:
    """Return a chat that the person is in; without chat_id their private one."""
    person = person_of(backend, user_id)
    chat_id = arguments.optional_integer("chat_id")
    if chat_id is None or chat_id == user_id:
        return backend.world.private_chat(person)
    chat = any_chat(backend, chat_id)
    if user_id not in chat.members:
        raise ActError(f"{person.first_name} is not in the chat {chat_id}")
    if chat.migrated_to is not None:
        raise ActError(f"the chat {chat_id} has become {chat.migrated_to}")
    return chat


def any_chat(backend: Backend, chat_id: int) -> Chat:
    """Return a chat by its id."""
    chat = backend.world.chats.get(chat_id)
    if chat is None:
        raise ActError(f"there is no chat {chat_id}")
    return chat


def message_of(chat: Chat, arguments: Arguments, name: str = "message_id") -> Json:
    """Return a message of the chat."""
    message = chat.messages.get(arguments.integer(name))
    if message is None:
        raise ActError(f"there is no message {arguments.get(name)} in the chat {chat.id}")
    return message


def topic_of(chat: Chat, arguments: Arguments) -> Topic:
    """Return a topic of the chat."""
    topic = chat.topics.get(arguments.integer("message_thread_id"))
    if topic is None:
        raise ActError(f"there is no topic {arguments.get('message_thread_id')} here")
    return topic
