"""Postcodes are found in any spelling, and mended only where one reading exists."""

from __future__ import annotations

import pytest

from directory import postcode
from directory.postcode import Found, Known

SECTORS = {"SW97", "CR01", "E17", "E171", "SE18", "N176"}
DISTRICTS = {"SW9", "CR0", "E1", "E17", "SE1", "N17", "W8"}
KNOWN = Known(SECTORS.__contains__, DISTRICTS.__contains__)


def whole(text: str) -> Found | None:
    return postcode.whole(text, KNOWN)


@pytest.mark.parametrize(
    "typed", ["SW9 7UH", "sw97uh", "S W 9 7 U H", "SW9-7UH", "sw9.7uh", "  SW9   7uh "]
)
def test_any_spelling_of_a_full_postcode(typed: str) -> None:
    assert whole(typed) == Found("SW9", "7UH")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("CRO 1EA", Found("CR0", "1EA", repaired=True)),
        ("SW9 7OH", Found("SW9", "7OH")),
        ("SWG 7UH", None),
        ("SEI 8LZ", Found("SE1", "8LZ", repaired=True)),
        ("NI7 6AA", Found("N17", "6AA", repaired=True)),
        ("5W9 7UH", Found("SW9", "7UH", repaired=True)),
        ("CRO", Found("CR0", repaired=True)),
    ],
)
def test_typing_slips_are_mended_by_position(typed: str, found: Found | None) -> None:
    assert whole(typed) == found


def test_the_space_tells_a_sector_from_a_district() -> None:
    assert whole("E17") == Found("E17")
    assert whole("E1 7") == Found("E1", "7")
    assert whole("SW9 7U") == Found("SW9", "7U")


@pytest.mark.parametrize("typed", ["", "el", "seb", "no", "so", "is", "zz9 9zz", "M14 5TL", "😀"])
def test_words_are_no_postcodes(typed: str) -> None:
    assert whole(typed) is None


def test_found_inside_a_sentence() -> None:
    text = "is there boxing near sw9 7uh for my brother"
    found = list(postcode.inside(text, KNOWN))
    assert found[0] == (4, 2, Found("SW9", "7UH"))


def test_reading_what_was_read_changes_nothing() -> None:
    for typed in ("sw97uh", "CRO 1EA", "E1 7", "e17"):
        once = whole(typed)
        assert once is not None
        twice = whole(once.text)
        assert twice is not None
        assert twice.text == once.text
