"""What is remembered about one private chat: as little as the next answer needs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from directory.model import Area, Point, Query


@dataclass(frozen=True, slots=True)
class Search:
    """A search that can be asked again, narrower or wider."""

    kinds: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    age: int | None = None
    free: bool = False
    days: tuple[str, ...] = ()
    part_of_day: str | None = None
    groups: tuple[str, ...] = ()
    step_free: bool = False

    def query(self, state: ChatState, exclude: frozenset[str] = frozenset()) -> Query:
        """The directory's query for this search, with what is known about the person."""
        return Query(
            kinds=self.kinds,
            activities=self.activities,
            area=state.area(),
            age=self.age if self.age is not None else state.age,
            free=self.free,
            days=self.days,
            part_of_day=self.part_of_day,
            groups=self.groups,
            step_free=self.step_free,
            avoid=frozenset(state.avoid),
            exclude=exclude,
        )


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a message, for ranking and for names of clubs; they are not kept."""

    plain: str = ""
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that stands open."""

    what: str  # "area", "borough", "check-in", "age", "clarify", "teach"
    kind: str | None = None  # the danger that a check-in is about
    reason: str = ""  # why a check-in was asked: layer and rule, no message text
    sure: bool = False  # a rule named the kind, so that the words may speak of it
    times: int = 1
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatState:
    """One private chat. No name, no username, no full postcode, no message text."""

    started: bool = False
    borough: str | None = None
    sector: str | None = None  # or a district, where only that was given
    place: str | None = None  # the area's name, to read back
    lat: float | None = None  # the middle of the sector or area, never the person's own position
    lon: float | None = None
    outside: bool = False  # the place is outside London: only what works everywhere fits
    age: int | None = None
    avoid: tuple[str, ...] = ()
    asked: Asked | None = None
    search: Search | None = None  # the last search
    shown: tuple[str, ...] = ()  # services on the last page, in order
    seen: tuple[str, ...] = ()  # every service shown for the last search
    focus: str | None = None  # the service last looked at
    topic: str | None = None  # the last intent that was answered
    case_id: int | None = None
    told_passed_on: bool = False
    missed: int = 0  # times in a row that we did not understand
    worries: int = 0  # worrying messages in a row
    denied: bool = False  # said "no" to a check-in lately
    stopped: bool = False
    hidden: bool = False  # they cleared the chat: nothing may light up their phone till they write
    album: str | None = None  # the last album that was answered: one answer is enough
    last_message_id: int = 0

    def area(self) -> Area | None:
        """The stored area as the directory takes it, or None while none is known."""
        if self.outside:
            return Area(self.place or "", None, None, None, True, outcome="outside-london")
        if self.borough is None and self.lat is None:
            return None
        point = Point(self.lat, self.lon) if self.lat is not None and self.lon is not None else None
        label = self.place or self.sector or self.borough or ""
        return Area(label, self.borough, self.sector, point, certain=True, served=True)

    def with_area(self, area: Area) -> ChatState:
        """The state with a new area; only borough, sector and the area's middle are kept."""
        point = area.point
        return replace(
            self,
            borough=area.borough,
            sector=area.sector,
            place=area.label,
            lat=round(point.lat, 3) if point else None,
            lon=round(point.lon, 3) if point else None,
            outside=area.outcome == "outside-london",
            asked=None,
        )

    def without_area(self) -> ChatState:
        """The state without any place."""
        return replace(
            self, borough=None, sector=None, place=None, lat=None, lon=None, outside=False
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON values without what is empty."""
        row: dict[str, Any] = {}
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if isinstance(value, Search | Asked):
                value = {n: getattr(value, n) for n in value.__dataclass_fields__}
            # 0.0 is a place: the meridian runs through Newham.
            if value or isinstance(value, float | str):
                row[name] = value
        return row

    @classmethod
    def from_dict(cls, row: dict[str, Any] | None) -> ChatState:
        """The state that `to_dict` wrote; unknown keys of another version are left out."""
        if not row:
            return cls()
        known = {k: _tupled(v) for k, v in row.items() if k in cls.__dataclass_fields__}
        for name, kind in (("search", Search), ("asked", Asked)):
            if isinstance(known.get(name), dict):
                fields = {k: _tupled(v) for k, v in known[name].items()}
                known[name] = kind(**{k: v for k, v in fields.items() if k in kind_fields(kind)})
        return cls(**known)


def kind_fields(kind: Any) -> frozenset[str]:
    """The field names of a dataclass."""
    return frozenset(kind.__dataclass_fields__)


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Button:
    """One button: what it says and what it does (at most 64 bytes)."""

    label: str
    action: str
    style: str | None = None  # "danger", "success", "primary"
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to the person; text is Telegram's HTML."""

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    keyboard: tuple[tuple[str, ...], ...] = ()  # reply keyboard; LOCATION asks for the position
    key: str = ""  # which wording it is, for the case record
    venue: Point | None = None  # send a map pin instead of text
    venue_name: str = ""
    venue_address: str = ""
    urgent: bool = False
    no_keyboard: bool = False  # take away a reply keyboard that still stands there


LOCATION = "\N{ROUND PUSHPIN}"


@dataclass(frozen=True, slots=True)
class Raise:
    """Staff must hear of this person."""

    urgency: str
    kind: str | None
    reason: str
    asked_for_person: bool = False


@dataclass(frozen=True, slots=True)
class Relay:
    """What the person wrote goes to the worker."""

    text: str
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Again:
    """They write again soon after their case was closed: it goes on."""

    text: str


@dataclass(frozen=True, slots=True)
class Simple:
    """An act without more to say: "forget", "wipe", "safe-now", "stop"."""

    what: str


@dataclass(frozen=True, slots=True)
class Count:
    """An anonymous count: unmet needs, messages not understood, wrong entries."""

    what: str
    label: str


@dataclass(frozen=True, slots=True)
class GiveWords:
    """Words that the person gave so that the bot learns; kept apart from who they are."""

    text: str


@dataclass(frozen=True, slots=True)
class SetCheckIn:
    """Ask for a reminder when the check-in stays unanswered; None takes it back."""

    minutes: int | None


Act = Raise | Relay | Again | Simple | Count | GiveWords | SetCheckIn


@dataclass(frozen=True, slots=True)
class Turn:
    """What one event leads to."""

    state: ChatState
    replies: tuple[Reply, ...] = ()
    acts: tuple[Act, ...] = ()
    toast: str | None = None  # the answer to a button press
    why: tuple[str, ...] = field(default=())  # lines for `ask` and the demo
