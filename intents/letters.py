"""Letters: Unicode forms, look-alikes, invisible characters, repeats; no knowledge of words."""

from __future__ import annotations

import re
import unicodedata
from itertools import product

# Cyrillic and Greek letters that pass for Latin ones, in lower case.
LOOK_ALIKES = str.maketrans(
    "абвгеёзіїјкмнорсԁѕтуԛѡхһԝьηαβγικνορτυχωϲѵ",
    "a6bree3iijkmhopcdstyqwxhwbnabyiknoptuxwcv",
)
# Characters that are no letters but stand for one within a word.
LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b"})
SIGNS = str.maketrans({"@": "a", "$": "s", "!": "i", "€": "e", "|": "i", "£": "l"})
APOSTROPHES = "’‘`´ʼʹ′＇"
MARKS_KEPT = 3  # combining marks on one letter of a script that needs them; more is Zalgo
RUN = re.compile(r"([^\W\d_])\1{2,}")
PIECES = re.compile(r"[ -~]+|[^ -~]")  # plain letters at once, others one by one
LATIN = re.compile(r"[a-z]")


def plain_letters(text: str) -> str:
    """Lower case in compatibility form, without invisible characters and without Zalgo."""
    text = unicodedata.normalize("NFKC", text)
    for sign in APOSTROPHES:
        text = text.replace(sign, "'")
    text = text.casefold()
    if text.isascii():
        if text.isprintable():
            return text
        return "".join(c if c.isprintable() else " " for c in text)
    return unicodedata.normalize("NFC", _without_marks(unicodedata.normalize("NFKD", text)))


def _without_marks(text: str) -> str:
    kept: list[str] = []
    base_is_latin, marks = False, 0
    for char in PIECES.findall(text):
        if char.isascii() and char.isprintable():
            kept.append(char)
            base_is_latin, marks = char[-1] != " ", 0
            continue
        category = unicodedata.category(char)
        if category in ("Mn", "Me", "Mc"):
            marks += 1
            if base_is_latin or marks > MARKS_KEPT or category == "Me":
                continue
        elif category in ("Cf", "Co", "Cs", "Cn"):
            continue
        elif category in ("Cc", "Zl", "Zp", "Zs"):
            char, base_is_latin, marks = " ", False, 0
        else:
            base_is_latin, marks = _takes_no_marks(char), 0
        kept.append("i" if char == "ı" else char)
    return "".join(kept)


def _takes_no_marks(char: str) -> bool:
    return char < "\u0530"  # Latin, Greek, Cyrillic: accents there never change a danger's word


def latin_look_alikes(word: str) -> str:
    """The word in Latin letters where Latin is mixed with look-alikes; else as it is."""
    if word.isascii() or not LATIN.search(word):
        return word
    return word.translate(LOOK_ALIKES)


def unrepeated(word: str) -> list[str]:
    """Readings of a word with drawn-out letters, each run at two letters or one, longest first."""
    runs = list(RUN.finditer(word))
    if not runs:
        return [word]
    if len(runs) > 3:
        return [RUN.sub(r"\1\1", word), RUN.sub(r"\1", word)]
    return [_with_runs(word, runs, lengths) for lengths in product((2, 1), repeat=len(runs))]


def _with_runs(word: str, runs: list[re.Match[str]], lengths: tuple[int, ...]) -> str:
    parts, end = [], 0
    for run, length in zip(runs, lengths, strict=True):
        parts += [word[end : run.start()], run.group(1) * length]
        end = run.end()
    return "".join([*parts, word[end:]])


def unleet(word: str) -> str:
    """Digits and signs within a word as the letters that they stand for."""
    return word.translate(SIGNS).translate(LEET)
