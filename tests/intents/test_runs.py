"""Known runs of words are found from left to right, the longest first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intents.runs import Runs

WORD = st.sampled_from(["a", "bb", "ccc", "dd"])
RUN = st.lists(WORD, min_size=1, max_size=4).map(tuple)


def one_by_one(values: dict[tuple[str, ...], str], words: list[str]) -> list[tuple[int, int, str]]:
    found, i = [], 0
    while i < len(words):
        fitting = [run for run in values if tuple(words[i : i + len(run)]) == run]
        if fitting:
            longest = max(fitting, key=len)
            found.append((i, i + len(longest), values[longest]))
            i += len(longest)
        else:
            i += 1
    return found


@given(runs=st.sets(RUN, max_size=6), words=st.lists(WORD | st.just("other"), max_size=14))
def test_the_same_as_one_by_one(runs: set[tuple[str, ...]], words: list[str]) -> None:
    values = {run: " ".join(run) for run in runs}
    assert list(Runs(values).found(words)) == one_by_one(values, words)


def test_without_the_longest_word_there_is_none() -> None:
    runs = Runs({("young", "carers"): "carers", (): "nothing"})
    assert runs.may_be_in(["a", "carers"])
    assert not runs.may_be_in(["young", "people"])
    assert list(runs.found(["young"])) == []
