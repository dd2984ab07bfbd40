"""A long message in parts, so that what stands at its end weighs as much as what stands alone."""

from __future__ import annotations

from intents.normalise import STOPS, Normal

Words = tuple[str, ...]
SHORTEST = 3  # words; a shorter part is read with its neighbour
LONGEST = 28
STEP = 20  # parts of a long run overlap, so that no sentence is cut in both of them
MOST = 130  # parts of one message; more than 10,000 characters give


def parts(normal: Normal) -> list[Words]:
    """The different sentences of a message, long ones in overlapping runs; none of a short one."""
    runs: list[list[str]] = [[]]
    for token in normal.text.split():
        if token in STOPS:
            if len(runs[-1]) >= SHORTEST:
                runs.append([])
        else:
            runs[-1].append(token)
    if len(runs) > 1 and len(runs[-1]) < SHORTEST:
        last = runs.pop()
        runs[-1] += last
    if len(runs) == 1 and len(runs[0]) <= LONGEST:
        return []
    found = [part for run in runs for part in _overlapping(tuple(run))]
    # What is said again and again is one part, where it was said last.
    found = list(dict.fromkeys(reversed(found)))[::-1]
    return found if len(found) <= MOST else [*found[: MOST // 2], *found[-MOST // 2 :]]


def _overlapping(run: Words) -> list[Words]:
    if len(run) <= LONGEST:
        return [run]
    return [run[i : i + LONGEST] for i in range(0, len(run) - LONGEST + STEP, STEP)]
