"""Reads what understanding is built from: `intents/phrases`, `urgent`, `words` and `rules`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from bot.content.located import Located, read_yaml
from bot.content.problems import Problem, Severity
from bot.content.validate import one_of, validate
from intents import schema
from intents.content import IntentContent, IntentInfo, Rule, Rules, Thresholds, Words
from intents.examples import Example, Examples
from intents.model import Urgency
from intents.patterns import named_concepts

M = TypeVar("M", bound=BaseModel)


def load_intents(root: Path) -> tuple[IntentContent, list[Problem]]:
    """Everything under `root`/intents that understanding reads, and every problem in it.

    A file with an error is left out; the rest is still returned, so that all problems show at once.
    """
    loader = _Loader(root)
    phrases = loader.folder("phrases", schema.PhrasesFile)
    urgent = loader.folder("urgent", schema.UrgentFile)
    loader.check_names(phrases, urgent)
    examples = [*_phrase_examples(phrases), *_urgent_examples(urgent)]
    loader.check_clashes(phrases, urgent)
    content = IntentContent(
        examples=Examples.of(examples),
        intents=tuple(
            IntentInfo(p.intent, p.about, Urgency(p.urgency))
            for _, p in sorted(phrases, key=lambda entry: entry[1].intent)
        ),
        words=_words(loader),
        rules=_rules(loader),
        thresholds=_thresholds(loader),
    )
    return content, sorted(loader.problems)


def load_urgent(root: Path) -> dict[str, schema.UrgentFile]:
    """Every sound file of `intents/urgent` by its kind; a file with a mistake is left out."""
    files = _Loader(root).folder("urgent", schema.UrgentFile)
    return {file.kind.value: file for _, file in files}


class _Loader:
    """Reads and validates files, and gathers every problem."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.problems: list[Problem] = []

    def folder(self, name: str, model: type[M]) -> list[tuple[Located, M]]:
        """Every valid file of a folder with its content, in the order of their names."""
        found = []
        for path in sorted((self._root / "intents" / name).glob("*.yaml")):
            if model is schema.RulesFile and path.stem == "concepts":
                continue
            if (entry := self._read(path, model)) is not None:
                found.append(entry)
        return found

    def file(self, name: str, model: type[M]) -> M | None:
        """One file's content, or None where it is missing or has an error."""
        entry = self._read(self._root / "intents" / name, model)
        return entry[1] if entry is not None else None

    def _read(self, path: Path, model: type[M]) -> tuple[Located, M] | None:
        located, problems = read_yaml(path, self._root)
        self.problems += problems
        if located is None:
            return None
        content, problems = validate(model, located)
        self.problems += problems
        return (located, content) if content is not None else None

    def check_names(
        self,
        phrases: list[tuple[Located, schema.PhrasesFile]],
        urgent: list[tuple[Located, schema.UrgentFile]],
    ) -> None:
        """Name every file that is not called what it says it is about."""
        entries: list[tuple[Located, str, str]] = [
            (located, "intent", file.intent) for located, file in phrases
        ]
        entries += [(located, "kind", file.kind.value) for located, file in urgent]
        for located, key, name in entries:
            if Path(located.file).stem != name:
                self.problems.append(
                    Problem(
                        located.file,
                        located.line(key),
                        f"the file's name and its `{key}` differ",
                        f"`{name}`",
                        f"name the file {name}.yaml or write `{key}: {Path(located.file).stem}`",
                    )
                )

    def check_clashes(
        self,
        phrases: list[tuple[Located, schema.PhrasesFile]],
        urgent: list[tuple[Located, schema.UrgentFile]],
    ) -> None:
        """Name every message that stands in two places with two different verdicts."""
        seen: dict[str, tuple[str, str, int]] = {}
        for text, verdict, file, line in _with_lines(phrases, urgent):
            key = " ".join(text.casefold().split())
            first = seen.setdefault(key, (verdict, file, line))
            if first[0] != verdict:
                self.problems.append(
                    Problem(
                        file,
                        line,
                        f"the same message is `{first[0]}` at {first[1]}:{first[2]}",
                        f"`{verdict}` here",
                        "keep the right one",
                        Severity.WARNING,
                    )
                )


def _with_lines(
    phrases: list[tuple[Located, schema.PhrasesFile]],
    urgent: list[tuple[Located, schema.UrgentFile]],
) -> Iterator[tuple[str, str, str, int]]:
    for located, file in phrases:
        groups = file.phrases.model_dump(by_alias=True)
        for name, lines in groups.items():
            for i, text in enumerate(lines or []):
                yield text, file.intent, located.file, located.line("phrases", name, i)
    for located, dangers in urgent:
        for level in ("emergency", "urgent"):
            groups = getattr(dangers, level).model_dump(by_alias=True)
            for name, lines in groups.items():
                for i, text in enumerate(lines or []):
                    verdict = f"{level}/{dangers.kind.value}"
                    yield text, verdict, located.file, located.line(level, name, i)
        for i, twin in enumerate(dangers.twins):
            verdict = f"{twin.level}/{dangers.kind.value}"
            yield twin.danger, verdict, located.file, located.line("twins", i, "danger")
            yield twin.harmless, twin.intent, located.file, located.line("twins", i, "harmless")
        for i, miss in enumerate(dangers.concern):
            yield miss.text, miss.intent, located.file, located.line("concern", i, "text")


def _phrase_examples(files: list[tuple[Located, schema.PhrasesFile]]) -> Iterator[Example]:
    for located, file in files:
        for name, text in file.phrases.lines():
            yield Example(text, file.intent, Urgency(file.urgency), None, name, origin=located.file)


def _urgent_examples(files: list[tuple[Located, schema.UrgentFile]]) -> Iterator[Example]:
    for located, file in files:
        origin = located.file
        for level in (Urgency.EMERGENCY, Urgency.URGENT):
            groups: schema.Groups = getattr(file, level.value)
            for name, text in groups.lines():
                yield Example(text, file.intent, level, file.kind, name, origin=origin)
        for i, twin in enumerate(file.twins):
            key = f"{file.kind.value}-{i}"
            level = Urgency(twin.level)
            yield Example(twin.danger, file.intent, level, file.kind, "twin", key, origin)
            yield Example(
                twin.harmless, twin.intent, Urgency(twin.urgency), None, "twin", key, origin
            )
        for miss in file.concern:
            yield Example(miss.text, miss.intent, Urgency.CONCERN, None, "concern", "", origin)


def _words(loader: _Loader) -> Words:
    slang = loader.file("words/slang.yaml", schema.SlangFile)
    spellings = loader.file("words/spellings.yaml", schema.SpellingsFile)
    emoji = loader.file("words/emoji.yaml", schema.EmojiFile)
    protected = loader.file("words/protected.yaml", schema.ProtectedFile)
    details = loader.file("words/details.yaml", schema.DetailsFile)
    replace: dict[str, str] = {}
    if spellings is not None:
        for right, wrong in spellings.spellings.items():
            replace.update({w.casefold(): right.casefold() for w in wrong})
    if slang is not None:
        for group in slang.slang.values():
            replace.update({key.casefold(): value.casefold() for key, value in group.items()})
    digits = slang.digits if slang is not None else None
    return Words(
        replace=replace,
        emoji=dict(emoji.emoji) if emoji is not None else {},
        protected=frozenset(
            word.casefold() for group in protected.protected.values() for word in group
        )
        if protected is not None
        else frozenset(),
        digit_for=dict(digits.means) if digits is not None else {},
        digit_keep_after=frozenset(digits.not_after) if digits is not None else frozenset(),
        digit_keep_before=frozenset(digits.not_before) if digits is not None else frozenset(),
        details=_details(details),
    )


def _details(file: schema.DetailsFile | None) -> dict[str, dict[str, tuple[str, ...]]]:
    if file is None:
        return {}
    lists: dict[str, dict[str, list[str]]] = {
        "days": file.days,
        "parts_of_day": file.parts_of_day,
        "groups": file.groups,
        "others": file.others,
        "free": {"free": file.free},
        "step_free": {"step-free": file.step_free},
    }
    return {
        name: {key: tuple(w.casefold() for w in words) for key, words in group.items()}
        for name, group in lists.items()
    }


def _rules(loader: _Loader) -> Rules:
    shared = loader.file("rules/concepts.yaml", schema.ConceptsFile)
    if shared is None:
        return Rules()
    rules: list[Rule] = []
    for located, file in loader.folder("rules", schema.RulesFile):
        for i, entry in enumerate(file.rules):
            for key in ("say", "unless"):
                _check_concepts(loader, located, (i, key), getattr(entry, key), shared)
            given = entry.model_dump(exclude={"say", "unless"})
            rules.append(
                Rule(kind=file.kind, say=tuple(entry.say), unless=tuple(entry.unless), **given)
            )
    return Rules(
        concepts={name: tuple(words) for name, words in shared.concepts.items()},
        rules=tuple(rules),
        figures=tuple(shared.figures),
        now=tuple(shared.now),
        negation=tuple(shared.negation),
        unnegated=tuple(shared.unnegated),
    )


def _check_concepts(
    loader: _Loader,
    located: Located,
    at: tuple[int, str],
    patterns: list[str],
    shared: schema.ConceptsFile,
) -> None:
    for n, pattern in enumerate(patterns):
        for name in named_concepts(pattern):
            if name not in shared.concepts:
                line = located.line("rules", at[0], at[1], n)
                what = "a pattern names a concept that intents/rules/concepts.yaml does not have"
                loader.problems.append(
                    Problem(located.file, line, what, f"<{name}>", one_of(name, shared.concepts))
                )


def _thresholds(loader: _Loader) -> Thresholds:
    file = loader.file("words/thresholds.yaml", schema.ThresholdsFile)
    if file is None:
        return Thresholds()
    return Thresholds({name: setting.value for name, setting in file.thresholds.items()})
