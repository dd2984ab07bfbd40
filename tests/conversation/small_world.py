"""A small world of conversation: real wording, a few invented services, understandings by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from bot.content.wording_files import load_phrase_table, load_wording
from bot.conversation.world import SERVED, World
from directory.model import (
    Area,
    Assurance,
    Confidence,
    Contact,
    FrontDoor,
    Match,
    MyEnds,
    Point,
    Query,
    Results,
    Service,
    Venue,
)
from intents.model import (
    Danger,
    Decision,
    Details,
    Guess,
    Kind,
    Mention,
    Reason,
    Understanding,
    Urgency,
)

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
SURE = Assurance("https://example.org", "2026-10", date(2026, 10, 1), Confidence.HIGH)
BRIXTON = Point(51.4605, -0.1143)


def service(name: str, **values: Any) -> Service:
    """A service in Brixton for 11 to 25 year olds, changed where a test needs it."""
    given: dict[str, Any] = {
        "id": name, "name": name.replace("-", " ").title(), "organisation": "Test",
        "what": "Something good.", "kinds": ("find-activities",), "activities": (), "tags": (),
        "borough": "Lambeth", "coverage": "Lambeth", "venue": Venue.PLACE,
        "contact": Contact(phone="020 7946 0000"), "assurance": SURE, "address": "1 High Street",
        "postcode": "SW9 8LA", "point": BRIXTON, "point_from": "postcode", "free": True,
    }  # fmt: skip
    return Service(**(given | values))


def helpline(name: str, *kinds: str, phone: str) -> Service:
    """A national helpline with a number that is surely right."""
    contact = Contact(phone=phone, hours="24 hours")
    return service(name, kinds=kinds, borough=None, coverage="UK", venue=Venue.ONLINE,
                   address=None, postcode=None, point=None, contact=contact)  # fmt: skip


SERVICES = (
    service("boxing-club", activities=("boxing",), free=False, cost="£2", age_min=12),
    service("girls-football", activities=("football",), groups=("girls",)),
    service("art-room", activities=("art",), borough="Southwark", postcode="SE15 5BA"),
    service("music-studio", activities=("music",), contact=Contact(website="https://e.org/?a&b")),
    service("nowhere-club", activities=("chess",), address=None, postcode=None, point=None),
    service("mentors", kinds=("find-mentor",)),
    helpline("childline", "mental-health", "family", "bullying", phone="0800 1111"),
    helpline("samaritans", "mental-health", phone="116 123"),
    helpline("papyrus-hopeline247", "mental-health", phone="0800 068 4141"),
    service("shaky", kinds=("housing",), assurance=replace(SURE, confidence=Confidence.LOW)),
)
AREAS = {
    "brixton": Area("Brixton, Lambeth", "Lambeth", None, BRIXTON, True, served=True),
    "peckham": Area("Peckham, Southwark", "Southwark", None, Point(51.47, -0.07), True,
                    served=True),
    "sw9": Area("SW9, Lambeth", "Lambeth", "SW9", Point(51.469, -0.114), True, served=True),
    "sw9 8la": Area("SW9 8, Lambeth", "Lambeth", "SW9 8", BRIXTON, True, served=True),
    "sw9 8": Area("SW9 8, Lambeth", "Lambeth", "SW9 8", BRIXTON, True, served=True),
    "se27": Area("SE27", None, "SE27", Point(51.43, -0.1), False, ("Lambeth", "Southwark"),
                 served=True, outcome="choose"),
    "sw9 8zz": Area("SW9 8, Lambeth", "Lambeth", "SW9 8", BRIXTON, True, served=True,
                    note="approximate"),
    "n1p 2ab": Area("N1P 2, Islington", "Islington", "N1P 2", Point(51.5, -0.1), True,
                    outcome="outside-boroughs", note="boxes"),
    "camberwell": Area("Camberwell", None, None, Point(51.474, -0.093), False,
                       ("Southwark", "Lambeth"), outcome="choose"),
    "zz9 9zz": Area("", None, None, None, False, outcome="not-a-place",
                    note="no-such-postcode"),
    "en77 8aa": Area("", None, None, None, False, outcome="not-a-place", note="boxes"),
    "outside london": Area("outside London", None, None, None, True, outcome="outside-london"),
    "ealing": Area("Ealing", "Ealing", None, Point(51.5, -0.3), True,
                   outcome="outside-boroughs"),
    "leeds": Area("Leeds", None, None, None, True, outcome="outside-london"),
    "brixtn": Area("Brixton, Lambeth", "Lambeth", None, BRIXTON, True, served=True,
                   repaired=True),
}  # fmt: skip
NOT_A_PLACE = Area("", None, None, None, certain=False, outcome="not-a-place")


def locate(text: str) -> Area:
    """The areas above, and the eight boroughs."""
    borough = next((b for b in SERVED if b.lower() == text.strip().lower()), None)
    if borough:
        return Area(borough, borough, None, None, True, served=True)
    return AREAS.get(text.strip().lower(), NOT_A_PLACE)


def search(query: Query, now: datetime) -> Results:
    """What fits, in the order of the list; prices are widened and that is said."""
    fitting = [s for s in SERVICES if _fits(s, query)]
    free = [s for s in fitting if s.free or not query.free]
    widened = ("cost",) if query.free and fitting and not free else ()
    found = free or fitting
    matches = tuple(Match(s, 1.0, 700, why=("test",)) for s in found[: query.limit])
    return Results(matches, len(found), widened)


def _fits(found: Service, query: Query) -> bool:
    if query.area is not None and query.area.outcome == "outside-london" and found.borough:
        return False
    avoided = {found.borough, (found.postcode or "")[:-2]} & query.avoid
    return (
        (not query.kinds or bool(set(query.kinds) & set(found.kinds)))
        and (not query.activities or bool(set(query.activities) & set(found.activities)))
        and found.id not in query.exclude
        and not avoided
    )


def understand(text: str) -> Understanding:
    """Nothing at all is understood: for tests that put commands and odd texts in."""
    return meant(text, "out-of-scope", decision=Decision.FALLBACK)


def meant(
    text: str,
    intent: str = "find-activities",
    *,
    decision: Decision = Decision.ANSWER,
    danger: Danger | None = None,
    **details: Any,
) -> Understanding:
    """An understanding by hand; details by their plain values, `place="brixton"`."""
    ranked = tuple(
        Guess(name, share) for name, share in ((intent, 0.9), ("family", 0.05), ("help", 0.01))
    )
    return Understanding(
        text, text.lower(), decision, ranked, danger or Danger(), _details(details)
    )


def _details(given: dict[str, Any]) -> Details:
    for name in ("place", "age", "part_of_day", "for_other"):
        if name in given:
            given[name] = Mention(given[name], str(given[name]))
    for name in ("activities", "days"):
        given[name] = tuple(Mention(value, value) for value in given.get(name, ()))
    return Details(**given)


def paged(
    kind: Kind | None = Kind.VIOLENCE, urgency: Urgency = Urgency.EMERGENCY, word: str = "shank"
) -> Danger:
    """A danger that pages a worker."""
    return Danger(urgency, kind, score=0.97, reasons=(Reason("rules", "weapon near", (word,)),))


def maybe(kind: Kind = Kind.SUICIDE, word: str = "done") -> Danger:
    """A danger that is asked about first."""
    reasons = (Reason("danger-model", "tired of living", (word,)),)
    return Danger(Urgency.NONE, kind, check_in=True, score=0.4, reasons=reasons)


def one(service_id: str, query: Query, now: datetime) -> Match | None:
    """One service, as far away as it is from everywhere here."""
    found = next((s for s in SERVICES if s.id == service_id), None)
    return Match(found, 0.0, distance_m=800) if found else None


@cache
def small_world() -> World:
    """The world of these tests, built once."""
    wording, problems = load_wording(ROOT)
    assert not problems, problems
    followups, _ = load_phrase_table(ROOT, "followups")
    answers, _ = load_phrase_table(ROOT, "answers")
    door = FrontDoor("Lambeth", "MASH", "020 7926 3100", "020 7926 5555", None, None, SURE)
    myends = MyEnds("Lambeth", ("Angell Town",), "Ecosystem Coldharbour", None, (), "unconfirmed")
    return World(
        wording=wording,
        services={s.id: s for s in SERVICES},
        front_doors={"Lambeth": door},
        myends={"Lambeth": myends},
        search=search,
        one=one,
        locate=locate,
        nearest=lambda lat, lon: replace(AREAS["sw9 8"], point=Point(lat, lon)),
        understand=understand,
        followups=followups,
        answers=answers,
        exits=load_phrase_table(ROOT, "exit")[0],
        avoiding=load_phrase_table(ROOT, "avoid")[0],
        tags=load_phrase_table(ROOT, "tags")[0],
        operator="Test <Youth> Trust",
    )
