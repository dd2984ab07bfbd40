"""Accounts: new people, blocking, deleted accounts; and faults."""

from types import MappingProxyType

from bot.demo.api.acts.arguments import Arguments, person_of
from bot.demo.api.backend import Backend
from bot.demo.api.errors import ActError
from bot.demo.api.methods.chats import membership
from bot.demo.api.objects import bot_object, plain_member, user_object
from bot.demo.api.posting import tell_bot
from bot.demo.api.world import Json, Person

ROLES = ("young", "worker", "lead")


def add_person(backend: Backend, user_id: int, arguments: Arguments) -> Json:
    """Make a new account."""
    role = arguments.optional_text("role") or "young"
    if role not in ROLES:
        raise ActError(f"role is {role!r}, use one of {list(ROLES)}")
    name = arguments.text("first_name").strip()
    if not name or len(name) > 64:
        raise ActError("first_name must have 1 to 64 characters")
    base = 5000 if role == "young" else 9000
    new_id = max([p for p in backend.world.people if base <= p < base + 4000], default=base) + 1
    person = Person(
        new_id,
        name,
        role,
        username=arguments.optional_text("username"),
        language_code=arguments.optional_text("language_code") or "en",
    )
    backend.world.people[new_id] = person
    backend.world.private_chat(person)
    backend.world.touch()
    return {"id": new_id}


def block(backend: Backend, user_id: int, arguments: Arguments) -> bool:
    """Block the bot."""
    return _set_blocked(backend, user_id, True)


def unblock(backend: Backend, user_id: int, arguments: Arguments) -> bool:
    """Let the bot write again."""
    return _set_blocked(backend, user_id, False)


def _set_blocked(backend: Backend, user_id: int, blocked: bool) -> bool:
    person = person_of(backend, user_id)
    if person.blocked == blocked:
        raise ActError(f"{person.first_name} has {'' if blocked else 'not '}blocked the bot")
    person.blocked = blocked
    chat = backend.world.private_chat(person)
    statuses = ("member", "kicked") if blocked else ("kicked", "member")
    old, new = (plain_member(bot_object(backend.world), s) for s in statuses)
    update = membership(backend, chat, user_object(person), old, new)
    tell_bot(backend, "my_chat_member", update, chat.id)
    backend.world.touch()
    return True


def deactivate(backend: Backend, user_id: int, arguments: Arguments) -> bool:
    """Delete one's account; Telegram does not tell the bot."""
    person_of(backend, user_id).deactivated = True
    backend.world.touch()
    return True


def fault(backend: Backend, user_id: int, arguments: Arguments) -> bool:
    """Add a fault for the bot's next calls."""
    options = arguments.get("fault")
    if not isinstance(options, dict):
        raise ActError("fault is missing, give an object such as {'method': 'sendMessage'}")
    backend.faults.add(**options)
    backend.world.touch()
    return True


def clear_faults(backend: Backend, user_id: int, arguments: Arguments) -> bool:
    """Forget all faults."""
    backend.faults.clear()
    backend.world.touch()
    return True


VERBS = MappingProxyType(
    {
        "add_person": add_person,
        "block": block,
        "unblock": unblock,
        "deactivate": deactivate,
        "fault": fault,
        "clear_faults": clear_faults,
    }
)
