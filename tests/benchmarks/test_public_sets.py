"""The benchmark on public sets: what it loads, the slips it makes, and how it joins layers."""

import json
import random
from pathlib import Path

import numpy as np
import pytest

from benchmarks.public_data import NOTHING, PublicSet, load_sets, slip, slipped
from benchmarks.public_engine import FOLDS, Joint, choose, folds, named, sharpened, train
from benchmarks.public_sets import figures
from intents.content import IntentContent, Thresholds
from intents.layers import Reading

BALANCE, PASTA, LOST = "balance", "pasta", "lost_card"
PAIRS = (
    ("how much money is in my account", BALANCE),
    ("what is my balance", BALANCE),
    ("tell me the balance of my account", BALANCE),
    ("how long do i cook pasta", PASTA),
    ("when is the pasta done", PASTA),
    ("pasta cooking time please", PASTA),
    ("who won the match", NOTHING),
    ("how high is the moon", NOTHING),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    clinc = {
        "train": [[t, i] for t, i in PAIRS if i != NOTHING],
        "oos_train": [[t, "oos"] for t, i in PAIRS if i == NOTHING],
        "val": [["never read", PASTA]],
        "oos_val": [["never read either", "oos"]],
        "test": [["is my balance low", BALANCE]],
        "oos_test": [["who is the king", "oos"]],
    }
    (tmp_path / "clinc150.json").write_text(json.dumps(clinc), encoding="utf-8")
    rows = 'text,category\n"Where is it?\nMy card, I mean",lost_card\n'
    for part in ("train", "test"):
        (tmp_path / f"banking77_{part}.csv").write_text(rows, encoding="utf-8")
    return tmp_path


def test_sets_are_read_with_out_of_scope_as_our_own_intent(folder: Path) -> None:
    (clinc, banking), missing = load_sets(folder)
    assert missing == []
    assert clinc.train == PAIRS
    assert clinc.test == (("is my balance low", BALANCE), ("who is the king", NOTHING))
    assert clinc.has_nothing
    assert banking.train == (("Where is it? My card, I mean", LOST),)
    assert not banking.has_nothing


def test_what_is_absent_is_left_out_with_a_reason(folder: Path) -> None:
    (folder / "clinc150.json").unlink()
    (folder / "banking77_test.csv").unlink()
    sets, missing = load_sets(folder)
    assert sets == []
    assert [line.split(":")[0] for line in missing] == ["CLINC150 left out", "BANKING77 left out"]
    assert "banking77_test.csv" in missing[1]


def test_few_examples_are_drawn_evenly_and_the_same_again() -> None:
    whole = PublicSet("tiny", PAIRS, PAIRS)
    few = whole.few(2, seed=1)
    assert sorted(i for _, i in few.train) == [BALANCE] * 2 + [NOTHING] * 2 + [PASTA] * 2
    assert set(few.train) < set(PAIRS)
    assert few.train == whole.few(2, seed=1).train
    assert few.test == PAIRS


def test_slips_are_the_same_with_the_same_seed_and_change_one_word_each() -> None:
    texts = [text for text, _ in PAIRS]
    made = slipped(texts, 2, seed=3)
    assert made == slipped(texts, 2, seed=3)
    assert made != slipped(texts, 2, seed=4)
    chance = random.Random(0)
    for text in texts * 20:
        changed = slip(text, chance)
        pairs = list(zip(text.split(), changed.split(), strict=True))
        unlike = [(old, new) for old, new in pairs if old != new]
        assert len(unlike) == 1
        assert abs(len(unlike[0][0]) - len(unlike[0][1])) <= 1


@pytest.mark.parametrize("text", ["", "ok", "12 34", "да нет", "?!"])
def test_a_text_without_a_word_to_mistype_stays_as_it_is(text: str) -> None:
    assert slip(text, random.Random(0)) == text


def test_folds_spread_every_intent_evenly() -> None:
    intents = [BALANCE] * 9 + [PASTA] * 4
    found = folds(intents, seed=0)
    for intent in (BALANCE, PASTA):
        mine = [f for f, i in zip(found, intents, strict=True) if i == intent]
        sizes = [mine.count(number) for number in range(FOLDS)]
        assert max(sizes) - min(sizes) <= 1


def test_the_engine_learns_a_set_without_the_encoder() -> None:
    values = {"ngrams.sharpness": 4.0, "ngrams.danger-sharpness": 1.0, "words.power": 4.0}
    content = IntentContent(thresholds=Thresholds(values))
    engine = train(PAIRS, content, vectors=None)
    shares = engine.shares(engine.read(["my balance please", "is the pasta cooked"]))
    for table in shares.values():
        assert [engine.intents[i] for i in table.argmax(axis=1)] == [BALANCE, PASTA]
    assert [n.words for n in engine.read(["balanec"])] == [("balance",)]
    assert [n.words for n in engine.unmended(["balanec"])] == [("balanec",)]


def test_the_name_of_an_intent_is_one_more_example_of_it() -> None:
    assert set(named(PAIRS)) - set(PAIRS) == {("balance", BALANCE), ("pasta", PASTA)}


def test_layers_join_as_the_engine_joins_them() -> None:
    shares = {"words": np.asarray([[0.9, 0.1], [0.0, 0.0]]), "ngrams": np.asarray([[0.4, 0.6]] * 2)}
    joint = Joint({"words": 1.0, "ngrams": 2.0}, {"words": 0.25, "ngrams": 0.75})
    joined = joint(shares)
    readings = {n: Reading(dict(zip("ab", t[0].tolist(), strict=True))) for n, t in shares.items()}
    assert joint.one(readings) == pytest.approx(dict(zip("ab", joined[0], strict=True)))
    # A layer that says nothing does not count.
    assert joined[1] == pytest.approx(sharpened(shares["ngrams"], 2.0)[1])


def test_the_better_layer_gets_the_weight_and_the_limit_gives_up_little() -> None:
    truth = [BALANCE, PASTA] * 100
    good = np.asarray([[0.8, 0.2], [0.3, 0.7]] * 100)
    joint = choose({"good": good, "bad": good[:, ::-1]}, truth, [BALANCE, PASTA])
    assert joint.weights["good"] > joint.weights["bad"]
    found = figures(joint({"good": good, "bad": good[:, ::-1]}), joint, [BALANCE, PASTA], truth)
    assert found.scope == 100
    assert found.kept >= 99


def test_unsure_messages_are_not_answered_and_count_as_wrong() -> None:
    joined = np.asarray([[0.9, 0.1, 0.0], [0.4, 0.3, 0.3], [0.1, 0.2, 0.7], [0.35, 0.35, 0.3]])
    joint = Joint({}, {}, limit=0.5)
    truth = [BALANCE, BALANCE, NOTHING, NOTHING]
    found = figures(joined, joint, [BALANCE, PASTA, NOTHING], truth)
    assert (found.scope, found.kept, found.recall) == (100, 50, 100)
