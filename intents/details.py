"""What a message says besides its intent: place, age, days, activities, cost, for whom."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

from intents.content import Words
from intents.dates import dates_in
from intents.letters import plain_letters
from intents.model import Details, Mention
from intents.normalise import Normal
from intents.runs import Runs

Lists = Mapping[str, tuple[str, ...]]

# A postcode district, then maybe the rest; o for 0 and i for 1 are common slips.
POSTCODE = re.compile(
    r"\b((?:[a-pr-uwyz][a-hk-y]?[\dOoIi]{1,2}|[a-pr-uwyz][a-hk-y]?\d[a-hjkpstuw])"
    r"(?:[ \-.]{0,2}[\dOo][ ]?[abd-hjlnp-uw-z]{2})?)\b",
    re.IGNORECASE,
)
LONDON_DISTRICT = re.compile(
    r"^(?:e|ec|n|nw|se|sw|w|wc|br|cr|da|en|ha|ig|kt|rm|sm|tn|tw|ub|wd)\d", re.IGNORECASE
)
AGE_FORMS = (
    re.compile(r"\b(\d{1,2})\s?(?:-\s?)?(?:yo|y/o|yrs?[ -]?olds?|years?[ -]old|year[ -]olds?)\b"),
    re.compile(r"\b(?:aged?|age is|turned|turning|just turned)\s(\d{1,2})\b"),
    re.compile(
        r"\b(?:i am|im|i'm|he is|hes|he's|she is|shes|she's|they are|who is|whos)\s"
        r"(?:only |just |like |about )?(\d{1,2})"
        r"(?!\s?(?:min|weeks?|months?|hours?|days?|stone|kg|pm|am|%|st|nd|rd|th|k\b))\b"
    ),
    re.compile(
        r"\b(?:son|daughter|brother|sister|boy|girl|kid|child|nephew|niece|cousin|grandson)"
        r"[ ,(]+(?:is |who is |whos |aged )?(\d{1,2})\b(?!\s?(?:pm|am))"
    ),
    re.compile(r"^\W*(\d{2})\s?(?:m|f|male|female)?\W*$"),
    re.compile(r"\b(\d{1,2})[mf]\b"),
)
SCHOOL_YEAR = re.compile(r"\b(?:year|yr|y)\s?(7|8|9|10|11|12|13)s?\b")
DIGIT = re.compile(r"\d")
MOST = 4_096  # characters that are looked at; Telegram sends no more
YEAR_TO_AGE = 4  # a pupil is 11 when year 7 starts; the lower age, so that nothing shown is too old
YOUNGEST, OLDEST = 3, 99
# "in birmingham": a town far away counts only after such words, and is named without them.
TOWN_LEAD = re.compile(
    r"^(?:(?:live|living|am|based) in|in|near|from|around|round|outside) (?=\w)", re.IGNORECASE
)
# "a 15 year old boy" and "a little boy" are "a boy".
ABOUT_A_PERSON = re.compile(
    r"\b(?:\d{1,2}|(?:thir|four|fif|six|seven|eigh|nine)teen|twelve|eleven)"
    r"(?: ?(?:years?|yrs?) olds?| ?yo| ?y o)?\b"
    r"|\b(?:little|young|younger|youngest|older|oldest|eldest|big|teenage|teen|twin|baby|only)\b"
)
EVERYTHING = frozenset(("youth-club",))  # says less than any activity that is named with it
IS = ("boy", "girl")  # who they are; "boys" and "girls" ask for a place only for them


class DetailReader:
    """Finds details by the word lists, the known places and the known activities."""

    def __init__(
        self,
        words: Words,
        places: Collection[str],
        activities: Mapping[str, str],
        families: Mapping[str, str | None] | None = None,
    ) -> None:
        lists = words.details
        self._days = _ways(lists.get("days", {}))
        self._parts = _ways(lists.get("parts_of_day", {}))
        self._groups = _ways(lists.get("groups", {}))
        self._others = _ways(lists.get("others", {}))
        self._free = _ways(lists.get("free", {}))
        self._step_free = _ways(lists.get("step_free", {}))
        self._places = _Phrases(
            {place.casefold(): TOWN_LEAD.sub("", place.casefold()) for place in places}
        )
        self._families = families or {}
        self._activities = _Phrases({a.casefold(): name for a, name in activities.items()})

    def __call__(self, text: str, normal: Normal) -> Details:
        """Every detail of a message, with the words that it came from."""
        typed = plain_letters(text[:MOST])
        plain = normal.plain[:MOST]
        words = plain.split()
        parts = self._parts.mentions(words)
        place = self._place(typed, plain)
        days = self._days.mentions(words)
        # Boxing Day is no boxing.
        doing = _without(plain, (day.words for day in days if " " in day.words)).split()
        return Details(
            place=place,
            age=_age(typed, plain),
            activities=self._specific(self._activities.mentions(doing), place),
            days=dates_in(typed) or days,  # "saturday 5 december" is one day
            part_of_day=parts[0] if parts else None,
            free=bool(self._free.mentions(words)) or "£0" in text,
            step_free=bool(self._step_free.mentions(words)),
            group=self._group(plain),
            for_other=next(iter(self._others.mentions(words)), None),
        )

    def _specific(
        self, found: tuple[Mention[str], ...], place: Mention[str] | None
    ) -> tuple[Mention[str], ...]:
        """Leave out what only says more widely what is named too: sport beside boxing."""
        if place is not None and place.value != place.words:  # "in reading" is no book club
            found = tuple(mention for mention in found if mention.words != place.value)
        names = {mention.value for mention in found}
        wider: set[str] = set(EVERYTHING) if names - EVERYTHING else set()
        for name in names:
            family = self._families.get(name)
            while family is not None and family not in wider:
                wider.add(family)
                family = self._families.get(family)
        return tuple(mention for mention in found if mention.value not in wider)

    def _group(self, plain: str) -> tuple[str, ...]:
        """Every group that is asked for, and whether it is for a boy or for a girl."""
        words = plain.split()
        if not self._groups.may_be_in(words):
            return ()
        bare = ABOUT_A_PERSON.sub(" ", plain).split()
        said = [mention.value for some in (words, bare) for mention in self._groups.mentions(some)]
        both = set(IS) <= set(said) or {"boys", "girls"} & set(said)
        return tuple(dict.fromkeys(one for one in said if not (both and one in IS)))

    def _place(self, typed: str, plain: str) -> Mention[str] | None:
        for match in POSTCODE.finditer(typed):
            found = match.group(1).strip()
            if LONDON_DISTRICT.match(_mended(found)) or len(found.replace(" ", "")) >= 5:
                return Mention(found, found)
        for words in (typed, plain):
            named = self._places.mentions(re.findall(r"[\w']+", words))
            if named:
                return max(named, key=partial(_telling, words))
        return None


def _telling(words: str, place: Mention[str]) -> tuple[bool, int, int]:
    """How much a place says: one in London before a town far away, a long name before a short."""
    return place.value == place.words, len(place.value), -words.find(place.words)


def _without(plain: str, phrases: Iterable[str]) -> str:
    for phrase in phrases:
        plain = re.sub(rf"\b{re.escape(phrase)}\b", " ", plain)
    return plain


def _mended(postcode: str) -> str:
    return postcode[:1] + postcode[1:].lower().replace("o", "0").replace("i", "1")


def _age(typed: str, plain: str) -> Mention[int] | None:
    for text in (typed, plain):
        if DIGIT.search(text) is None:
            continue
        for form in AGE_FORMS:
            for match in form.finditer(text):
                age = int(match.group(1))
                if YOUNGEST <= age <= OLDEST:
                    return Mention(age, match.group().strip(" ,("))
    if (year := SCHOOL_YEAR.search(typed)) is not None:
        return Mention(int(year.group(1)) + YEAR_TO_AGE, year.group())
    return None


def _ways(lists: Lists) -> _Phrases:
    """Finds which of several lists of ways to say something a message uses."""
    return _Phrases({said: name for name, ways in lists.items() for said in ways})


class _Phrases:
    """Finds what a message names by known phrases, the longest first."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._runs = Runs({tuple(re.findall(r"[\w']+", k)): v for k, v in values.items()})

    def may_be_in(self, words: Iterable[str]) -> bool:
        return self._runs.may_be_in(words)

    def mentions(self, words: Sequence[str]) -> tuple[Mention[str], ...]:
        found: dict[str, Mention[str]] = {}
        for start, end, value in self._runs.found(words):
            if value not in found:
                found[value] = Mention(value, " ".join(words[start:end]))
        return tuple(found.values())
