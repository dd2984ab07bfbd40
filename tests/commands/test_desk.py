"""`rota` and `check` with a plan, and settings that speak of it twice."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from bot.commands.desk import rota
from bot.settings import Settings, read_settings, ready_to_run

ROOT = Path(__file__).parents[2]
SMALL = """\
groups: [{name: Staff, chat: -1001}]
people:
  - {name: Jo, id: 7, roles: "lead, on-call"}
"""


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def write(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    Path("desk.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("DESK_FILE", "desk.yaml")


def test_without_a_plan_there_is_no_rota(capsys: pytest.CaptureFixture[str]) -> None:
    assert rota(Namespace()) == 0
    assert "desk.example.yaml" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("shift", "status", "said"),
    [
        ("", 0, "nobody is on the rota"),
        ("rota: [{who: Jo, days: daily, from: 0:00, to: 24:00, role: on-call}]\n", 0, "no gaps"),
        ("rota: [{who: Jo, days: daily, from: 9:00, to: 17:00, role: on-call}]\n", 1,
         "on-call, everywhere"),
    ],
)  # fmt: skip
def test_the_rota_and_its_gaps(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    shift: str, status: int, said: str,
) -> None:  # fmt: skip
    write(monkeypatch, SMALL + shift)
    assert rota(Namespace()) == status
    assert said in capsys.readouterr().out


def test_a_bad_plan_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(monkeypatch, SMALL.replace("people", "peeple"))
    assert rota(Namespace()) == 2
    assert "desk.yaml:2: `peeple` is not a key here, did you mean `people`?" in (
        capsys.readouterr().err
    )


def test_what_stands_in_the_plan_stands_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    write(monkeypatch, SMALL)
    monkeypatch.setenv("ON_CALL_CHAT_ID", "7")
    monkeypatch.setenv("STAFF_HOURS", "weekdays")
    problems = "\n".join(ready_to_run(read_settings(), "key"))
    assert "ON_CALL_CHAT_ID is set, and DESK_FILE too" in problems
    assert "STAFF_HOURS is set, and DESK_FILE too" in problems
    assert "STAFF_CHAT_ID" not in problems


def test_a_plan_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_FILE", "nowhere.yaml")
    assert any("no such file" in problem for problem in ready_to_run(read_settings(), "key"))
