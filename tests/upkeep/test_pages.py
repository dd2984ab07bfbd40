"""A page and a poster for each borough: every fact with its date, nothing from elsewhere."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
import segno

from bot.cli import main
from bot.content.directory_files import load_directory
from bot.content.word_files import load_activities
from bot.content.wording_files import load_wording
from bot.conversation.commands import command
from bot.conversation.state import ChatState
from bot.conversation.world import SERVED
from bot.upkeep.cards import phone_part, web_part
from bot.upkeep.pages import BOT_NAME, Printing, link, qr, slug, write_pages
from directory.freshness import check_first
from directory.model import Closure, Contact, Directory, FrontDoor
from directory.schedule import ScheduleEntry
from tests.conversation.small_world import NOW, SURE, service, small_world

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 27)
HOW = Printing("myends_help_bot", "Example <Trust>", "weekdays & Saturdays", TODAY)
WORDING, _ = load_wording(ROOT)
ACTIVITIES, _ = load_activities(ROOT)
OLD = replace(SURE, seen="2020-01", seen_on=date(2020, 1, 1))


class Read(HTMLParser):
    """The text of a page, its links, and everything that would be fetched."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()
        self._quiet = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        self._quiet = tag == "style"
        if tag == "a":
            self.links.append(given.get("href") or "")
        if tag in ("script", "link", "img", "iframe", "object", "embed"):
            self.fetched.append(tag)
        self.fetched += [f"{tag} {name}" for name in given if name in ("src", "srcset", "style")
                         or name.startswith("on")]  # fmt: skip
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if given.get("id"):
            self.ids.append(str(given["id"]))

    def handle_endtag(self, tag: str) -> None:
        self._quiet = False

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    write_pages(folder, load_directory(ROOT)[0], ACTIVITIES, WORDING, HOW)
    return folder


def page_of(folder: Path, *services: object, doors: tuple[FrontDoor, ...] = ()) -> Read:
    directory = Directory({one.id: one for one in services},  # type: ignore[attr-defined]
                          {door.borough: door for door in doors})  # fmt: skip
    write_pages(folder, directory, ACTIVITIES, WORDING, HOW)
    return Read((folder / "lambeth.html").read_text("utf-8"))


def test_every_borough_has_a_page_and_a_poster_and_the_index_leads_to_them(real: Path) -> None:
    names = {path.name for path in real.iterdir()}
    pages = {f"{slug(one)}{kind}.html" for one in SERVED for kind in ("", "-poster")}
    assert names == pages | {"index.html"}
    assert set(Read((real / "index.html").read_text("utf-8")).links) == pages


@pytest.mark.parametrize("borough", SERVED)
def test_every_service_of_the_borough_is_there_with_its_date_and_its_mark(
    real: Path, borough: str
) -> None:
    text = Read((real / f"{slug(borough)}.html").read_text("utf-8")).text
    own = [one for one in load_directory(ROOT)[0].services.values() if one.borough == borough]
    for one in own:
        assert one.closed or one.name in text
    cards = text.count("info from") + text.count("info of unknown age")
    shown = [one for one in own if not one.closed]
    assert cards >= len(shown)
    unsure = sum(check_first(one, TODAY) for one in shown)
    assert text.count("Ask first: may not be running") == unsure


@pytest.mark.parametrize(
    "name", [f"{slug(one)}{kind}" for one in SERVED for kind in ("", "-poster")]
)
def test_nothing_is_fetched_and_the_page_is_in_order(real: Path, name: str) -> None:
    html = (real / f"{name}.html").read_text("utf-8")
    page = Read(html)
    assert page.fetched == []
    assert "url(" not in html
    assert "@import" not in html
    assert html.startswith('<!doctype html>\n<html lang="en-GB">')
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    steps = zip(page.headings, page.headings[1:], strict=False)
    assert all(later - earlier <= 1 for earlier, later in steps), page.headings
    assert len(page.ids) == len(set(page.ids))
    inner = {one[1:] for one in page.links if one.startswith("#")}
    assert inner <= set(page.ids)
    assert all(re.match(r"#|tel:\+?\d+$|mailto:|https?://", one) for one in page.links)


def test_what_is_unsure_is_marked_and_comes_after_what_is_sure(tmp_path: Path) -> None:
    page = page_of(tmp_path, replace(service("aaa"), assurance=OLD), service("zzz"))
    assert page.text.index("Zzz") < page.text.index("Aaa")
    assert page.text.count("Ask first: may not be running") == 1
    assert "1 of 2 entries here are marked" in page.text
    assert "info from 2020-01" in page.text


def test_what_is_not_known_says_so_and_staff_notes_are_not_printed(tmp_path: Path) -> None:
    club = service("club", free=None, contact=Contact(), caution="ask Jo about the side door")
    text = page_of(tmp_path, club).text
    assert "When not known, ask them" in text
    assert "Cost not known, ask them" in text
    assert "Contact no phone number or website is known" in text
    assert "Jo" not in text
    assert "Nothing known in Lambeth yet." in text


def test_planned_times_and_closed_times_are_printed_in_plain_words(tmp_path: Path) -> None:
    entry = ScheduleEntry.model_validate(
        {"days": ["Saturday"], "weeks": ["first"], "start": "10:00", "only": "term-time"}
    )
    shut = Closure(date(2026, 12, 1), date(2026, 12, 6), "building <work>")
    club = replace(
        service("club"), sessions=(entry.session(),), scheduled=True, closures=(shut,),
        when=("some Saturdays",),
    )  # fmt: skip
    text = page_of(tmp_path, club).text
    assert "first Saturday of the month 10:00 (term time)" in text
    assert "closed from Tue 1 Dec to Sun 6 Dec (building <work>)" in text
    assert "some Saturdays" not in text


def test_closed_services_and_other_boroughs_are_not_printed(tmp_path: Path) -> None:
    text = page_of(tmp_path, service("gone", closed=True), service("far", borough="Brent")).text
    assert "Gone" not in text
    assert "Far" not in text


def test_what_helps_with_more_than_one_need_is_named_under_the_others(tmp_path: Path) -> None:
    text = page_of(tmp_path, service("club", kinds=("find-activities", "find-mentor"))).text
    assert "These help with it too (look for them on this page): Club." in text


def test_the_front_door_can_be_rung_by_day_and_by_night(tmp_path: Path) -> None:
    door = FrontDoor("Lambeth", "MASH & co", "020 7926 3100 (option 3)", "020 7926 5555", None,
                     None, SURE)  # fmt: skip
    page = page_of(tmp_path, doors=(door,))
    assert "tel:02079263100" in page.links
    assert "tel:02079265555" in page.links
    assert "evenings, nights and weekends 020 7926 5555" in page.text
    assert "tel:999" in page.links
    assert "020 7926 5555 not confirmed" not in page.text


def test_nothing_that_stands_in_the_directory_becomes_markup(tmp_path: Path) -> None:
    bad = '<script>alert("x")</script>'
    club = replace(
        service("club", what=bad, cost=bad, free=False, when=(bad,), address=bad,
                contact=Contact(phone=bad, website="javascript:alert(1)", email=bad)),
        name=bad,
    )  # fmt: skip
    page = page_of(tmp_path, club)
    assert "script" not in page.tags
    assert bad in page.text
    assert not [one for one in page.links if "javascript" in one]
    assert "Example <Trust>" in page.text


def test_the_code_leads_to_the_borough_in_the_bot() -> None:
    for borough in SERVED:
        address = link("some_help_bot", borough)
        code = ET.fromstring(str(qr(address, "A <label>")))  # noqa: S314 - our own text
        path = code.find(".//{*}path[@stroke]")
        assert code.get("role") == "img"
        assert code.findtext("{*}title") == "A <label>"
        assert path is not None
        size = segno.make(address, error="q", micro=False).symbol_size(border=4)[0]
        assert code.get("viewBox") == f"0 0 {size} {size}"
        argument = address.partition("?start=")[2]
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", argument)
        turn = command(f"/start {argument}", ChatState(), None, small_world(), NOW)
        assert turn.state.borough == borough


@pytest.mark.parametrize(
    ("phone", "href"),
    [("020 7364 5006 (option 3)", "tel:02073645006"), ("116 123", "tel:116123"),
     ("+44 20 7946 0000", "tel:+442079460000"), ("999", "tel:999"), ("ask at the door", "")],
)  # fmt: skip
def test_a_number_can_be_tapped(phone: str, href: str) -> None:
    assert (phone_part(phone).text, phone_part(phone).href) == (phone, href)


def test_a_web_address_is_shown_as_people_type_it() -> None:
    assert web_part("https://www.example.org/a/").text == "example.org/a"
    assert web_part("https://www.example.org/" + "a" * 60).text == "example.org"
    assert web_part("www.example.org").href == ""


@pytest.mark.parametrize(
    ("name", "good"),
    [("myends_help_bot", True), ("HelpBot", True), ("help", False), ("1bot_bot", False),
     ("a" * 30 + "bot", False), ("x y bot", False), ("bot", False), ("my-bot", False)],
)  # fmt: skip
def test_only_a_bots_user_name_is_taken(name: str, good: bool) -> None:
    assert bool(BOT_NAME.fullmatch(name)) == good


def test_the_command_says_what_to_print_and_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPERATOR_NAME", "")
    assert main(["pages", str(tmp_path / "new" / "p"), "--bot", "@myends_help_bot"]) == 0
    out = capsys.readouterr().out
    assert "17 files in" in out
    assert "OPERATOR_NAME is not set" in out
    poster = Read((tmp_path / "new/p/lambeth-poster.html").read_text("utf-8")).text
    assert "This bot is run by: ____" in poster
    assert main(["pages", str(tmp_path), "--bot", "not a bot"]) == 2
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["pages", str(tmp_path / "file"), "--bot", "my_help_bot"]) == 1


def test_the_lines_for_day_and_night_are_there_and_surely_right() -> None:
    services = load_directory(ROOT)[0].services
    ids = [one.strip() for one in WORDING.label("pages.lines").split(",")]
    assert len(ids) >= 3
    for one in ids:
        assert services[one].contact.hours, one
        assert "24/7" in str(services[one].contact.hours)
        assert not check_first(services[one], TODAY)
