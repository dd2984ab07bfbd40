"""Our engine on public intent sets, beside published figures.

    python -m benchmarks.public_sets [--set CLINC150] [--only few] [--draws 3] [--tune]

Reads ../shared/evaluation/public; fetches the published all-MiniLM-L6-v2 once (87 MB, hash checked)
into data/cache/public-sets, where the sentence vectors are kept too. Minutes the first time. Every
set goes through the same steps: trained on its training part, joined by figures on held-out
training messages, measured once on its test part.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.public_data import NOTHING, PublicSet, load_sets, slipped
from benchmarks.public_engine import (
    TRADE,
    Engine,
    Joint,
    Shares,
    ToVectors,
    Tune,
    choose,
    held_out,
    train,
)
from benchmarks.public_vectors import BaseEncoder, NoBaseModelError, Vectors, fetch_base
from bot.content.intent_files import load_intents
from intents.content import IntentContent

ROOT = Path(__file__).resolve().parents[1]
PUBLIC = ROOT.parent / "shared" / "evaluation" / "public"
CACHE = ROOT / "data" / "cache" / "public-sets"
SEED = 20261122
SLIPS = 2
TIMED = 300  # messages
TRAININGS = 3  # of the encoder that answers the test part; what it is tuned to is their mean
QUICK = ("words", "ngrams")
PUBLISHED = (
    "published on CLINC150 (Larson et al. 2019, in-scope / out-of-scope recall):",
    "  with out-of-scope examples: SVM 91.0 / 14.5, Rasa 91.5 / 45.3, MLP on USE 93.5 / 47.4,"
    " BERT 96.9 / 40.3",
    "  with a limit on confidence: MLP 93.4 / 49.1, BERT 96.2 / 52.3",
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of one way to answer, in percent of the messages."""

    scope: float  # right among in-scope messages, where every message gets its likeliest intent
    kept: float  # the same, where unsure messages are not answered: those count as wrong
    recall: float  # out-of-scope messages that are not answered

    def __str__(self) -> str:
        found = "-" if np.isnan(self.recall) else f"{self.recall:.1f}"
        return f"{self.scope:9.1f} {self.kept:9.1f} {found:>9}"


def figures(joined: Shares, joint: Joint, intents: Sequence[str], truth: Sequence[str]) -> Figures:
    """Measure answers against what is right."""
    right = np.asarray(truth)
    scope = right != NOTHING
    first = np.asarray([intents[i] for i in joined.argmax(axis=1)])
    said = np.asarray(joint.answers(joined, intents))
    recall = (said[~scope] == NOTHING).mean() if (~scope).any() else float("nan")
    shares = (first == right)[scope].mean(), (said == right)[scope].mean(), recall
    return Figures(*(100 * float(share) for share in shares))


def measure(
    public: PublicSet, content: IntentContent, vectors: ToVectors | None, tune: Tune | None = None
) -> Figures:
    """Train, choose, and print one set's table; returns what all layers together reach."""
    start = time.perf_counter()
    truth = [intent for _, intent in public.train]
    told = held_out(public.train, content, vectors, tune, SEED)
    intents = sorted(set(truth))
    alone = {name: choose({name: table}, truth, intents) for name, table in told.items()}
    without = {name: table for name, table in told.items() if name in QUICK}
    ways = {**alone, "words + ngrams": choose(without, truth, intents)}
    if len(told) > len(without):
        ways["all together"] = choose(told, truth, intents)
    engine = train(public.train, content, vectors, tune, TRAININGS)
    took = time.perf_counter() - start
    print(f"\n{public.name}: {len(public.train)} messages of {len(intents)} intents, {took:.0f} s")
    whole = print_table(public, engine, ways)
    joint = list(ways.values())[-1]
    print("  weights " + ", ".join(f"{n} {w:g}" for n, w in joint.weights.items()), end="; ")
    print("sharpness " + ", ".join(f"{n} {s:g}" for n, s in joint.sharpness.items()), end="; ")
    print(f"limit {joint.limit:.2f}")
    print_times(public, engine, joint)
    sys.stdout.flush()
    return whole


def print_table(public: PublicSet, engine: Engine, ways: Mapping[str, Joint]) -> Figures:
    """A line for each way to answer: as typed and with slips, each mended or not."""
    texts = [text for text, _ in public.test]
    truth = [intent for _, intent in public.test]
    typed = slipped(texts, SLIPS, SEED)
    conditions = {
        "as typed": engine.shares(engine.read(texts)),
        "not mended": engine.shares(engine.unmended(texts)),
        f"{SLIPS} slips": engine.shares(engine.read(typed)),
        f"{SLIPS} slips, not mended": engine.shares(engine.unmended(typed)),
    }
    print(f"  {'':37}{'in-scope':>9} {'with limit':>9} {'oos found':>9}")
    for way, joint in ways.items():
        for condition, shares in conditions.items():
            joined = joint({name: shares[name] for name in joint.weights})
            print(f"  {way:16}{condition:21}{figures(joined, joint, engine.intents, truth)}")
    joined = joint({name: conditions["as typed"][name] for name in joint.weights})
    for part, limit in zip(TRADE, joint.trade, strict=True):
        found = figures(joined, replace(joint, limit=limit), engine.intents, truth)
        print(f"  {way}, giving up {100 * part:g} % ".ljust(39) + str(found))
    return figures(joined, joint, engine.intents, truth)


def print_times(public: PublicSet, engine: Engine, joint: Joint) -> None:
    """Milliseconds of one message, one after the other: every layer alone and everything."""
    step = max(1, len(public.test) // TIMED)
    texts = [text for text, _ in public.test[::step]]

    timed: dict[str, Callable[[str], object]] = {"normalise": engine.normaliser}
    for layer in engine.layers:
        alone = replace(engine, layers=(layer,))
        timed[layer.name] = alone.one
    timed["everything"] = lambda text: joint.one(engine.one(text))
    for name, work in timed.items():
        took = []
        for text in texts:
            start = time.perf_counter()
            work(text)
            took.append(1000 * (time.perf_counter() - start))
        p50, p99 = np.percentile(took, [50, 99])
        print(f"  {name:16}p50 {p50:6.2f} ms   p99 {p99:6.2f} ms")


def base_vectors() -> Vectors | None:
    """Sentence vectors of the published model; None, with a sentence why, where it is not had."""
    try:
        return Vectors(BaseEncoder.load(fetch_base(CACHE / "base")), CACHE)
    except NoBaseModelError as error:
        print(f"without the encoder layer: {error}")
        return None


def few_of(
    public: PublicSet, given: argparse.Namespace, content: IntentContent, vectors: Vectors | None
) -> None:
    """The set with few examples, drawn several times: one draw of ten says little."""
    tune = None
    if given.tune and vectors is not None:
        from benchmarks.public_tuning import tuned  # torch, which only this needs

        base = CACHE / "base"
        tune = lambda texts, intents, times: tuned(texts, intents, base, times)  # noqa: E731
    found = [
        measure(public.few(given.few, SEED + draw), content, vectors, tune)
        for draw in range(given.draws)
    ]
    scope = [one.scope for one in found]
    print(
        f"\n{public.name}, {given.few} examples an intent, all together, {len(scope)} draws:"
        f" {np.mean(scope):.1f} on average, {min(scope):.1f} to {max(scope):.1f}"
    )


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--set", action="append", help="only the set of this name; may be repeated")
    parser.add_argument("--few", type=int, default=10, help="examples an intent in the small runs")
    parser.add_argument("--draws", type=int, default=3, help="of the small runs")
    parser.add_argument("--threads", type=int, default=2, help="for numpy and scikit-learn")
    parser.add_argument("--only", choices=("few", "whole"), help="only these runs")
    parser.add_argument("--no-encoder", action="store_true", help="only what is learnt in seconds")
    parser.add_argument(
        "--tune", action="store_true", help="fine-tune the encoder in the small runs; needs torch"
    )
    given = parser.parse_args()
    sets, missing = load_sets(PUBLIC)
    print("\n".join(missing) or f"all sets are in {PUBLIC.name}")
    content, _ = load_intents(ROOT)
    with threadpool_limits(given.threads):
        vectors = None if given.no_encoder else base_vectors()
        for public in sets:
            if given.set is None or public.name in given.set:
                if given.only != "whole":
                    few_of(public, given, content, vectors)
                if given.only != "few":
                    measure(public, content, vectors)
    print()
    print("\n".join(PUBLISHED))


if __name__ == "__main__":
    main()
