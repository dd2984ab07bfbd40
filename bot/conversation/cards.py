"""Services as a person reads them: three short cards, or one in full."""

from __future__ import annotations

import html
import re
from datetime import datetime

from bot.conversation.state import Button, Reply
from bot.conversation.times import closed_for_now, next_time, opening, schedule_lines, spoken
from bot.conversation.world import World
from directory.access import read_access
from directory.hours import london_day, open_now, opens_next
from directory.model import Area, Confidence, Match, Results, Service, Venue
from directory.opening import ALWAYS_WRITTEN, UNSURE
from intents.wording import Markup, Wording, joined

DATE = re.compile(r"\b20\d\d(?:-\d\d)?\b")
ALWAYS = "24/7"
CONTACTS = ("phone", "text", "whatsapp", "webchat", "email", "website", "instagram")


def list_reply(
    results: Results, world: World, now: datetime, area: Area | None, intro: str
) -> Reply:
    """One message with up to three cards, a number to tap for each, and ways to narrow down."""
    wording = world.wording
    parts = [wording.text(f"results.widened-{what}") for what in results.widened
             if wording.has(f"results.widened-{what}")]  # fmt: skip
    place = area.label if area else ""
    parts.append(wording.text(intro, area=place))
    parts += [card(match, n, wording, now) for n, match in enumerate(results.matches, 1)]
    return Reply(joined(list(parts)), list_buttons(results, wording), key=intro)


def list_buttons(results: Results, wording: Wording) -> tuple[tuple[Button, ...], ...]:
    """The numbers of the cards, then what narrows the list."""
    numbers = tuple(
        Button(wording.label("buttons.number", number=n), f"see:{match.service.id}"[:64])
        for n, match in enumerate(results.matches, 1)
    )
    more = (Button(wording.label("buttons.more"), "more"),) if more_left(results) else ()
    narrow = tuple(
        Button(wording.label(f"buttons.{name}"), f"narrow:{name}") for name in ("today", "free")
    )
    change = (
        Button(wording.label("buttons.age"), "ask-age"),
        Button(wording.label("buttons.area"), "ask-area"),
        Button(wording.label("buttons.person"), "person"),
    )
    return tuple(row for row in (numbers, more + narrow, change) if row)


def more_left(results: Results) -> bool:
    """Whether there is another page."""
    return results.total > len(results.matches)


def card(match: Match, number: int, wording: Wording, now: datetime) -> Markup:
    """A few short lines: name, what it is, the facts that decide whether to go."""
    service = match.service
    facts = "\n".join(" · ".join(line) for line in facts_of(match, wording, now))
    return wording.text(
        "results.card", number=number, name=service.name, what=service.what, facts=Markup(facts)
    )


def facts_of(match: Match, wording: Wording, now: datetime) -> list[list[str]]:
    """Line by line: a caution; when and where; for whom and what it costs; how to reach it."""
    service = match.service
    groups = [wording.text(f"results.group-{group}") for group in service.groups
              if wording.has(f"results.group-{group}")]  # fmt: skip
    if service.venue is Venue.ONLINE:
        return _by_phone(match, wording, now)
    lines = [
        [wording.text("results.check-first") if match.check_first else ""],
        [closed_for_now(service, london_day(now), wording)],
        [next_time(match, now, wording), where(match, wording), on_foot(match, wording)],
        [ages(service, wording), cost(service, wording), *groups, steps(service, wording)],
        [first_contact(service, wording), checked(service, wording)],
    ]
    said = [[fact for fact in line if fact] for line in lines]
    return [line for line in said if line]


def _by_phone(match: Match, wording: Wording, now: datetime) -> list[list[str]]:
    """A helpline or a website: how to reach it and when, and no more."""
    service = match.service
    hours = sure_hours(service.contact.hours)
    always = hours == ALWAYS
    spoken_hours = wording.text("results.always") if always else html.escape(hours, quote=False)
    at_present = "" if always else opening(service, now, wording)
    caution = wording.text("results.check-first") if match.check_first else ""
    lines = [
        [caution],
        [first_contact(service, wording), spoken_hours, at_present],
        [ages(service, wording)],
    ]
    said = [[fact for fact in line if fact] for line in lines]
    return [line for line in said if line]


def detail_reply(match: Match, world: World, now: datetime) -> Reply:
    """Everything that is known about one service, and what can be done with it."""
    wording, service = world.wording, match.service
    lines = detail_lines(match, wording, now)
    text = wording.text(
        "results.detail",
        name=service.name,
        what=service.what,
        lines=Markup("\n".join(line for line in lines if line)),
    )
    rows: list[tuple[Button, ...]] = []
    site = service.contact.website
    links = []
    if service.point is not None and service.venue is Venue.PLACE:
        links.append(Button(wording.label("buttons.map"), f"map:{service.id}"[:64]))
    if site and site.startswith(("http://", "https://")):
        links.append(Button(wording.label("buttons.open-website"), "", url=site))
    rows.append(tuple(links))
    if service.point is not None and service.venue is Venue.PLACE and service.borough:
        avoid = Button(wording.label("buttons.avoid"), f"avoid:{service.id}"[:64])
        rows.append((avoid,))
    rows.append(
        (
            Button(wording.label("buttons.wrong"), f"wrong:{service.id}"[:64]),
            Button(wording.label("buttons.back"), "back"),
        )
    )
    return Reply(text, tuple(row for row in rows if row), key="results.detail")


def detail_lines(match: Match, wording: Wording, now: datetime) -> list[str]:
    """One fact a line; what is unknown is said to be unknown where people would look for it."""
    service, contact = match.service, match.service.contact
    lines: list[str] = []
    if match.check_first:
        lines.append(wording.text("results.check-first"))
    lines.append(closed_for_now(service, london_day(now), wording))
    if service.scheduled:
        planned = "; ".join(schedule_lines(service, london_day(now), wording))
        lines.append(wording.text("results.when", when=planned) if planned else "")
    elif service.when:
        lines.append(wording.text("results.when", when="; ".join(service.when)))
    elif contact.hours:
        lines.append(wording.text("results.hours", hours=contact.hours))
    elif service.venue is Venue.PLACE:
        lines.append(wording.text("results.when-unknown"))
    lines.append(next_time(match, now, wording))
    if service.address:
        postcode = service.postcode or ""
        whole = f"{service.address}, {postcode}" if postcode else service.address
        lines.append(wording.text("results.where", address=whole))
    lines += [where(match, wording), ages(service, wording), cost(service, wording)]
    lines += contact_lines(service, wording)
    if service.access:
        lines.append(wording.text("results.access", access=service.access))
    if service.confidentiality:
        lines.append(
            wording.text("results.confidentiality", confidentiality=service.confidentiality)
        )
    lines.append(checked(service, wording))
    return lines


def contact_lines(service: Service, wording: Wording) -> list[str]:
    """Every way to reach a service that is known."""
    return [
        wording.text(f"results.{way}", **{way: value})
        for way in CONTACTS
        if (value := getattr(service.contact, way))
    ]


def first_contact(service: Service, wording: Wording) -> str:
    """The quickest way to reach a service, or nothing."""
    lines = contact_lines(service, wording)
    return lines[0] if lines else ""


def where(match: Match, wording: Wording) -> str:
    """How far it is, in words that do not claim more than a straight line."""
    service = match.service
    if service.venue is Venue.ONLINE:
        return wording.text("results.online")
    if service.venue is Venue.BOROUGH_WIDE:
        return wording.text("results.borough-wide", borough=service.borough or service.coverage)
    if match.distance_m is None:
        return html.escape(service.borough or service.coverage, quote=False)
    km = f"{max(match.distance_m, 100) / 1000:.1f}"
    if service.point_from and service.point_from != "postcode":
        return wording.text("results.distance-area", km=km, place=service.point_from)
    return wording.text("results.distance", km=km)


def on_foot(match: Match, wording: Wording) -> str:
    """About how long the walk is, where both ends are known well enough."""
    known = match.walk_min is not None
    return wording.text("results.walk", minutes=match.walk_min) if known else ""


def ages(service: Service, wording: Wording) -> str:
    """For which ages, or that it is not known."""
    low, high = service.age_min, service.age_max
    if low is not None and high is not None:
        return wording.text("results.ages", **{"from": low, "to": high})
    if low is not None:
        return wording.text("results.ages-from", **{"from": low})
    if high is not None:
        return wording.text("results.ages-to", to=high)
    return wording.text("results.ages-unknown") if service.venue is Venue.PLACE else ""


def steps(service: Service, wording: Wording) -> str:
    """That it is step-free, where its entry plainly says so."""
    return wording.text("results.step-free") if read_access(service.access).step_free else ""


def cost(service: Service, wording: Wording) -> str:
    """What it costs, or that it is not known."""
    if service.free:
        return wording.text("results.free")
    if service.cost:
        return wording.text("results.cost", cost=service.cost)
    return wording.text("results.cost-unknown") if service.venue is Venue.PLACE else ""


def checked(service: Service, wording: Wording) -> str:
    """How old the information is: the oldest date that its source gives."""
    dates = DATE.findall(service.assurance.seen)
    if service.assurance.seen_on is None or not dates:
        return wording.text("results.checked-unknown")
    return wording.text("results.checked", seen=min(dates))


def sure_hours(hours: str | None) -> str:
    """Hours that can be relied on in danger: `ALWAYS`, plain hours, or nothing where in doubt."""
    if not hours:
        return ""
    if hours.startswith(ALWAYS_WRITTEN):
        return ALWAYS
    return "" if UNSURE.search(hours) else hours


def helpline_lines(ids: str, world: World, now: datetime, *, sure_only: bool) -> list[str]:
    """ "Name: number (hours)" for each id; in danger only numbers that are surely right.

    One where nobody answers at this hour comes last, and says so.
    """
    answering: list[str] = []
    closed: list[str] = []
    for service_id in (part.strip() for part in ids.split(",")):
        service = world.services.get(service_id)
        if service is None or service.closed:
            continue
        if sure_only and service.assurance.confidence is not Confidence.HIGH:
            continue
        contact = service.contact
        way = contact.phone or contact.text or contact.website
        if way:
            shut = open_now(service, now) is False
            (closed if shut else answering).append(_helpline(service, way, world, now, shut))
    return answering + closed


def _helpline(service: Service, way: str, world: World, now: datetime, shut: bool) -> str:
    hours = sure_hours(service.contact.hours)
    key = f"danger.helpline{hours and '-hours'}"
    if hours == ALWAYS:
        key = "danger.helpline-always"
    opens = ""
    if shut:
        at = opens_next(service.open_hours, now)
        opens = spoken(at, now, world.wording) if at else ""
        key = "danger.helpline-closed" if opens else "danger.helpline-shut"
    name = service.name
    if name.endswith(way):  # "SafeCall (Missing People) 116 000": the number follows anyway
        name = name.removesuffix(way).strip(" :") or name
    return world.wording.text(key, name=name, contact=way, hours=hours, opens=opens)
