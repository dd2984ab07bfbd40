"""One way for everything that the bot sends: chat, place, limit, then the message."""

from dataclasses import dataclass

from bot.demo.api.backend import Backend
from bot.demo.api.errors import ApiError, bad_request, forbidden
from bot.demo.api.keyboards import Markup, check_place, read_markup
from bot.demo.api.params import Params
from bot.demo.api.posting import post_as_bot
from bot.demo.api.world import Chat, Json, Topic

ERROR_MIGRATED = "group chat was upgraded to a supergroup chat"


@dataclass(frozen=True)
class Place:
    """Where a message goes: the chat, its topic, the message it answers."""

    chat: Chat
    thread_id: int | None
    reply_to: Json | None


def find_chat(backend: Backend, params: Params, name: str = "chat_id") -> Chat:
    """Return the chat that a call names; raises 400 and, where the bot is out, 403."""
    chat = backend.world.chats.get(_chat_id(params, name))
    if chat is None:
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        raise bad_request(ERROR_MIGRATED, migrate_to_chat_id=chat.migrated_to)
    if chat.deleted:
        raise forbidden("the group chat was deleted")
    if chat.bot_status == "kicked":
        raise forbidden(f"bot was kicked from the {_kind(chat)} chat")
    if not chat.bot_present:
        raise forbidden(f"bot is not a member of the {_kind(chat)} chat")
    return chat


def writable_chat(backend: Backend, params: Params) -> Chat:
    """Return the chat that a call writes to; raises 403 where the person does not let it."""
    chat = find_chat(backend, params)
    person = backend.world.people.get(chat.id)
    if chat.type == "private" and person is not None:
        if person.deactivated:
            raise forbidden("user is deactivated")
        if person.blocked:
            raise forbidden("bot was blocked by the user")
        if not person.started:
            raise forbidden("bot can't initiate conversation with a user")
    if chat.is_group and not chat.members_write and not chat.bot_is_admin:
        raise bad_request("not enough rights to send text messages to the chat")
    if chat.type == "channel" and not chat.bot_is_admin:
        raise bad_request("need administrator rights in the channel chat")
    return chat


def find_topic(chat: Chat, thread_id: int) -> Topic:
    """Return a topic to write into; raises 400 where it is gone or closed to the bot."""
    topic = chat.topics.get(thread_id)
    if topic is None:
        raise bad_request("message thread not found")
    # Administrators who manage topics may still write into a closed one.
    if topic.closed and not chat.bot_may("can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    return topic


def find_message(chat: Chat, message_id: int | None, purpose: str) -> Json:
    """Return a message; the error says what it was wanted for, as in `to edit`."""
    if message_id is None:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(f"message {purpose} not found")
    return message


def read_place(backend: Backend, params: Params) -> Place:
    """Return where a call's message goes; raises what Telegram would refuse."""
    chat = writable_chat(backend, params)
    reply_to = _reply(chat, params)
    thread_id = params.integer("message_thread_id") or None
    if thread_id is None and reply_to is not None and reply_to.get("is_topic_message"):
        thread_id = reply_to["message_thread_id"]
    if thread_id is not None:
        find_topic(chat, thread_id)
    return Place(chat, thread_id, reply_to)


def deliver(backend: Backend, params: Params, content: Json) -> Json:
    """Send content to where the call says; returns the stored message."""
    markup = read_markup(params)
    place = read_place(backend, params)
    check_place(markup, place.chat)
    silent = params.flag("disable_notification")
    if markup.shown:
        content = content | {"reply_markup": markup.shown}
    if params.flag("protect_content"):
        content = content | {"has_protected_content": True}
    # Last, so that a refused call never counts.
    backend.limits.take(place.chat)
    message = post_as_bot(
        backend.world, place.chat, content, thread_id=place.thread_id, reply_to=place.reply_to
    )
    _after(place.chat, markup, message["message_id"], silent)
    return message


def _after(chat: Chat, markup: Markup, message_id: int, silent: bool) -> None:
    chat.typing_until = None
    if not silent:
        chat.notifications += 1
    if markup.kind == "keyboard":
        chat.reply_keyboard = markup.value
    elif markup.kind == "remove":
        chat.reply_keyboard = None
    if markup.kind in ("keyboard", "force"):
        chat.fixed_markup.add(message_id)


def _reply(chat: Chat, params: Params) -> Json | None:
    given = params.fields("reply_parameters") or {}
    wanted = given.get("message_id", params.integer("reply_to_message_id"))
    if wanted is None:
        return None
    if not isinstance(wanted, int) or isinstance(wanted, bool):
        raise bad_request("can't parse reply parameters: message_id must be of type Integer")
    if given.get("chat_id", chat.id) != chat.id:
        raise bad_request("replies to other chats are not simulated here")
    message = chat.messages.get(wanted)
    lenient = given.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply")
    if message is None and not lenient:
        raise bad_request("message to be replied not found")
    return message


def _chat_id(params: Params, name: str) -> int:
    value = params.values.get(name)
    if value is None or value == "":
        raise bad_request(f"{name} is empty")
    try:
        number = params.integer(name)
    except ApiError as error:
        if isinstance(value, str):
            raise bad_request("chat not found") from error
        raise
    return number or 0


def _kind(chat: Chat) -> str:
    return "group" if chat.type == "group" else chat.type
