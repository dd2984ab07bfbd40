"""All methods of the local Bot API, by their names in small letters."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any

from bot.demo.api.backend import Backend
from bot.demo.api.methods import chats, edits, messages, profile, receiving
from bot.demo.api.params import Params

Method = Callable[[Backend, Params], Any | Awaitable[Any]]

ALL: Mapping[str, Method] = MappingProxyType(
    {
        name.lower(): method
        for module in (chats, edits, messages, profile, receiving)
        for name, method in module.METHODS.items()
    }
)
PROPER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        name.lower(): name
        for module in (chats, edits, messages, profile, receiving)
        for name in module.METHODS
    }
)
