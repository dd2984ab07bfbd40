"""Times understanding on one core: start, memory, every layer alone and together, hard inputs.

    python -m benchmarks.understanding

Own examples are read, and the development messages where ../shared/evaluation is there. Every text
is read for the first time; the words in it may have been met before, as in a bot that runs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.commands.trials import new_trial, without  # noqa: E402
from bot.content.intent_files import load_intents  # noqa: E402
from intents.understand import Understander  # noqa: E402

WEIGHTS = ROOT / "intents" / "weights"
SHARED = ROOT.parent / "shared" / "evaluation"
MOST_SENT = 4_096  # characters of one message in Telegram
WARMING = 400  # messages read before the clock runs
HARD = {
    "empty": "",
    "10,000 characters": "can you help me with my cv please " * 300,
    "4,000 of one letter": "a" * 4000,
    "4,000, danger at the end": "we talked about football. " * 155 + "i want to kill myself",
    "zalgo": "".join(c + "\u0300\u0316\u0489" * 20 for c in "help me please he has a knife"),
}
START = """
import resource, sys, time
start = time.perf_counter()
from pathlib import Path
from bot.commands.content import ROOT
from bot.content.catalogue import Operation, load_catalogue
imported = time.perf_counter()
loaded, _ = load_catalogue(Path(ROOT), Operation("x"), Path(sys.argv[1]))
loaded.world.understand("any boxing near brixton")
done = time.perf_counter()
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(imported - start, done - imported, memory)
"""


def main() -> None:
    """Print everything."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    for name, took in starts():
        print(f"{name:44}{took}")
    content, _ = load_intents(ROOT)
    texts = [example.text for example in content.examples]
    warm, sets = texts[1 :: max(1, len(texts) // WARMING)], message_sets(texts)
    whole = new_trial(content, WEIGHTS if (WEIGHTS / "encoder.json").exists() else None)
    understander = whole.understander(content)
    for name, work in steps(understander).items():
        for text in warm:
            work(text)
        for of, messages in sets.items():
            print(f"{name:28}{of:16}{percentiles(work, messages)}")
    for name, text in (HARD | varied(texts)).items():
        first, *again = (seconds(understander.understand, text) for _ in range(4))
        print(f"{name:44}{1000 * min(again):8.2f} ms   {1000 * first:8.2f} ms the first time")


def starts() -> Iterator[tuple[str, str]]:
    """The whole content loaded by a process of its own, and one message understood."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("start, cold cache", "start, warm cache"):
            command = [sys.executable, "-c", START, folder]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
            imports, loading, memory = map(float, done.stdout.split())
            yield (
                name,
                f"{imports:6.2f} s imports {loading:6.2f} s content {memory:6.0f} MB at most",
            )


def message_sets(texts: Sequence[str]) -> dict[str, list[str]]:
    """What is read: every eleventh example of ours, and the development messages."""
    sets = {"own examples": list(texts[::11])}
    found = [
        json.loads(line)["text"]
        for path in sorted(SHARED.glob("dev_*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return sets | ({"development": found} if found else {})


def varied(texts: Sequence[str]) -> dict[str, str]:
    """Long messages in which nothing is said twice, as the repeated ones above are not."""
    said = " ".join(texts[5::97])
    return {f"{n:,} characters, all different": said[:n] for n in (MOST_SENT, 10_000)}


def steps(understander: Understander) -> Mapping[str, Callable[[str], object]]:
    """What is timed, by name; each with memories of its own."""
    names = [layer.name for layer in understander.layers()]
    timed: dict[str, Callable[[str], object]] = {"normalise": understander.normal}
    for name in names:
        others = [other for other in (*names, "rules") if other != name]
        timed[f"only {name}"] = without(understander, others).understand
    timed["without the encoder"] = without(understander, ["encoder"]).understand
    timed["everything"] = understander.understand
    return timed


def percentiles(work: Callable[[str], object], texts: Sequence[str]) -> str:
    """p50 and p99 in milliseconds."""
    took = sorted(1000 * seconds(work, text) for text in texts)
    return f"p50 {took[len(took) // 2]:6.2f} ms   p99 {took[int(len(took) * 0.99)]:6.2f} ms"


def seconds(work: Callable[[str], object], text: str) -> float:
    """How long one message takes."""
    start = time.perf_counter()
    work(text)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
