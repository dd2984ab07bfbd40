"""What could tell who somebody is, taken out of a message before it is kept as an example.

A first pass, never the last: a worker reads what is left and shortens it. Pure, and the same
again when done twice. It rather takes too much than too little.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from intents.details import AGE_FORMS, LONDON_DISTRICT, POSTCODE, SCHOOL_YEAR, YEAR_TO_AGE
from intents.runs import Runs

FIRST_NAMES = Path(__file__).with_name("first_names.txt")
NAME, PLACE, NUMBER = "[name]", "[place]", "[number]"
DATE, LINK, USERNAME, WORD = "[date]", "[link]", "[username]", "[word]"


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


KEPT = re.compile(r"(\[(?:name|place|number|date|link|username|word)\])")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
# In this order: an address on the web holds dots and digits, a telephone number is no date.
PATTERNS = tuple(
    (re.compile(pattern, re.IGNORECASE), instead)
    for pattern, instead in (
        (r"\S+@\S+\.\w+", USERNAME),
        (r"(?:https?://|www\.)\S+|\b[\w.-]+\.(?:com|org|net|me|io|gg|tv|uk)\b(?:/\S*)?", LINK),
        (r"(?<!\w)@[\w.]{2,}", USERNAME),
        (r"\b\w*[a-z]\w*_\w*|\b\w*_\w*[a-z]\w*", USERNAME),
        (r"(?<!\w)\+?\d[\d\s().-]{6,}\d(?!\w)", NUMBER),
        (r"\b\d{4}-\d{1,2}-\d{1,2}\b", DATE),
        (r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\b\d{1,2}/\d{1,2}\b", DATE),
        (rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}\b(?:\s+\d{{4}})?|\b{_MONTH}\s+{_DAY}\b(?:\s+\d{{4}})?",
         DATE),
    )
)  # fmt: skip
HANDLE = re.compile(
    r"\b(snap(?:chat)?|insta(?:gram)?|ig|tiktok|discord|telegram|username|user name"
    r"|gamertag|handle)(\s+(?:is|name is|called)\s+|\s*[:=]\s*)([^\s,.!?\[]+)", re.IGNORECASE,
)  # fmt: skip
STREET = re.compile(
    r"\b(?:(?:no|number|flat)\.?\s+)?(?:\d+[a-z]?\s+)?([a-z'’]+)\s+"
    r"(?:street|road|rd|avenue|ave|lane|court|estate|crescent|terrace|gardens|towers?|house)\b",
    re.IGNORECASE,
)
NO_STREET = _listed("""
    a about across after all an and another any at back be behind both by council cross crossing
    down each empty every fast for friends friend go goes going from full game green her high his
    home in into is its leave left long main my near new next no of off on onto opposite or
    other our out over
    own quiet same school side small somebodys someones that the their them this to top under up
    we whole with your youth abandoned old mates cousins aunts uncles mums dads nans parents
""")
# "2" and "4" stand for words; after these they are numbers all the same.
COUNTED = re.compile(
    r"(?:am|im|i'm|is|hes|shes|age|aged|flat|no|number|door|block|room|bus|year|yr|turned)\s$",
    re.IGNORECASE,
)
CALLED_FOR_HELP = frozenset(("999", "112", "111", "101"))
TEXT_SPEAK = frozenset(("w8", "l8", "b4", "m8", "gr8", "h8", "l8r", "k9", "2nite", "2day", "u2"))
DIGITS = re.compile(r"\d+")
MIXED = re.compile(r"[^\W_]+")
NUMBER_WORDS = re.compile(
    r"\b(?:eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty)\b", re.IGNORECASE
)
SURE_LEAD = re.compile(
    r"\b((?:my|his|her|their|whose|the) names?(?: is|'s|’s)|mr|mrs|ms|dr)(\.?\s+)([a-z'’-]+)",
    re.IGNORECASE,
)
NO_NAME = _listed("""
    a an and are at but for i in is it its list mine my no not of on or please really she he so
    that the they this to too was what who why with you your secret safe here there
""")
TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Begin with a capital anywhere, and tell nothing about who somebody is.
CAPITALS = _listed("""
    i im i'm ive i've ill i'll id i'd mum mom dad nan god allah jesus monday tuesday wednesday
    thursday friday saturday sunday english british muslim christian ok lol omg idk christmas eid
    ramadan january february march april may june july august september october november
    december diwali easter police nhs
""")
PASSES = 4  # what is taken out may show more; a bound, so that nothing can run for ever
UNSURE = 0.5  # share of unknown words from which a message is not taken for English


@dataclass(frozen=True)
class Scrubber:
    """Takes out names, places, numbers, dates, links and user names."""

    names: frozenset[str] = frozenset()
    places: Runs[str] = field(default_factory=lambda: Runs({}))
    plain_words: frozenset[str] = frozenset()  # may begin with a capital
    known: Callable[[str], bool] | None = None  # whether a word is no name that nobody thought of

    @classmethod
    def of(
        cls,
        places: Iterable[str],
        plain_words: Collection[str] = (),
        known: Callable[[str], bool] | None = None,
        names: Collection[str] | None = None,
    ) -> Scrubber:
        """Build it from plain names of places, and words that are no names."""
        named = (tuple(place.casefold().replace("'", "").split()) for place in places)
        given = first_names() if names is None else frozenset(names)
        return cls(given, Runs(dict.fromkeys(named, PLACE)), frozenset(plain_words), known)

    def __call__(self, text: str, *, strict: bool = True) -> str:
        """The message without them; where not `strict`, words that nobody knows may stay."""
        for _ in range(PASSES):
            before = text
            text = _in_rest(text, self._patterns)
            text = _in_rest(text, self._places)
            text = _in_rest(text, _numbers)
            text = self._named(text, strict)
            text = re.sub(r"(\[\w+\])(?:[ ,]+(?:and )?\1)+", r"\1", text).strip()
            if text == before:
                break
        return text

    def _patterns(self, text: str) -> str:
        for pattern, instead in PATTERNS:
            text = pattern.sub(instead, text)
        return HANDLE.sub(rf"\1\2{USERNAME}", text)

    def _places(self, text: str) -> str:
        text = STREET.sub(_street, text)
        text = POSTCODE.sub(_postcode, text)
        tokens = list(re.finditer(r"[^\W_]+(?:['’][^\W_]+)?", text))
        words = [t.group().casefold().replace("'", "").replace("’", "") for t in tokens]
        out, done = [], 0
        for first, end, instead in self.places.found(words):
            out += [text[done : tokens[first].start()], instead]
            done = tokens[end - 1].end()
        return "".join([*out, text[done:]])

    def _named(self, text: str, strict: bool) -> str:
        text = SURE_LEAD.sub(self._led, text)
        spelt = [t.group() for t in TOKEN.finditer(KEPT.sub(" ", text))]
        shouted = sum(word.isupper() for word in spelt if len(word) > 1) > len(spelt) / 2
        unknown = [word for word in spelt if self._unknown(word)]
        strict = strict and len(unknown) <= max(1, len(spelt) * UNSURE)
        return "".join(self._tokens(text, strict, shouted))

    def _tokens(self, text: str, strict: bool, shouted: bool) -> Iterator[str]:
        end = 0
        for part in re.finditer(rf"{KEPT.pattern}|({TOKEN.pattern})", text):
            yield text[end : part.start()]
            end = part.end()
            word, before = part.group(), text[: part.start()].rstrip(" \"'“‘(")
            begins = not before or before[-1] in ".!?…\n:;-" or text[: part.start()].endswith("\n")
            yield word if part.group(1) else self._word(word, begins or shouted, strict)
        yield text[end:]

    def _word(self, word: str, begins: bool, strict: bool) -> str:
        bare = _bare(word)
        whose = "'s" if re.search(r"['’]s$", word) else ""
        if bare in self.names:
            return NAME + whose
        capital = word[0].isupper() and not word.isupper() and not begins
        if capital and bare not in CAPITALS and bare not in self.plain_words:
            return NAME + whose
        return WORD if strict and self._unknown(word) else word

    def _unknown(self, word: str) -> bool:
        bare = _bare(word)
        return self.known is not None and len(bare) > 3 and not self.known(bare)

    def _led(self, match: re.Match[str]) -> str:
        lead, gap, word = match.groups()
        return match.group() if word.casefold() in NO_NAME else f"{lead}{gap}{NAME}"


def first_names() -> frozenset[str]:
    """The first names of `first_names.txt`."""
    lines = FIRST_NAMES.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def ages(text: str) -> list[int]:
    """Every age that a message says, of whomever: "im 12", "year 8"."""
    low = text.casefold().replace("’", "'")
    found = [int(age) for form in AGE_FORMS for age in form.findall(low)]
    return found + [int(year) + YEAR_TO_AGE for year in SCHOOL_YEAR.findall(low)]


def _bare(word: str) -> str:
    """As the lists spell it, without what shows whose it is."""
    low = word.casefold().replace("’", "'")
    return low.removesuffix("'s").replace("'", "")


def _in_rest(text: str, change: Callable[[str], str]) -> str:
    """Change what stands between what was put in before."""
    parts = KEPT.split(text)
    return "".join(part if n % 2 else change(part) for n, part in enumerate(parts))


def _street(match: re.Match[str]) -> str:
    return match.group() if match.group(1).casefold().replace("'", "") in NO_STREET else PLACE


def _postcode(match: re.Match[str]) -> str:
    code = match.group()
    whole = len(re.sub(r"\W", "", code)) > 4
    near = LONDON_DISTRICT.match(code) and code.casefold() not in TEXT_SPEAK
    return PLACE if (whole or near) and any(c.isdigit() for c in code) else code


def _numbers(text: str) -> str:
    text = NUMBER_WORDS.sub(NUMBER, text)
    return MIXED.sub(_digits, text)


def _digits(match: re.Match[str]) -> str:
    word = match.group()
    if not DIGITS.search(word) or word in CALLED_FOR_HELP or word.casefold() in TEXT_SPEAK:
        return word
    if word in ("2", "4"):
        rest = match.string[match.end() : match.end() + 2]
        says_word = rest[:1] == " " and rest[1:].isalpha()
        return word if says_word and not COUNTED.search(match.string[: match.start()]) else NUMBER
    if word.isdigit() or len(DIGITS.findall(word)[0]) > 1 or word[0].isdigit():
        return DIGITS.sub(NUMBER, word)
    return word  # "st4b"
