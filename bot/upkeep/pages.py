"""A printable page and a poster for each borough: plain HTML, nothing from elsewhere, no script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.cases.plan import DeskPlan
from bot.conversation.opening import opening_words
from bot.conversation.world import LOCAL_INTENTS, SERVED, SUPPORT_INTENTS
from bot.upkeep.cards import Card, Part, card_of, phone_part, plain
from directory.activities import Activities
from directory.coverage import coverage, gaps
from directory.freshness import check_first
from directory.model import Confidence, Directory, FrontDoor, Service
from intents.wording import Wording

TEMPLATES = Path(__file__).with_name("templates")
BOT_NAME = re.compile(r"(?=.{5,32}$)[A-Za-z][A-Za-z0-9_]*bot", re.IGNORECASE)
# What comes first on a page; every other need is help.
FIRST = ("find-activities", "find-mentor", "find-work", "education-help", "get-involved")
FAMILIES = ("sport", "arts", "youth-club", "outdoors", "digital", "games", "leadership",
            "homework-club")  # fmt: skip
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Group:
    """Cards that belong together, with a heading or without one."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the groups below it."""

    title: str
    groups: tuple[Group, ...]
    also: str = ""  # names of services that stand elsewhere on the page and help with this too


@dataclass(frozen=True, slots=True)
class Door:
    """The borough's children's services."""

    name: str
    phones: tuple[tuple[str, Part], ...]  # when, and the number
    unsure: bool
    checked: str


@dataclass(frozen=True, slots=True)
class Page:
    """All that the page and the poster of a borough say."""

    borough: str
    slug: str
    made: str
    total: int
    unsure: int
    address: str
    shown_address: str
    qr: Markup
    poster_qr: Markup
    door: Door | None
    lines: tuple[Card, ...]
    sections: tuple[Section, ...]
    needs: tuple[Group, ...]
    run_by: str
    hours: str


@dataclass(frozen=True, slots=True)
class Printing:
    """What all pages have in common."""

    bot: str
    operator: str  # empty: a line to fill in by hand
    staff_hours: str
    today: date
    plan: DeskPlan = field(
        default_factory=DeskPlan
    )  # where it says hours, they are printed in place of those


def write_pages(
    folder: Path, directory: Directory, activities: Activities, wording: Wording, how: Printing
) -> list[Path]:
    """Write page, poster and an index into a folder; what is there by these names is replaced."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.globals["t"] = wording.label
    pages = [_page(borough, directory, activities, wording, how) for borough in SERVED]
    folder.mkdir(parents=True, exist_ok=True)
    written = []

    def write(name: str, template: str, style: str, **values: object) -> None:
        text = environment.get_template(template).render(style=_style(style), **values)
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)

    for page in pages:
        write(f"{page.slug}.html", "page.html", "style.css", page=page)
        write(f"{page.slug}-poster.html", "poster.html", "poster.css", page=page)
    write("index.html", "index.html", "style.css", pages=pages)
    return written


def _style(name: str) -> Markup:
    return Markup((TEMPLATES / name).read_text(encoding="utf-8").strip())  # noqa: S704 - our own


def slug(borough: str) -> str:
    """Return a borough as its deep link and file name have it; the bot's /start reads it."""
    return borough.lower().replace(" ", "-")


def link(bot: str, borough: str) -> str:
    """Return the deep link that opens the bot with a borough."""
    return f"https://t.me/{bot}?start={slug(borough)}"


def qr(address: str, label: str) -> Markup:
    """Return a QR code as SVG: readable with a quarter of it covered, with the quiet zone."""
    code = segno.make(address, error="q", micro=False)
    drawn = code.svg_inline(
        border=4, omitsize=True, title=label, svgclass=None, lineclass=None, dark="#000",
        light="#fff", draw_transparent=False,
    )  # fmt: skip
    return Markup(drawn.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704 - segno escapes the title


def _page(
    borough: str, directory: Directory, activities: Activities, wording: Wording, how: Printing
) -> Page:
    services = [one for one in directory.services.values() if not one.closed]
    own = [one for one in services if one.borough == borough]
    wide = _wide(services, borough, how.today)
    address = link(how.bot, borough)
    shown = address.removeprefix("https://")
    labels = [wording.label(f"pages.{name}", address=shown) for name in ("qr-alt", "poster-alt")]
    named = wording.label("pages.run-by", operator=how.operator)
    door = directory.front_doors.get(borough)
    shown_services = [*own, *(one for below in wide.values() for one in below)]
    return Page(
        borough=borough, slug=slug(borough), made=f"{how.today.day} {how.today:%B %Y}",
        total=len(shown_services),
        unsure=sum(check_first(one, how.today) for one in shown_services),
        address=address, shown_address=shown, qr=qr(address, labels[0]),
        poster_qr=qr(address, labels[1]),
        door=_door(door, wording) if door else None,
        lines=_lines(directory, wording, how.today),
        sections=_sections(borough, own, activities, wording, how.today),
        needs=tuple(
            Group(wording.label(f"needs.{need}"), _cards(below, wording, how.today))
            for need, below in wide.items()
        ),
        run_by=named if how.operator else wording.label("pages.run-by-blank"),
        hours=opening_words(how.plan, borough, wording) or how.staff_hours,
    )  # fmt: skip


def _door(door: FrontDoor, wording: Wording) -> Door | None:
    day, out = door.phone_day, door.phone_out_of_hours
    if not day:
        return None
    phones = [("", phone_part(day))]
    if out is not None and out != day:
        phones = [(wording.label("pages.door-day"), phone_part(day)),
                  (wording.label("pages.door-out"), phone_part(out))]  # fmt: skip
    unsure = door.assurance.confidence is not Confidence.HIGH
    return Door(door.name, tuple(phones), unsure, _seen(door, wording))


def _seen(door: FrontDoor, wording: Wording) -> str:
    if door.assurance.seen_on is None:
        return plain(wording.text("results.checked-unknown"))
    return plain(wording.text("results.checked", seen=door.assurance.seen))


def _lines(directory: Directory, wording: Wording, today: date) -> tuple[Card, ...]:
    ids = [part.strip() for part in wording.label("pages.lines").split(",")]
    found = [directory.services[one] for one in ids if one in directory.services]
    return tuple(card_of(one, wording, today) for one in found if not check_first(one, today))


def _sections(
    borough: str, own: Sequence[Service], activities: Activities, wording: Wording, today: date
) -> tuple[Section, ...]:
    def groups(titled: Iterable[tuple[str, list[Service]]]) -> tuple[Group, ...]:
        return tuple(
            Group(title, _cards(below, wording, today)) for title, below in titled if below
        )

    first = {need: [one for one in own if one.kinds[0] == need] for need in FIRST}
    also = {need: [one.name for one in own if need in one.kinds[1:]] for need in FIRST}
    by_family = _by_family(first["find-activities"], activities)
    rest = _by_need(one for one in own if one.kinds[0] not in FIRST)
    to_do = groups((_family(name, wording), below) for name, below in by_family.items())
    help_ = groups((wording.label(f"needs.{need}"), below) for need, below in rest.items())
    given = {need: groups([("", first[need])]) for need in FIRST} | {FIRST[0]: to_do}
    return (
        *(
            Section(wording.label(f"needs.{need}"), given[need], "; ".join(also[need]))
            for need in FIRST
        ),
        Section(wording.label("pages.help-title", borough=borough), help_),
    )


def _by_family(services: Iterable[Service], activities: Activities) -> dict[str, list[Service]]:
    families: dict[str, list[Service]] = {name: [] for name in (*FAMILIES, OTHER)}
    for service in services:
        roots = [(activities.family(one) or (one,))[-1] for one in service.activities]
        families[next((root for root in roots if root in FAMILIES), OTHER)].append(service)
    return families


def _family(name: str, wording: Wording) -> str:
    return wording.label(f"pages.family-{name}")


def _by_need(services: Iterable[Service]) -> dict[str, list[Service]]:
    found: dict[str, list[Service]] = {}
    for service in services:
        found.setdefault(service.kinds[0], []).append(service)
    return dict(sorted(found.items()))


def _cards(services: Iterable[Service], wording: Wording, today: date) -> tuple[Card, ...]:
    cards = [card_of(service, wording, today) for service in services]
    return tuple(sorted(cards, key=lambda card: (card.unsure, card.name.lower())))


def _wide(services: Sequence[Service], borough: str, today: date) -> Mapping[str, list[Service]]:
    """What is not tied to a borough: what is sure, and the unsure where there is nothing better."""
    wide = [one for one in services if one.borough is None]
    weak = {gap.need for gap in gaps(coverage(services, sorted(SUPPORT_INTENTS), [borough], today))}
    kept = [
        one
        for one in wide
        if one.kinds[0] in SUPPORT_INTENTS | LOCAL_INTENTS
        and (not check_first(one, today) or one.kinds[0] in weak)
        and any((one.contact.phone, one.contact.text, one.contact.website, one.contact.webchat))
    ]
    return _by_need(kept)
