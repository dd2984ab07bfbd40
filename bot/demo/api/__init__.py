"""A strict local Bot API: the simulated Telegram of the demo and of the tests."""

from bot.demo.api.backend import Rules
from bot.demo.api.cast import Cast, Group, default_cast
from bot.demo.api.errors import ActError
from bot.demo.api.limits import LimitSettings
from bot.demo.api.server import Call, LocalBotApi
from bot.demo.api.world import Person

__all__ = [
    "ActError",
    "Call",
    "Cast",
    "Group",
    "LimitSettings",
    "LocalBotApi",
    "Person",
    "Rules",
    "default_cast",
]
