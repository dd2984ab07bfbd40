"""A private chat that a test plays turn by turn, without Telegram, storage or a clock."""

from __future__ import annotations

import json
from datetime import datetime

from bot.cases.model import Case
from bot.conversation.events import (
    CheckInSilent,
    Media,
    Reachability,
    Said,
    SharedLocation,
    Tapped,
)
from bot.conversation.state import Act, Button, ChatState, Raise, Turn
from bot.conversation.turn import take_turn
from bot.conversation.world import World
from intents.model import Understanding
from tests.conversation.small_world import NOW, meant, small_world

CHAT = 5001


class Chat:
    """Keeps the state between turns, as storage would: through JSON."""

    def __init__(self, world: World | None = None, case: Case | None = None) -> None:
        self.world = world or small_world()
        self.state = ChatState()
        self.case = case
        self.now: datetime = NOW
        self.number = 0
        self.turn = Turn(self.state)

    def _take(self, event: object, understood: Understanding | None = None) -> Turn:
        stored = json.loads(json.dumps(self.state.to_dict()))
        state = ChatState.from_dict(stored)
        assert state == self.state, "the state must come back whole from storage"
        turn = take_turn(event, state, self.case, understood, self.world, self.now)  # type: ignore[arg-type]
        self.state, self.turn = turn.state, turn
        return turn

    def says(self, what: str | Understanding, *, edited: bool = False) -> Turn:
        """The person writes; a plain text is not understood."""
        understood = self.world.understand(what) if isinstance(what, str) else what
        self.number += 1
        said = Said(CHAT, self.number, understood.text, self.now, edited=edited)
        return self._take(said, understood if understood.text.strip() else None)

    def wants(self, text: str, intent: str = "find-activities", **details: object) -> Turn:
        """The person writes something that is understood as given."""
        return self.says(meant(text, intent, **details))  # type: ignore[arg-type]

    def sends(
        self, media: Media, caption: str = "", understood: Understanding | None = None
    ) -> Turn:
        self.number += 1
        return self._take(Said(CHAT, self.number, caption, self.now, media=media), understood)

    def taps(self, action: str) -> Turn:
        return self._take(Tapped(CHAT, 1, action, "q1", self.now))

    def shares(self, lat: float, lon: float) -> Turn:
        return self._take(SharedLocation(CHAT, 1, lat, lon, self.now))

    def keeps_silent(self) -> Turn:
        return self._take(CheckInSilent(CHAT, self.now))

    def blocks(self, blocked: bool = True) -> Turn:
        return self._take(Reachability(CHAT, blocked, self.now))

    @property
    def keys(self) -> list[str]:
        """Which wordings the last turn used."""
        return [reply.key for reply in self.turn.replies]

    @property
    def text(self) -> str:
        """Everything that the last turn said."""
        return "\n".join(reply.text for reply in self.turn.replies)

    @property
    def buttons(self) -> list[Button]:
        return [b for reply in self.turn.replies for row in reply.buttons for b in row]

    def act(self, kind: type[Act]) -> list[Act]:
        """What the last turn decided, of one kind."""
        return [act for act in self.turn.acts if isinstance(act, kind)]

    @property
    def raised(self) -> Raise | None:
        """What staff were told in the last turn."""
        found = [act for act in self.turn.acts if isinstance(act, Raise)]
        assert len(found) < 2, "one message raises once"
        return found[0] if found else None


def case(**values: object) -> Case:
    """An open case of this chat."""
    given: dict[str, object] = {
        "id": 3, "chat_id": CHAT, "group_id": -1, "urgency": "urgent", "kind": "violence",
        "reason": "rule", "opened_at": NOW,
    }  # fmt: skip
    return Case(**(given | values))  # type: ignore[arg-type]
