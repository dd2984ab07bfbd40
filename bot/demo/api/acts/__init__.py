"""What people do in the demo, by verb: POST /demo/act and the tests' actors."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from bot.demo.api.acts import groups, members, people, talk
from bot.demo.api.acts.arguments import Arguments
from bot.demo.api.backend import Backend
from bot.demo.api.errors import ActError
from bot.demo.api.world import Json

Act = Callable[[Backend, int, Arguments], Any]

VERBS: Mapping[str, Act] = MappingProxyType(
    {**talk.VERBS, **groups.VERBS, **members.VERBS, **people.VERBS}
)


def act(backend: Backend, user_id: int, verb: str, given: Json) -> Any:
    """Let a person do something; raises ActError where it is impossible."""
    if verb not in VERBS:
        raise ActError(f"unknown verb {verb!r}, use one of {sorted(VERBS)}")
    return VERBS[verb](backend, user_id, Arguments(given))
