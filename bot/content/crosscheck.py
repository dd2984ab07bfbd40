"""Checks that no single file can see: texts that are needed, helplines that must exist.

What was said when the files were read is not said again. A file of which there is no text at all
could not be read, or has nothing of what it should: either was said.
"""

from __future__ import annotations

from bot.content.problems import Problem, Severity
from bot.content.wording_files import REPLIES, read_reply_keys
from directory.model import Confidence, Directory
from intents.content import IntentContent
from intents.model import Kind
from intents.phrase_table import PhraseTable
from intents.wording import Wording

LEVELS = ("emergency", "urgent", "helplines")
MEANINGS = ("safe", "unsure", "unsafe", "leave-it")


def crosscheck(
    wording: Wording, directory: Directory, content: IntentContent, answers: PhraseTable
) -> list[Problem]:
    """Every mistake that only shows when files are looked at together."""
    said = frozenset(read_reply_keys())
    return [
        *_danger_texts(wording, said),
        *_helplines(wording, directory),
        *_first_for_topics(wording, directory),
        *_intent_names(wording, content, said),
        *_answers(answers),
    ]


def _was_read(wording: Wording, stem: str) -> bool:
    return bool(wording.under(f"{stem}."))


def _danger_texts(wording: Wording, said: frozenset[str]) -> list[Problem]:
    """Every kind of danger has its safety step, also a kind that `reply_keys.txt` lacks."""
    if not _was_read(wording, "danger"):
        return []
    file = f"{REPLIES}/danger.yaml"
    return [
        Problem(file, 1, f"the safety text {kind}.{level} is missing", instead="write it")
        for kind in [*(kind.value for kind in Kind), "any"]
        for level in LEVELS
        if (key := f"danger.{kind}.{level}") not in said and not wording.has(key)
    ]


def _helplines(wording: Wording, directory: Directory) -> list[Problem]:
    """Helplines named in danger texts exist, are surely right, and can be reached."""
    if not directory.services:
        return []
    problems = []
    for key, ids in wording.under("danger.").items():
        if not key.endswith(".helplines"):
            continue
        for name in (part.strip() for part in ids.split(",")):
            service = directory.services.get(name)
            fault = ""
            if service is None or service.closed:
                fault = "is not a service of directory/"
            elif service.assurance.confidence is not Confidence.HIGH:
                fault = "has no high confidence, so it cannot be used in danger"
            if fault:
                fix = "write the id of a service of directory/national with high confidence"
                problems.append(
                    Problem(f"{REPLIES}/danger.yaml", 1, f"danger.{key}: {name} {fault}", "", fix)
                )
    return problems


def _first_for_topics(wording: Wording, directory: Directory) -> list[Problem]:
    """Services that a topic names first exist: one that does not would be left out in silence."""
    if not directory.services:
        return []
    fix = "write the id of a service of directory/"
    return [
        Problem(f"{REPLIES}/topics.yaml", 1, f"first.{topic}: {name} is not a service", "", fix)
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
