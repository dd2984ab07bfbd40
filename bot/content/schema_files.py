"""JSON Schemas for editors, made of the models that `check` uses: completion and red lines.

Our reader takes every plain word for text, so that `phone: 999` and `free: no` need no quotes.
An editor reads YAML with its types; the schemas allow what the reader would understand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import BaseModel, RootModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from bot.content.problems import Problem, Severity
from bot.content.word_files import ActivitiesFile, AreasFile, load_activities, load_areas
from directory.schema import BoroughFile, OrganisationFile
from intents import schema as intents

FOLDER = "schemas"
SETTINGS = ".vscode/settings.json"
MARK = "# yaml-language-server: $schema="
DIRECTORY = ("boroughs/*/*.yaml", "london/*.yaml", "national/*.yaml")
BOROUGH = "directory/boroughs/*/borough.yaml"

Json = dict[str, Any]


class PhraseTableFile(RootModel[dict[str, list[intents.Line]]]):
    """Short phrases by what they mean."""


class RepliesFile(RootModel[dict[str, "intents.Line | RepliesFile"]]):
    """Texts that people see, in blocks of keys."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of YAML file: its schema's name, its model, and where such files lie."""

    name: str
    model: type[BaseModel]
    files: tuple[str, ...]

    @property
    def path(self) -> str:
        """The schema's file."""
        return f"{FOLDER}/{self.name}.schema.json"


def kinds() -> tuple[Kind, ...]:
    """List every kind of YAML file; a file belongs to the first that fits."""
    words: dict[str, type[BaseModel]] = {
        "slang": intents.SlangFile, "spellings": intents.SpellingsFile, "emoji": intents.EmojiFile,
        "protected": intents.ProtectedFile, "details": intents.DetailsFile,
        "thresholds": intents.ThresholdsFile, "areas": AreasFile, "activities": ActivitiesFile,
    }  # fmt: skip
    tables = tuple(f"intents/words/{name}.yaml" for name in
                   ("answers", "avoid", "exit", "followups", "tags"))  # fmt: skip
    return (
        Kind("borough", BoroughFile, (BOROUGH,)),
        Kind("organisation", OrganisationFile, tuple(f"directory/{glob}" for glob in DIRECTORY)),
        Kind("phrases", intents.PhrasesFile, ("intents/phrases/*.yaml",)),
        Kind("urgent", intents.UrgentFile, ("intents/urgent/*.yaml",)),
        Kind("concepts", intents.ConceptsFile, ("intents/rules/concepts.yaml",)),
        Kind("rules", intents.RulesFile, ("intents/rules/*.yaml",)),
        Kind("replies", RepliesFile, ("intents/replies/*.yaml",)),
        Kind("canned", intents.CannedFile, ("intents/canned/*.yaml",)),
        Kind("words-phrases", PhraseTableFile, tables),
        *(Kind(f"words-{name}", model, (f"intents/words/{name}.yaml",))
          for name, model in words.items()),
    )  # fmt: skip


def kind_of(file: str) -> Kind | None:
    """Return the kind of a file, named relative to the project's folder."""
    path = PurePosixPath(file)
    return next((kind for kind in kinds() if any(path.match(glob) for glob in kind.files)), None)


class _ForEditors(GenerateJsonSchema):
    """Schemas that allow what our reader understands without quotes."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Leave out titles: they only say a key's name again."""
        return False

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        found = super().str_schema(schema)
        if "pattern" not in found:  # 999 and yes are texts, too
            found["type"] = ["string", "number", "boolean"]
        return found

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:
        return {"enum": ["yes", "no", True, False]}

    def time_schema(self, schema: core_schema.TimeSchema) -> JsonSchemaValue:
        pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
        said = "write the time as 17:00"
        return {"type": "string", "pattern": pattern, "patternErrorMessage": said}

    def date_schema(self, schema: core_schema.DateSchema) -> JsonSchemaValue:
        pattern = "^20[0-9]{2}-[01][0-9]-[0-3][0-9]$"
        said = "write the date as 2026-12-05"
        return {"type": "string", "pattern": pattern, "patternErrorMessage": said}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        found = super().nullable_schema(schema)
        inner, null = found.get("anyOf", (None, None))
        if null == {"type": "null"} and isinstance(inner, dict) and "type" in inner:
            # One list of types gives plainer messages than a choice of two schemas.
            types = inner["type"] if isinstance(inner["type"], list) else [inner["type"]]
            return inner | {"type": [*types, "null"]}
        return found

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        found = super().default_schema(schema)
        found.pop("default", None)  # of the program, not of the file
        return found


def schemas(root: Path) -> dict[str, str]:
    """Every schema as text, by its file's name; activities and areas are suggested, not forced."""
    made: dict[str, str] = {}
    for kind in kinds():
        found = kind.model.model_json_schema(
            by_alias=True, schema_generator=_ForEditors, mode="validation"
        )
        if kind.model is OrganisationFile:
            _suggest(found, root)
        head = {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "$comment": "Written by `python run_bot.py schema` out of the models; edit those.",
        }
        text = json.dumps(head | found, indent=1, ensure_ascii=False)
        made[kind.path] = text + "\n"
    return made


def _suggest(schema: Json, root: Path) -> None:
    """Offer the known activities and areas; a new one is not underlined before `schema` ran."""
    service = schema["$defs"]["ServiceEntry"]["properties"]
    activities, _ = load_activities(root)
    areas, _ = load_areas(root)
    names = sorted(activities.names)
    service["activities"]["items"] = {"anyOf": [{"enum": names}, service["activities"]["items"]]}
    near = dict(service["near"])
    described = {"description": near.pop("description")}
    places = sorted(area.name for area in areas.areas)
    service["near"] = {"anyOf": [{"enum": places}, near]} | described


def out_of_date(root: Path) -> list[str]:
    """Name every schema that is missing, left over, or not what the models would give."""
    made = schemas(root)
    there = {path.relative_to(root).as_posix() for path in (root / FOLDER).glob("*")}
    wrong = [
        file for file, text in made.items()
        if file not in there or (root / file).read_text(encoding="utf-8") != text
    ]  # fmt: skip
    return sorted({*wrong, *(there - made.keys())})


def write_schemas(root: Path) -> list[str]:
    """Write what is out of date, take out what is left over, and name both."""
    changed, made = out_of_date(root), schemas(root)
    (root / FOLDER).mkdir(exist_ok=True)
    for file in changed:
        if file in made:
            (root / file).write_text(made[file], encoding="utf-8", newline="\n")
        else:
            (root / file).unlink()
    return changed


def first_line(file: str) -> str | None:
    """Return the first line that tells an editor the schema of a file of the directory."""
    kind = kind_of(file)
    if kind is None or not file.startswith("directory/"):
        return None
    up = "../" * (len(PurePosixPath(file).parts) - 1)
    return f"{MARK}{up}{kind.path}"


def directory_files(root: Path) -> Iterator[Path]:
    """Every YAML file of the directory, in the order of their names."""
    for glob in DIRECTORY:
        yield from sorted((root / "directory").glob(glob))


def check_schemas(root: Path) -> Iterator[Problem]:
    """Warn of what keeps an editor from helping: old schemas, files without their first line."""
    for file in out_of_date(root):
        what = "this schema is not what `check` goes by"
        fix = "run python run_bot.py schema"
        yield Problem(file, 1, what, "", fix, Severity.WARNING)
    yield from check_first_lines(root)


def check_first_lines(root: Path) -> Iterator[Problem]:
    """Warn of files of the directory in which an editor would not help."""
    for path in directory_files(root):
        file = path.relative_to(root).as_posix()
        wanted = first_line(file)
        found = _top(path)
        if wanted is not None and found is not None and found != wanted:
            yield Problem(
                file, 1, "an editor does not know what may stand in this file",
                f"`{found[:60]}`", f"write as the first line: {wanted}  "
                "(python run_bot.py schema does it)", Severity.WARNING,
            )  # fmt: skip


def _top(path: Path) -> str | None:
    """Return a file's first line; None where it cannot be read, which is said elsewhere."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            return file.readline(1000).rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        return None


def write_first_lines(root: Path) -> list[str]:
    """Put the line into every file of the directory that lacks it, and name those."""
    changed = [problem.file for problem in check_first_lines(root)]
    for file in changed:
        path, line = root / file, first_line(file)
        text = path.read_text(encoding="utf-8-sig")
        if text.startswith(MARK):  # one for another place
            text = text.partition("\n")[2]
        path.write_text(f"{line}\n{text}", encoding="utf-8", newline="\n")
    return changed
