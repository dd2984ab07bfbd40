"""Times understanding, layer by layer, on our own examples: python -m benchmarks.understanding."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.content.intent_files import load_intents  # noqa: E402
from intents.understand import Understander, build_understander  # noqa: E402

HARD = {
    "empty": "",
    "10,000 characters": "can you help me with my cv please " * 300,
    "4,000 of one letter": "a" * 4000,
    "4,000, danger at the end": "we talked about football. " * 155 + "i want to kill myself",
}


def main() -> None:
    """Print start, p50 and p99 of every step, and the hard inputs."""
    start = time.perf_counter()
    content, _ = load_intents(ROOT)
    print(f"{'read the YAML':32}{seconds(start)}")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("start, cold cache", "start, warm cache"):
            start = time.perf_counter()
            understander = build_understander(content, (), {}, Path(folder))
            print(f"{name:32}{seconds(start)}")
    texts = [example.text for example in content.examples[::7]]
    for name, work in steps(understander).items():
        print(f"{name:32}{percentiles(work, texts)}")
    for name, text in HARD.items():
        start = time.perf_counter()
        understander.understand(text)
        print(f"{name:32}{(time.perf_counter() - start) * 1000:8.2f} ms")


def steps(understander: Understander) -> dict[str, Callable[[str], object]]:
    """What is timed, by name."""
    timed: dict[str, Callable[[str], object]] = {
        "normalise": understander.normal,
        "everything": understander.understand,
        "without rules": understander.with_rules(None).understand,
    }
    for layer in understander.layers():
        timed[f"only {layer.name}, no rules"] = (
            understander.with_layers([layer]).with_rules(None).understand
        )
    return timed


def percentiles(work: Callable[[str], object], texts: Sequence[str]) -> str:
    """p50 and p99 in milliseconds."""
    took = []
    for text in texts:
        start = time.perf_counter()
        work(text)
        took.append((time.perf_counter() - start) * 1000)
    took.sort()
    return f"p50 {took[len(took) // 2]:6.3f} ms   p99 {took[int(len(took) * 0.99)]:6.3f} ms"


def seconds(start: float) -> str:
    """The time since `start`."""
    return f"{time.perf_counter() - start:8.2f} s"


if __name__ == "__main__":
    main()
