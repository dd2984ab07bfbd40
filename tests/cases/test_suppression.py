"""No number under five can be found from what is shown, not even by who knows the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cases.suppression import REST, Share, finest, grouping, safe, share, shown

World = tuple[int, ...]


def found_out(worlds: Iterable[World], display: Callable[[World], Hashable]) -> list[World]:
    """The worlds in which somebody who knows every rule learns a number from one to four."""
    alike: defaultdict[Hashable, list[World]] = defaultdict(list)
    for world in worlds:
        alike[display(world)].append(world)
    return [
        same[0]
        for same in alike.values()
        for place in range(len(same[0]))
        if 0 < same[0][place] < 5 and len({world[place] for world in same}) == 1
    ]


def listed(world: World) -> Hashable:
    counts = dict(zip("abcdef", world, strict=False))
    groups = grouping(counts)
    if groups is None:
        return ()
    shown_as: defaultdict[str, int] = defaultdict(int)
    for label, number in counts.items():
        if number:
            shown_as[groups[label]] += number
    return tuple(sorted((label, shown(number)) for label, number in shown_as.items()))


@pytest.mark.parametrize(("labels", "most"), [(2, 30), (3, 22), (4, 13), (5, 8)])
def test_a_list_with_its_total_gives_no_small_number_away(labels: int, most: int) -> None:
    worlds = list(product(range(most), repeat=labels))
    assert found_out(worlds, lambda world: (shown(sum(world)), listed(world))) == []
    # Even where the total is known exactly from elsewhere.
    assert found_out(worlds, lambda world: (sum(world), listed(world))) == []


def test_a_share_with_its_whole_gives_neither_side_away() -> None:
    worlds = [(hits, rest) for hits in range(58) for rest in range(58 - hits)]
    assert found_out(worlds, lambda w: (shown(sum(w)), share(w[0], sum(w)))) == []


@pytest.mark.parametrize("most", [9])
def test_a_division_gives_no_small_number_away(most: int) -> None:
    def display(world: World) -> Hashable:
        halves = (world[0] + world[1], world[2] + world[3])
        name = finest({"fine": world, "coarse": halves})
        parts = {"fine": world, "coarse": halves}[name] if name else ()
        return shown(sum(world)), name, tuple(map(shown, parts))

    assert found_out(product(range(most), repeat=4), display) == []


def test_the_attack_finds_what_is_badly_hidden() -> None:
    worlds = list(product(range(12), repeat=2))
    assert found_out(worlds, lambda w: (sum(w), tuple(n if n >= 5 else None for n in w))) != []


numbers = st.lists(st.integers(0, 60), min_size=1, max_size=14)


@given(numbers)
def test_sums_and_differences_of_what_is_shown_are_never_small(counts: list[int]) -> None:
    groups = grouping({f"k{n:02}": count for n, count in enumerate(counts)}, most=5) or {}
    below: defaultdict[str, int] = defaultdict(int)
    for n, count in enumerate(counts):
        if count:
            below[groups.get(f"k{n:02}", "none")] += count
    seen = [shown(n) for n in below.values()] if groups else []
    seen.append(shown(sum(counts)))
    if groups:
        assert None not in seen
        assert all(number >= 5 for number in below.values())
        assert 2 <= len(below) <= 5
    told = [number for number in seen if number is not None]
    sums = {sum(part) for size in range(4) for part in combinations(told, size)}
    assert not {abs(one - other) for one, other in product(sums, sums)} & {1, 2, 3, 4}


@given(numbers, st.permutations(range(14)))
def test_names_do_not_decide_what_is_hidden(counts: list[int], order: list[int]) -> None:
    names = [f"k{n:02}" for n in order][: len(counts)]
    groups = grouping(dict(zip(names, counts, strict=True)))
    plain = grouping({f"k{n:02}": count for n, count in enumerate(counts)})
    assert (groups is None) == (plain is None)
    if groups and plain:
        hidden = sorted(c for n, c in zip(names, counts, strict=True) if groups.get(n) == REST)
        assert hidden == sorted(c for n, c in enumerate(counts) if plain.get(f"k{n:02}") == REST)


@pytest.mark.parametrize(
    ("hits", "of", "told"),
    [(0, 9, "unknown"), (0, 10, "none"), (4, 10, "few"), (5, 10, "about"), (6, 10, "most"),
     (10, 10, "all"), (5, 200, "about"), (195, 200, "about"), (0, 0, "unknown")],
)  # fmt: skip
def test_a_share_in_words(hits: int, of: int, told: str) -> None:
    found = share(hits, of)
    assert found.word == told
    assert (found.percent is not None) == (told == "about")
    assert found.percent in (None, 5, 50, 95)


def test_rounding_is_to_the_nearest_five_and_hides_one_to_four() -> None:
    assert [shown(n) for n in (0, 1, 4, 5, 7, 8, 12, 13)] == [0, None, None, 5, 5, 10, 10, 15]
    assert share(7, 21) == Share("about", 35)
    assert safe((0, 5))
    assert not safe((0, 0))
    assert not safe((9, 4))
