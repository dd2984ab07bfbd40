"""The parts of the simulated Telegram that every method works on."""

from dataclasses import dataclass

from bot.demo.api.faults import Faults
from bot.demo.api.limits import Limits
from bot.demo.api.updates import UpdateQueue
from bot.demo.api.webhook import WebhookPusher
from bot.demo.api.world import World


@dataclass(frozen=True)
class Rules:
    """Numbers of Telegram's that a test may want otherwise."""

    query_lifetime_s: float = 60
    deletable_s: float = 48 * 3600


@dataclass
class Backend:
    """World, updates, limits and faults; `world` is exchanged by a reset."""

    world: World
    updates: UpdateQueue
    limits: Limits
    faults: Faults
    pusher: WebhookPusher
    rules: Rules
