"""Suggestions are listed with their file and a line that the file takes; done ones are not."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.commands import suggestions as command
from bot.commands.suggestions import suggestion_lines, waiting
from bot.content.intent_files import load_urgent
from bot.content.located import read_yaml
from bot.content.validate import validate
from bot.settings import Settings
from bot.storage.seal import Sealer
from bot.storage.sqlite import SqliteStore
from intents.schema import Groups, UrgentFile

VIOLENCE = UrgentFile(
    kind="violence", about="x", intent="violence-worry",
    emergency=Groups(plain=["theres a man outside my door with a knife"]),
    urgent=Groups(plain=["they said theyre going to stab me"]),
)  # fmt: skip
SKIN = {"text": 'got a "knife" skin: [name]', "judged": "not-a-danger", "kind": "violence"}
MISSED = {"text": "he waits for me again", "judged": "was-a-danger", "kind": None}
HEAD = "kind: violence\nabout: x\nintent: violence-worry\n"


def test_a_false_alarm_becomes_a_twin_of_the_danger_that_it_is_most_alike(tmp_path: Path) -> None:
    (one,) = waiting([(7, "2026-11-22", SKIN)], {}, {"violence": VIOLENCE})
    assert (one.file, one.section) == ("intents/urgent/violence.yaml", "twins")
    assert '"theres a man outside my door with a knife"' in one.yaml
    path = tmp_path / "violence.yaml"
    path.write_text(f"{HEAD}twins:\n{one.yaml}\n", encoding="utf-8")
    located, problems = read_yaml(path, tmp_path)
    assert located is not None
    read, more = validate(UrgentFile, located)
    assert [*problems, *more] == []
    assert read is not None
    assert read.twins[0].harmless == SKIN["text"]


def test_a_danger_that_was_missed_becomes_an_example_of_its_kind(tmp_path: Path) -> None:
    (one,) = waiting([(8, "2026-11-22", MISSED)], {}, {})
    assert one.file == "intents/urgent/KIND.yaml"  # nobody knew the kind: the maintainer does
    path = tmp_path / "violence.yaml"
    path.write_text(f"{HEAD}urgent:\n  plain:\n{one.yaml}\n", encoding="utf-8")
    located, _ = read_yaml(path, tmp_path)
    assert located is not None
    read, problems = validate(UrgentFile, located)
    assert problems == []
    assert read is not None
    assert read.urgent.plain == [MISSED["text"]]


def test_a_kind_without_a_file_leaves_the_danger_to_the_maintainer() -> None:
    (one,) = waiting([(7, "2026-11-22", SKIN)], {}, {})
    assert "the danger that it looks like" in one.yaml


def test_our_own_files_are_read() -> None:
    files = load_urgent(command.ROOT)
    assert "violence" in files


def test_what_is_done_is_off_the_list_and_the_list_says_what_to_do() -> None:
    rows = [(7, "2026-11-22", SKIN), (8, "2026-11-23", MISSED)]
    found = waiting(rows, {"7": 1}, {})
    assert [one.number for one in found] == [8]
    lines = suggestion_lines(found)
    assert lines[0] == "1 suggestions wait. Nothing is taken up by itself."
    assert lines[-1].endswith("suggestions --done 8")
    assert suggestion_lines([]) == ["0 suggestions wait. Nothing is taken up by itself."]


async def test_the_command_reads_beside_a_running_bot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = Sealer.new_key()
    settings = Settings(data_dir=tmp_path, data_key=key, _env_file=None)  # type: ignore[call-arg,arg-type]
    monkeypatch.setattr(command, "read_settings", lambda: settings)
    store = await SqliteStore.open(tmp_path / "bot.sqlite3", Sealer([key]))
    try:
        await store.transact(lambda unit: unit.suggest(MISSED, "2026-11-22"))
        assert main(["suggestions", "--json"]) == 0
        (one,) = json.loads(capsys.readouterr().out)
        assert one["text"] == MISSED["text"]
        assert run(done=one["number"] + 1) == 2
        assert "no suggestion with that number" in capsys.readouterr().err
        assert run(done=one["number"]) == 0
        assert capsys.readouterr().out.startswith("0 suggestions wait")
        (tmp_path / "suggestions-done.json").write_text("[]", encoding="utf-8")
        assert run() == command.CANNOT_START
    finally:
        await store.close()


def run(**given: Any) -> int:
    return command.suggestions(argparse.Namespace(**({"done": None, "json": False} | given)))
