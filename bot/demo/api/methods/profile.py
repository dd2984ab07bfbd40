"""What the bot says about itself: commands, name, descriptions, menu button."""

import re
from types import MappingProxyType
from typing import Any

from bot.demo.api.backend import Backend
from bot.demo.api.errors import bad_request
from bot.demo.api.objects import utf16_length
from bot.demo.api.params import Params
from bot.demo.api.world import Json

SCOPES = frozenset(
    [
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    ]
)
MOST_COMMANDS = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}|")
_MENU_BUTTONS = ("default", "commands", "web_app")


def get_me(backend: Backend, params: Params) -> Json:
    """Return the bot's own User."""
    return backend.world.bot


def set_my_commands(backend: Backend, params: Params) -> bool:
    """Set the commands of one scope and language."""
    commands = params.items("commands")
    if commands is None:
        raise bad_request('parameter "commands" is required')
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    key = _scope(backend, params)
    backend.world.profile.commands[key] = [_command(c) for c in commands]
    backend.world.touch()
    return True


def get_my_commands(backend: Backend, params: Params) -> list[Json]:
    """Return the commands of exactly one scope and language."""
    return backend.world.profile.commands.get(_scope(backend, params), [])


def delete_my_commands(backend: Backend, params: Params) -> bool:
    """Remove the commands of one scope and language."""
    backend.world.profile.commands.pop(_scope(backend, params), None)
    backend.world.touch()
    return True


def _command(value: Any) -> Json:
    if not isinstance(value, dict):
        raise bad_request("can't parse BotCommand: Expected an Object")
    command, description = value.get("command"), value.get("description")
    if not isinstance(command, str) or not isinstance(description, str):
        raise bad_request("can't parse BotCommand: Field must be of type String")
    if not _COMMAND.fullmatch(command.removeprefix("/")):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= utf16_length(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command.removeprefix("/"), "description": description}


def _scope(backend: Backend, params: Params) -> tuple[str, int, int, str]:
    scope = params.fields("scope") or {"type": "default"}
    kind = str(scope.get("type"))
    if kind not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat_id, user_id = scope.get("chat_id", 0), scope.get("user_id", 0)
    if not isinstance(chat_id, int) or not isinstance(user_id, int):
        raise bad_request("chat not found")
    if kind.startswith("chat") and chat_id not in backend.world.chats:
        raise bad_request("chat not found")
    return kind, chat_id, user_id, _language(params)


def _language(params: Params) -> str:
    language = params.text("language_code") or ""
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def _set_text(
    backend: Backend, params: Params, name: str, longest: int, texts: dict[str, str]
) -> bool:
    text = params.text(name) or ""
    if utf16_length(text) > longest:
        raise bad_request(f"{name} is too long")
    if text:
        texts[_language(params)] = text
    else:
        texts.pop(_language(params), None)
    backend.world.touch()
    return True


def _get_text(params: Params, texts: dict[str, str]) -> str:
    return texts.get(_language(params)) or texts.get("", "")


def set_my_name(backend: Backend, params: Params) -> bool:
    """Set the bot's name, at most 64 characters."""
    done = _set_text(backend, params, "name", 64, backend.world.profile.names)
    backend.world.bot["first_name"] = (
        backend.world.profile.names.get("") or backend.world.bot["first_name"]
    )
    return done


def get_my_name(backend: Backend, params: Params) -> Json:
    """Return the bot's name in a language."""
    name = _get_text(params, backend.world.profile.names)
    return {"name": name or backend.world.bot["first_name"]}


def set_my_description(backend: Backend, params: Params) -> bool:
    """Set what an empty chat shows, at most 512 characters."""
    return _set_text(backend, params, "description", 512, backend.world.profile.descriptions)


def get_my_description(backend: Backend, params: Params) -> Json:
    """Return what an empty chat shows."""
    return {"description": _get_text(params, backend.world.profile.descriptions)}


def set_my_short_description(backend: Backend, params: Params) -> bool:
    """Set what the bot's page shows, at most 120 characters."""
    texts = backend.world.profile.short_descriptions
    return _set_text(backend, params, "short_description", 120, texts)


def get_my_short_description(backend: Backend, params: Params) -> Json:
    """Return what the bot's page shows."""
    return {"short_description": _get_text(params, backend.world.profile.short_descriptions)}


def set_chat_menu_button(backend: Backend, params: Params) -> bool:
    """Set the button beside the message field, for one private chat or for all."""
    chat_id = params.integer("chat_id") or 0
    button = params.fields("menu_button") or {"type": "default"}
    if button.get("type") not in _MENU_BUTTONS:
        raise bad_request("can't parse menu button: Unsupported type specified")
    if chat_id and chat_id not in backend.world.people:
        raise bad_request("chat not found")
    backend.world.profile.menu_buttons[chat_id] = button
    return True


METHODS = MappingProxyType(
    {
        "getMe": get_me,
        "setMyCommands": set_my_commands,
        "getMyCommands": get_my_commands,
        "deleteMyCommands": delete_my_commands,
        "setMyName": set_my_name,
        "getMyName": get_my_name,
        "setMyDescription": set_my_description,
        "getMyDescription": get_my_description,
        "setMyShortDescription": set_my_short_description,
        "getMyShortDescription": get_my_short_description,
        "setChatMenuButton": set_chat_menu_button,
    }
)
