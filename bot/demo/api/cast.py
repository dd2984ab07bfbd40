"""Who is in the demo at its start."""

import random
from dataclasses import dataclass, field

from bot.demo.api.world import Chat, Clock, Json, Person, World

FULL_RIGHTS = ("can_manage_topics", "can_delete_messages", "can_pin_messages", "can_invite_users")


@dataclass(frozen=True)
class Group:
    """A group that exists from the start, with the bot in it as an administrator."""

    id: int
    title: str
    members: tuple[int, ...]
    owner: int
    is_forum: bool = True
    type: str = "supergroup"


@dataclass(frozen=True)
class Cast:
    """The bot's account, the people and the groups of a fresh world."""

    token: str
    bot_id: int
    bot_name: str
    bot_username: str
    people: tuple[Person, ...] = ()
    groups: tuple[Group, ...] = field(default=())


def default_cast() -> Cast:
    """Return three young people, two workers, a lead and their staff group."""
    return Cast(
        token="700000001:DEMO-TOKEN-not-a-secret",  # noqa: S106 - invented, for this machine only
        bot_id=700000001,
        bot_name="MyEnds bot",
        bot_username="myends_demo_bot",
        people=(
            Person(5001, "Ayo"),
            Person(5002, "Kai"),
            Person(5003, "Zee"),
            Person(9001, "Sam", "worker"),
            Person(9002, "Maya", "worker"),
            Person(9003, "Ruth", "lead"),
        ),
        groups=(Group(-1001000000001, "MyEnds staff", (9001, 9002, 9003), owner=9003),),
    )


def build_world(cast: Cast, clock: Clock, rng: random.Random) -> World:
    """Return a fresh world with this cast in it."""
    world = World(clock, rng, _bot_user(cast))
    for person in cast.people:
        copy = Person(**vars(person))
        world.people[copy.id] = copy
        world.private_chat(copy)
    for group in cast.groups:
        world.chats[group.id] = Chat(
            group.id,
            group.type,
            title=group.title,
            is_forum=group.is_forum,
            members=list(group.members),
            owner=group.owner,
            bot_status="administrator",
            bot_rights=dict.fromkeys(FULL_RIGHTS, True),
        )
    return world


def _bot_user(cast: Cast) -> Json:
    return {
        "id": cast.bot_id,
        "is_bot": True,
        "first_name": cast.bot_name,
        "username": cast.bot_username,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
