"""Columns are matched by pattern, and a row is read, left out with a reason, or refused."""

from __future__ import annotations

import pytest

from directory.postcode_layouts import (
    BadRowError,
    MissingColumnError,
    Row,
    code_point,
    ons,
)


def split(header: str) -> list[str]:
    return header.split(",")


AREAS = frozenset({"SW", "E", "IG"})
OLD_ONSPD = split(
    "pcd,pcd2,pcds,dointr,doterm,oscty,ced,oslaua,osward,parish,usertype,oseast1m,osnrth1m,"
    "osgrdind,lat,long"
)
OLD_NSPL = split("pcd,pcd2,pcds,dointr,doterm,usertype,oseast1m,osnrth1m,laua,ward,lat,long")
NEW = split("pcd7,pcd8,pcds,dointr,doterm,usrtypind,east1m,north1m,lad26cd,wd26cd,lat,long")


def cells(header: list[str], **values: str) -> list[str]:
    given = {"pcds": "SW9 7UH", "lat": "51.46779", "long": "-0.10372"}
    for name in ("oslaua", "laua", "lad26cd", "LAD26CD"):
        given[name] = "E09000022"
    given |= values
    return [given.get(name, given.get(name.lower(), "")) for name in header]


@pytest.mark.parametrize(
    "header", [OLD_ONSPD, OLD_NSPL, NEW, [name.upper() for name in NEW], NEW[::-1]]
)
def test_columns_are_found_whatever_the_year_calls_them(header: list[str]) -> None:
    assert ons(header, AREAS)(cells(header)) == Row("SW97UH", 51.46779, -0.10372, "E09000022")


def test_of_two_years_the_later_counts() -> None:
    header = [*NEW, "lad25cd"]
    found = ons(header, AREAS)(cells(header, lad25cd="E09000001"))
    assert isinstance(found, Row)
    assert found.code == "E09000022"


@pytest.mark.parametrize(
    ("gone", "said"), [("pcds", "pcds"), ("doterm", "doterm"), ("lad26cd", "lad26cd"),
                       ("long", "no long")],
)  # fmt: skip
def test_a_missing_column_is_named(gone: str, said: str) -> None:
    header = [name for name in NEW if name not in (gone, "east1m")]
    with pytest.raises(MissingColumnError, match=said):
        ons(header, AREAS)


def test_the_grid_answers_where_degrees_are_missing() -> None:
    header = [name for name in NEW if name not in ("lat", "long")]
    found = ons(header, AREAS)(cells(header, east1m="531754", north1m="176007"))
    assert isinstance(found, Row)
    assert (found.lat, found.lon) == (
        pytest.approx(51.468, abs=2e-3),
        pytest.approx(-0.104, abs=2e-3),
    )


def test_a_postcode_that_has_ended_says_when() -> None:
    found = ons(NEW, AREAS)(cells(NEW, doterm="201905"))
    assert isinstance(found, Row)
    assert found.ended == 201905


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"pcds": "BT1 1AA"}, "Northern Ireland and the islands"),
        ({"pcds": "JE2 3AB"}, "Northern Ireland and the islands"),
        ({"pcds": "GY1 1AA"}, "Northern Ireland and the islands"),
        ({"pcds": "IM1 1AA"}, "Northern Ireland and the islands"),
        ({"pcds": "M14 5TL"}, "far from London"),
        ({"pcds": "NPT 0AA"}, "far from London"),
        ({"lat": "99.999999", "long": "0.000000"}, "without a position"),
        ({"lat": "", "long": ""}, "without a position"),
        ({"lad26cd": ""}, "without a position"),
    ],
)
def test_what_is_left_out_and_why(values: dict[str, str], why: str) -> None:
    assert ons(NEW, AREAS)(cells(NEW, **values)) == why


@pytest.mark.parametrize(
    "values",
    [
        {"pcds": "SW9 UH"}, {"pcds": ""}, {"pcds": "12345"}, {"lat": "north"}, {"lat": "nan"},
        {"lat": "53.5"}, {"long": "1.5"}, {"doterm": "May"}, {"lat": "-0.10372", "long": "51.46"},
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_right_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(BadRowError):
        ons(NEW, AREAS)(cells(NEW, **values))


def test_a_row_of_another_width_is_refused() -> None:
    with pytest.raises(BadRowError, match="the header has 12"):
        ons(NEW, AREAS)(["SW9 7UH"])


def code_point_row(postcode: str, **values: str) -> list[str]:
    given = {"east": "531754", "north": "176007", "district": "E09000022"} | values
    return [postcode, "10", given["east"], given["north"], "E92000001", "", "", "",
            given["district"], "E05014089"]  # fmt: skip


@pytest.mark.parametrize("written", ["SW9 7UH", "SW9  7UH", "SW97UH", "sw9 7uh"])
def test_code_point_may_pad_the_postcode(written: str) -> None:
    found = code_point(AREAS)(code_point_row(written))
    assert isinstance(found, Row)
    assert (found.postcode, found.code) == ("SW97UH", "E09000022")


def test_code_point_without_coordinates_is_left_out() -> None:
    assert code_point(AREAS)(code_point_row("SW9 7UH", east="0", north="0")) == "without a position"


def test_code_point_with_too_few_columns_is_refused() -> None:
    with pytest.raises(BadRowError, match="3 columns"):
        code_point(AREAS)(["SW9 7UH", "10", "531754"])
