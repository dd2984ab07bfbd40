"""Texts in words as arrays say the same as the texts themselves."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.documents import Documents, pair_key

TEXTS = st.lists(st.lists(st.sampled_from(["i", "lost", "my", "card", "ça"]), max_size=5))


@given(TEXTS)
def test_every_text_comes_back(texts: list[list[str]]) -> None:
    documents = Documents.of(texts)
    assert list(documents) == [tuple(text) for text in texts]
    assert documents[-1:] == [tuple(text) for text in texts[-1:]]
    assert Documents.of(documents) is documents


@given(TEXTS)
def test_counts_holders_and_neighbours_are_those_of_the_texts(texts: list[list[str]]) -> None:
    documents = Documents.of(texts)
    held, starts = documents.holders
    keys, often = documents.neighbours()
    words = [*documents.vocabulary, ""]
    pairs = Counter(pair for text in texts for pair in pairwise(("", *text, "")))
    number = {word: i for i, word in enumerate(words)}
    by_key = dict(zip(keys.tolist(), often.tolist(), strict=True))
    assert {
        pair_key(number[a], number[b], len(documents.vocabulary)): n for (a, b), n in pairs.items()
    } == by_key
    for i, word in enumerate(documents.vocabulary):
        assert documents.counts()[i] == sum(text.count(word) for text in texts)
        holders = [n for n, text in enumerate(texts) if word in text]
        assert held[starts[i] : starts[i + 1]].tolist() == holders


def test_a_part_of_them_has_the_same_vocabulary() -> None:
    documents = Documents.of([["a", "b"], [], ["c"], ["b"]])
    some = documents.where(np.asarray([True, True, False, True]))
    assert list(some) == [("a", "b"), (), ("b",)]
    assert some.vocabulary == documents.vocabulary


@pytest.mark.parametrize(
    ("numbers", "starts"),
    [([0, 1], [0, 3]), ([0, 5], [0, 2]), ([0, 1], [1, 2]), ([0, 1], []), ([0, 1], [0, 2, 1, 2])],
)
def test_arrays_that_do_not_fit_together_are_refused(numbers: list[int], starts: list[int]) -> None:
    arrays = np.asarray(numbers, np.int32), np.asarray(starts, np.int32)
    with pytest.raises(ValueError, match="fit together"):
        Documents.checked(["a", "b"], *arrays)


def test_no_text_is_beyond_the_last() -> None:
    with pytest.raises(IndexError):
        Documents.of([["a"]])[1]
