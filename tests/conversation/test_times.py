"""Times as people say them, and in danger nobody is sent to a line that is closed unawares."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.content.directory_files import load_directory
from bot.conversation.cards import card, detail_lines, helpline_lines
from bot.conversation.danger import front_door_lines, safety_reply
from bot.conversation.state import ChatState
from bot.conversation.times import closed_for_now, next_time, opening, schedule_lines, spoken
from bot.conversation.world import World
from directory.hours import LONDON, upcoming
from directory.lines import parse_lines
from directory.model import Closure, Match, Service
from directory.opening import parse_opening
from directory.schedule import ScheduleEntry
from intents.model import Kind, Urgency
from tests.conversation.small_world import helpline, service, small_world

ROOT = Path(__file__).parents[2]
WORDS = small_world().wording
NOW = datetime(2026, 11, 25, 15, 0, tzinfo=LONDON)  # a Wednesday


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ((11, 25, 16), "today 16:00"),
        ((11, 25, 18), "tonight 18:00"),
        ((11, 26, 10), "tomorrow 10:00"),
        ((11, 28, 10), "Saturday 10:00"),
        ((12, 1, 17), "Tuesday 17:00"),
        ((12, 2, 17), "Wed 2 Dec 17:00"),
        ((12, 5, 10), "Sat 5 Dec 10:00"),
    ],
)
def test_as_people_say_it(moment: tuple[int, int, int], said: str) -> None:
    assert spoken(datetime(2026, *moment, tzinfo=LONDON), NOW, WORDS) == said


@pytest.mark.parametrize(
    ("now", "then", "said"),
    [
        # 23:30 on Saturday in UTC is Sunday in London: the clocks go forward in that night
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), datetime(2026, 3, 29, 9, tzinfo=UTC),
         "tomorrow 10:00"),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 3, 29, 9, tzinfo=UTC),
         "today 10:00"),
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), datetime(2026, 10, 25, 10, tzinfo=UTC),
         "tomorrow 10:00"),
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), datetime(2026, 10, 25, 18, tzinfo=UTC),
         "tonight 18:00"),
    ],
)  # fmt: skip
def test_across_the_clock_changes(now: datetime, then: datetime, said: str) -> None:
    assert spoken(then, now, WORDS) == said


def shown(found: Service, now: datetime = NOW) -> str:
    occurrence = upcoming(found, now)
    match = Match(found, 1.0, 700)
    if occurrence is not None:
        match = replace(match, next_session=occurrence.start, session_end=occurrence.end)
    return card(match, 1, WORDS, now)


def club(*lines: str, **changes: object) -> Service:
    return replace(service("club"), sessions=parse_lines(lines), when=lines, **changes)  # type: ignore[arg-type]


def test_on_now_and_next() -> None:
    assert "on now, until 16:30" in shown(club("Wednesday 14:00-16:30"))
    assert "next: tonight 18:00" in shown(club("Wednesday 18:00-20:00"))
    assert "next:" not in shown(club("some evenings"))
    assert next_time(Match(service("a"), 1.0), NOW, WORDS) == ""


def test_a_closed_period_is_said_when_it_is_near() -> None:
    shut = Closure(date(2026, 12, 1), date(2026, 12, 6), "building <work>")
    found = club("Wednesday 14:00-16:30", closures=(shut,))
    said = "closed from Tue 1 Dec to Sun 6 Dec (building &lt;work&gt;)"
    assert said in shown(found)
    assert said in "\n".join(detail_lines(Match(found, 1.0), WORDS, NOW))
    assert closed_for_now(found, NOW.replace(month=10).date(), WORDS) == ""
    assert closed_for_now(found, date(2026, 12, 7), WORDS) == ""
    one = replace(found, closures=(replace(shut, last=shut.first),))
    assert "closed on Tue 1 Dec" in closed_for_now(one, NOW.date(), WORDS)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"days": ["Monday", "Wednesday"]}, "Monday and Wednesday 17:00-19:00"),
        ({"days": ["Monday", "Tuesday", "Wednesday"]}, "Monday to Wednesday 17:00-19:00"),
        ({"days": ["Monday", "Tuesday", "Friday"], "only": "term-time"},
         "Monday, Tuesday and Friday 17:00-19:00 (term time)"),
        ({"days": ["Saturday"], "weeks": ["first", "third"], "ages": {"min": 11, "max": 13}},
         "first and third Saturday of the month 17:00-19:00 (ages 11 to 13)"),
        ({"days": ["Tuesday"], "every": "2 weeks", "from": "2026-12-01"},
         "Tuesday every 2 weeks 17:00-19:00 (from Tue 1 Dec)"),
        ({"dates": ["2026-11-20", "2026-12-05"], "note": "bring a towel"},
         "Sat 5 Dec 17:00-19:00 (bring a towel)"),
        ({"rule": "FREQ=MONTHLY;BYMONTHDAY=-1", "from": "2026-01-01",
          "note": "the last day of the month", "until": "2027-01-31"},
         "the last day of the month 17:00-19:00 (until Sun 31 Jan)"),
        ({"days": ["Monday"], "until": "2026-11-01"}, None),
        ({"dates": ["2026-11-20"]}, None),
    ],
)  # fmt: skip
def test_a_schedule_in_plain_words(raw: dict[str, object], said: str | None) -> None:
    entry = ScheduleEntry.model_validate({"start": "17:00", "end": "19:00", **raw})
    found = replace(service("club"), sessions=(entry.session(),), scheduled=True)
    assert schedule_lines(found, NOW.date(), WORDS) == ([said] if said else [])
    if said:
        assert f"When: {said}" in "\n".join(detail_lines(Match(found, 1.0), WORDS, NOW))


def line(name: str, hours: str) -> Service:
    found = helpline(name, "mental-health", phone="0800 000 000")
    contact = replace(found.contact, hours=hours)
    return replace(found, contact=contact, open_hours=parse_opening(hours))


@pytest.mark.parametrize(
    ("hours", "hour", "said"),
    [
        ("Mon-Fri 09:00-17:00", 10, "open now"),
        ("Mon-Fri 09:00-17:00", 8, "closed now, opens today 09:00"),
        ("Mon-Fri 09:00-17:00", 18, "closed now, opens tomorrow 09:00"),
        ("daily 17:00-00:00", 16, "closed now, opens tonight 17:00"),
        ("weekdays; exact times disputed", 10, ""),
    ],
)
def test_whether_a_helpline_is_open(hours: str, hour: int, said: str) -> None:
    now = NOW.replace(hour=hour)
    found = line("line", hours)
    assert opening(found, now, WORDS) == said
    assert said in shown(found, now)


def test_a_line_that_always_answers_does_not_say_so_twice() -> None:
    text = shown(line("line", "24/7"))
    assert text.count("24 hours") == 1
    assert "open now" not in text


def world_of(*lines: Service) -> World:
    return replace(small_world(), services={one.id: one for one in lines})


def test_in_danger_a_line_that_is_closed_comes_last_and_says_so() -> None:
    world = world_of(line("day", "Mon-Fri 09:00-17:00"), line("always", "24/7"),
                     line("unsure", "weekdays; exact times disputed"))  # fmt: skip
    by_day = helpline_lines("day, always, unsure", world, NOW, sure_only=True)
    assert by_day == [
        "• <b>Day</b>: 0800 000 000 (Mon-Fri 09:00-17:00)",
        "• <b>Always</b>: 0800 000 000 (24 hours)",
        "• <b>Unsure</b>: 0800 000 000",
    ]
    at_night = NOW.replace(hour=23)
    assert helpline_lines("day, always, unsure", world, at_night, sure_only=True) == [
        "• <b>Always</b>: 0800 000 000 (24 hours)",
        "• <b>Unsure</b>: 0800 000 000",
        "• <b>Day</b>: 0800 000 000 (closed now, opens tomorrow 09:00)",
    ]


def test_on_a_bank_holiday_nothing_is_claimed() -> None:
    world = world_of(line("day", "Mon-Fri 09:00-17:00"))
    christmas = datetime(2026, 12, 25, 12, tzinfo=LONDON)
    (said,) = helpline_lines("day", world, christmas, sure_only=True)
    assert said.endswith("(Mon-Fri 09:00-17:00)")


def test_at_night_the_number_that_answers_at_night_comes_first() -> None:
    door = replace(small_world().front_doors["Lambeth"],
                   open_day=parse_opening("Monday to Friday 09:00-17:00"))  # fmt: skip
    world = replace(small_world(), front_doors={"Lambeth": door})
    day = front_door_lines("Lambeth", world, NOW)
    assert ["020 7926 3100" in day[0], "020 7926 5555" in day[1]] == [True, True]
    night = front_door_lines("Lambeth", world, NOW.replace(hour=22))
    assert "020 7926 5555" in night[0]
    assert night[1].endswith("020 7926 3100 (closed now, opens tomorrow 09:00)")
    unknown = front_door_lines("Lambeth", small_world(), NOW.replace(hour=22))
    christmas = datetime(2026, 12, 25, 12, tzinfo=LONDON)
    assert front_door_lines("Lambeth", world, christmas) == day
    assert unknown == day  # where the hours are not known, nothing is claimed


@pytest.mark.parametrize("hour", range(0, 24, 3))
@pytest.mark.parametrize("kind", [None, *Kind])
def test_no_safety_step_names_a_closed_line_without_saying_so(
    kind: Kind | None, hour: int, real: World
) -> None:
    """With the real directory, on a Sunday night and a Monday, all day long."""
    for day in (29, 30):
        now = datetime(2026, 11, day, hour, tzinfo=LONDON)
        text = safety_reply(ChatState(), kind, Urgency.URGENT, real, now).text
        for one in real.services.values():
            phone = one.contact.phone
            if phone and len(phone) > 3 and f": {phone} (" in text:
                said = next(row for row in text.splitlines() if f": {phone} (" in row)
                assert ("closed now" in said) is (opening(one, now, WORDS).startswith("closed"))
        assert "999" in text


@pytest.fixture(scope="module")
def real() -> World:
    directory, _ = load_directory(ROOT)
    return replace(
        small_world(), services=directory.services, front_doors=directory.front_doors
    )  # fmt: skip
