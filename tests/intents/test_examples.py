"""Examples as columns are the same examples, and come back out of the cache as they were."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.intent_cache import load_intents_kept
from bot.content.intent_files import load_intents
from intents.examples import Example, Examples
from intents.model import Kind, Urgency

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = st.builds(
    Example,
    text=st.text(max_size=12),
    intent=st.sampled_from(["find", "help"]),
    urgency=st.sampled_from(Urgency),
    kind=st.none() | st.sampled_from(Kind),
    slice=st.sampled_from(["plain", "typos"]),
    twin=st.sampled_from(["", "a", "b"]),
    origin=st.just("intents/urgent/suicide.yaml"),
)


@given(st.lists(EXAMPLE, max_size=8))
def test_they_are_the_same_as_a_list(every: list[Example]) -> None:
    columns = Examples.of(every)
    assert columns == tuple(every)
    assert tuple(every) == columns
    assert columns[1:] == tuple(every[1:])
    assert Examples.kept(*columns.to_keep()) == every
    for i, one in enumerate(every):
        said = columns.text(i), columns.intent(i), columns.urgency(i), columns.kind(i)
        assert said == (one.text, one.intent, one.urgency, one.kind)
    typos = [one.slice == "typos" for one in every]
    assert columns.of_slice("typos").tolist() == typos


@pytest.mark.parametrize(
    ("field", "value"),
    [("text", "hi "), ("intent", "help"), ("urgency", Urgency.URGENT), ("kind", Kind.ABUSE),
     ("twin", "a")],
)  # fmt: skip
def test_the_digest_names_all_that_models_are_fitted_to(field: str, value: str) -> None:
    one = Example("hi", "find", Urgency.NONE, slice="plain")
    digest = Examples.of([one, one]).digest()
    assert digest == Examples.of([one, replace(one, slice="typos", origin="else")]).digest()
    assert digest != Examples.of([one, replace(one, **{field: value})]).digest()


def test_columns_that_do_not_fit_together_are_refused() -> None:
    told, arrays = Examples.of([Example("hi", "find", Urgency.NONE)]).to_keep()
    with pytest.raises(ValueError, match="columns"):
        Examples.kept(told, {**arrays, "intent": np.asarray([7], np.int32)})
    with pytest.raises(ValueError, match="whole"):
        Examples.kept(told, {**arrays, "texts": np.zeros(1, np.uint8)})


def test_the_content_comes_back_as_it_was_until_a_file_changes(tmp_path: Path) -> None:
    project, cache = tmp_path / "project", tmp_path / "cache"
    for folder in ("words", "rules"):
        shutil.copytree(ROOT / "intents" / folder, project / "intents" / folder)
    for name in ("phrases/greeting.yaml", "urgent/suicide.yaml"):
        path = project / "intents" / name
        path.parent.mkdir(parents=True)
        shutil.copy(ROOT / "intents" / name, path)
    read = load_intents(project)
    assert len(read[0].examples) > 100
    assert load_intents_kept(project, cache) == read  # made
    assert load_intents_kept(project, cache) == read  # out of the cache
    (kept,) = cache.glob("intents-*.npz")
    kept.write_bytes(kept.read_bytes()[:-2000])
    assert load_intents_kept(project, cache) == read  # made anew
    path.unlink()
    assert len(load_intents_kept(project, cache)[0].examples) < len(read[0].examples)
