"""The shape of the YAML in phrases, urgent, words, rules and canned; unknown keys are refused."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from intents.model import Kind

Line = Annotated[str, StringConstraints(min_length=1, max_length=4096, strip_whitespace=True)]
IntentName = Literal[
    "find-activities",
    "find-mentor",
    "find-work",
    "education-help",
    "get-involved",
    "mental-health",
    "eating",
    "bereavement",
    "violence-worry",
    "exploitation",
    "report-crime",
    "victim-support",
    "police-rights",
    "domestic-abuse",
    "sexual-violence",
    "stalking-harassment",
    "hate-crime",
    "bullying",
    "online-safety",
    "housing",
    "money-food",
    "drugs-alcohol",
    "sexual-health",
    "family",
    "lgbtq",
    "immigration",
    "worried-about-someone",
    "about-myends",
    "about-bot",
    "talk-to-human",
    "set-area",
    "delete-data",
    "feedback",
    "stop",
    "greeting",
    "thanks",
    "goodbye",
    "help",
    "out-of-scope",
]
Mild = Literal["none", "concern"]
Grave = Literal["emergency", "urgent"]


class Strict(BaseModel):
    """A model that refuses unknown keys and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Groups(Strict):
    """Examples by the way people write."""

    plain: list[Line] | None = None
    slang: list[Line] | None = None
    typos: list[Line] | None = None
    learner: list[Line] | None = None
    languages: list[Line] | None = None
    long: list[Line] | None = None
    oblique: list[Line] | None = None
    third_person: list[Line] | None = Field(default=None, alias="third-person")
    short: list[Line] | None = None

    def lines(self) -> list[tuple[str, str]]:
        """Every (group name, line) in the order of the groups."""
        groups = self.model_dump(by_alias=True)
        return [(name, line) for name, lines in groups.items() for line in lines or []]


class PhrasesFile(Strict):
    """intents/phrases/<intent>.yaml."""

    intent: IntentName
    about: Line
    urgency: Mild = "none"
    phrases: Groups


class Twin(Strict):
    """A danger and its harmless look-alike."""

    danger: Line
    level: Grave
    harmless: Line
    intent: IntentName
    urgency: Mild = "none"


class NearMiss(Strict):
    """A sensitive message that is no danger."""

    text: Line
    intent: IntentName


class UrgentFile(Strict):
    """intents/urgent/<kind>.yaml."""

    kind: Kind
    about: Line
    intent: IntentName
    emergency: Groups = Groups()
    urgent: Groups = Groups()
    twins: list[Twin] = []
    concern: list[NearMiss] = []


class DigitWords(Strict):
    """When a lone digit is a word: "4 my bro", but not "4 pm"."""

    means: dict[str, Line]
    not_after: list[Line] = Field(alias="not-after")
    not_before: list[Line] = Field(alias="not-before")


class SlangFile(Strict):
    """intents/words/slang.yaml: what is written -> plain English, in groups."""

    slang: dict[str, dict[str, Line]]
    digits: DigitWords


class SpellingsFile(Strict):
    """intents/words/spellings.yaml: the right word -> how people write it."""

    spellings: dict[str, list[Line]]


class EmojiFile(Strict):
    """intents/words/emoji.yaml: emoji -> words."""

    emoji: dict[str, Line]


class ProtectedFile(Strict):
    """intents/words/protected.yaml: words that are never changed."""

    protected: dict[str, list[Line]]


class DetailsFile(Strict):
    """intents/words/details.yaml: how people say days, groups, cheap, for whom."""

    days: dict[str, list[Line]]
    parts_of_day: dict[str, list[Line]] = Field(alias="parts-of-day")
    groups: dict[str, list[Line]]
    others: dict[str, list[Line]]
    free: list[Line]
    step_free: list[Line] = Field([], alias="step-free")


class Setting(Strict):
    """One number and why it is what it is."""

    value: float
    why: Line


class ThresholdsFile(Strict):
    """intents/words/thresholds.yaml."""

    thresholds: dict[str, Setting]


class ConceptsFile(Strict):
    """intents/rules/concepts.yaml: lists of words that the rules name as <concept>."""

    concepts: dict[str, list[Line]]
    figures: list[Line]
    now: list[Line]
    negation: list[Line]
    unnegated: list[Line] = []


class RuleEntry(Strict):
    """One concept rule."""

    name: Line
    level: Literal["emergency", "urgent", "check-in"]
    reason: Line
    say: list[Line]
    unless: list[Line] = []
    now: bool = False
    negated: bool = False
    serious: bool = False


class RulesFile(Strict):
    """intents/rules/<kind>.yaml."""

    kind: Kind
    rules: list[RuleEntry]


class CannedEntry(Strict):
    """One ready reply of youth workers."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=24)]
    name: Annotated[str, StringConstraints(min_length=3, max_length=32, strip_whitespace=True)]
    words: list[Line] = Field(min_length=1)
    text: Annotated[str, StringConstraints(min_length=10, max_length=900, strip_whitespace=True)]


class CannedFile(Strict):
    """intents/canned/<group>.yaml."""

    group: Annotated[str, StringConstraints(min_length=3, max_length=40, strip_whitespace=True)]
    replies: list[CannedEntry] = Field(min_length=1)
