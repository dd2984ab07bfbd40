"""A shared location: it says the area, and staff who have a case hear of that area, no nearer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.cases.model import Case, Status
from bot.conversation import finding, small
from bot.conversation.events import SharedLocation
from bot.conversation.state import ChatState, Simple, Turn
from bot.conversation.world import World
from directory.model import Area


def shared(
    event: SharedLocation, state: ChatState, case: Case | None, world: World, now: datetime
) -> Turn:
    """Go on with the area; in a case staff are told of it, and the person that they were."""
    area = _sector_of(event, world)
    turn = finding.place_given(state, area, world, now)
    if case is None:
        return turn
    told = small.say(turn.state, world, "danger.place-passed-on", place=area.label).replies
    acts = (*turn.acts, Simple(f"place:{area.label}"))
    if case.status is not Status.OPEN:  # a worker asks from here: the bot keeps quiet
        return Turn(state, told, acts)
    return replace(turn, replies=(*told, *turn.replies), acts=acts)


def _sector_of(spot: SharedLocation, world: World) -> Area:
    """The area around a shared position, with the sector's middle in the position's place."""
    area = world.nearest(spot.lat, spot.lon)
    middle = world.locate(area.sector) if area.sector else None
    return replace(area, point=middle.point if middle else None)
