"""Checks that no single file can see: texts that are needed, helplines that must exist.

What was said when the files were read is not said again. A file of which there is no text at all
could not be read, or has nothing of what it should: either was said.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.content.problems import Problem, Severity
from bot.content.validate import nearest, one_of
from bot.content.wording_files import REPLIES, read_reply_keys
from directory.model import Confidence, Directory, Service
from directory.when import DAYS, PARTS, understood_day
from intents.content import IntentContent
from intents.model import Kind
from intents.phrase_table import PhraseTable
from intents.wording import Wording

LEVELS = ("emergency", "urgent", "helplines")
DETAILS = "intents/words/details.yaml"
MEANINGS = ("safe", "unsure", "unsafe", "leave-it")


Line = Callable[..., int]  # the line of a file's key: line("a.yaml", "danger", "any")


def crosscheck(
    wording: Wording,
    directory: Directory,
    content: IntentContent,
    answers: PhraseTable,
    line: Line = lambda file, *keys: 1,
) -> list[Problem]:
    """Every mistake that only shows when files are looked at together."""
    said = frozenset(read_reply_keys())
    return [
        *_danger_texts(wording, said, line),
        *_helplines(wording, directory, line),
        *_first_for_topics(wording, directory, line),
        *_intent_names(wording, content, said),
        *_answers(answers),
        *_details(content, line),
    ]


def _was_read(wording: Wording, stem: str) -> bool:
    return bool(wording.under(f"{stem}."))


def _danger_texts(wording: Wording, said: frozenset[str], line: Line) -> list[Problem]:
    """Every kind of danger has its safety step, also a kind that `reply_keys.txt` lacks."""
    if not _was_read(wording, "danger"):
        return []
    file = f"{REPLIES}/danger.yaml"
    return [
        Problem(file, line(file, kind), f"the safety text {kind}.{level} is missing",
                instead="write it")
        for kind in [*(kind.value for kind in Kind), "any"]
        for level in LEVELS
        if (key := f"danger.{kind}.{level}") not in said and not wording.has(key)
    ]  # fmt: skip


def _helplines(wording: Wording, directory: Directory, line: Line) -> list[Problem]:
    """Helplines named in danger texts exist, are surely right, and can be reached."""
    if not directory.services:
        return []
    problems, file = [], f"{REPLIES}/danger.yaml"
    for key, ids in wording.under("danger.").items():
        if not key.endswith(".helplines"):
            continue
        at = line(file, *key.split("."))
        for name in (part.strip() for part in ids.split(",")):
            service = directory.services.get(name)
            fix = "write the id of a service of directory/national with high confidence"
            fault = ""
            if service is None or service.closed:
                fault = "is not a service of directory/"
                if (near := nearest(name, directory.services)) is not None:
                    fix = f"did you mean `{near}`?"
            elif service.assurance.confidence is not Confidence.HIGH:
                fault = "has no high confidence, so it cannot be used in danger"
            elif (
                not (contact := service.contact).phone and not contact.text and not contact.website
            ):
                fault = "has no number, text or website, so it would be left out"
            if fault:
                problems.append(Problem(file, at, f"danger.{key}: {name} {fault}", "", fix))
    return problems


def _reachable(service: Service) -> bool:
    contact = service.contact
    return bool(contact.phone or contact.text or contact.website)


def _first_for_topics(wording: Wording, directory: Directory, line: Line) -> list[Problem]:
    """Services that a topic names first exist: one that does not would be left out in silence."""
    if not directory.services:
        return []
    file = f"{REPLIES}/topics.yaml"
    return [
        Problem(
            file,
            line(file, "first", topic),
            f"first.{topic}: {name} is not a service",
            "",
            one_of(name, directory.services, "write the id of a service of directory/"),
        )
        for topic, ids in wording.under("topics.first.").items()
        for name in (part.strip() for part in ids.split(","))
        if name not in directory.services
    ]


def _intent_names(wording: Wording, content: IntentContent, said: frozenset[str]) -> list[Problem]:
    """Every intent has a name for its button."""
    if not _was_read(wording, "intents"):
        return []
    return [
        Problem(f"{REPLIES}/intents.yaml", 1, f"{info.name} has no name for its button")
        for info in content.intents
        if (key := f"intents.{info.name}") not in said and not wording.has(key)
    ]


def _answers(answers: PhraseTable) -> list[Problem]:
    """The check-in knows every kind of answer, and a bare "ok" is not "safe"."""
    if not answers.meanings:
        return []
    file = "intents/words/answers.yaml"
    problems = [
        Problem(file, 1, f"the meaning {meaning} is missing", instead="write a list of phrases")
        for meaning in MEANINGS
        if meaning not in answers.meanings
    ]
    if answers.meaning("ok") == "safe":
        problems.append(Problem(file, 1, "“ok” stands under safe", "", "move it to unsure",
                                Severity.ERROR))  # fmt: skip
    return problems


def _details(content: IntentContent, line: Line) -> list[Problem]:
    """What people say leads to something that the search knows; else it would find anything."""
    known = {
        "days": (understood_day, "a day", (*DAYS, "12-25")),
        "parts_of_day": (PARTS.__contains__, "a part of the day", tuple(PARTS)),
    }
    problems = []
    for section, (knows, what, words) in known.items():
        key = section.replace("_", "-")
        for name in content.words.details.get(section, {}):
            if not knows(name):
                at = line(DETAILS, key, name)
                said = f"`{key}`: the search does not know {what} of this name"
                problems.append(Problem(DETAILS, at, said, f"`{name}`", one_of(name, words)))
    return problems
