"""What people looked for and what nobody could give, as anonymous counts of the last days."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.commands.stored import read_database
from bot.delivery.counted import SMALLEST, WRONG, summed, visible
from bot.delivery.errors import StorageError
from bot.delivery.ports import Unit
from bot.settings import Settings, SettingsError, read_settings

CANNOT_START = 78  # EX_CONFIG, as `run` ends
# What is counted (the Count acts of bot/conversation), and how it is called here.
SECTIONS = {
    "search": "Searches, by what and where",
    "widened": "Searches that found something only further off, on other days or online",
    "unmet": "Searches that found nothing",
    "not-understood": "Messages that were not understood",
    "judged": "Alarms that workers judged afterwards, by what they said and kind",
    "care": "Workers asked after a heavy case whether they are all right, by answer",
    WRONG: "Entries that people said are wrong",
}


def report(given: argparse.Namespace) -> int:
    """Print the counts of the last days."""
    try:
        stored = read_stored(read_settings(), given.days, datetime.now(UTC))
    except SettingsError as error:
        return _refuse(str(error))
    except (StorageError, ValueError) as error:
        return _refuse(str(error))
    shown = {what: visible(counts) for what, counts in stored.counts.items()}
    words = stored.words if given.words else []
    if given.json:
        told = {"days": given.days, "counts": shown, "words": words}
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        print("\n".join([*report_lines(shown, given.days), *word_lines(stored.words, given.words)]))
    return 0


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return CANNOT_START


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database holds of the last days."""

    counts: dict[str, dict[str, int]]  # by what and label
    words: list[str]  # given by people so that the bot learns


def read_stored(settings: Settings, days: int, now: datetime) -> Stored:
    """The counts and given words since `days` days ago, today included.

    Raises StorageError where the database cannot be read, ValueError for an unfit DATA_KEY.
    """
    if days < 1:
        raise ValueError(f"--days {days}: expected 1 or more")
    since = f"{now - timedelta(days=days - 1):%Y-%m-%d}"

    def work(unit: Unit) -> Stored:
        counts = {what: summed(unit.counts(what, since)) for what in SECTIONS}
        return Stored(counts, [text for _, text in unit.given_words(since)])

    return read_database(settings, work)


def report_lines(shown: Mapping[str, Mapping[str, int | str]], days: int) -> list[str]:
    """The report as text."""
    lines = [f"The last {days} days. Counts only; under {SMALLEST} is hidden."]
    for what, title in SECTIONS.items():
        lines += ["", title]
        counts = shown.get(what, {})
        lines += [f"{number:>14}  {label}" for label, number in counts.items()]
        if not counts:
            lines.append("          none")
    return lines


def word_lines(words: Sequence[str], shown: bool) -> list[str]:
    """What people gave so that the bot learns: how much, or the words themselves."""
    lines = ["", "Words that people gave so that the bot learns"]
    if not shown:
        return [*lines, f"{len(words):>14}  --words shows them"]
    return [*lines, *(f"                {' '.join(text.split())}" for text in words)]
