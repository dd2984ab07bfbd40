"""A version is a folder or a git revision; what is neither says so."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bot.upkeep.versions import VersionError, laid_out


def project(folder: Path, text: str) -> Path:
    (folder / "directory/national").mkdir(parents=True, exist_ok=True)
    (folder / "directory/postcodes").mkdir(exist_ok=True)
    (folder / "intents/words").mkdir(parents=True, exist_ok=True)
    (folder / "intents/words/areas.yaml").write_text(text, encoding="utf-8")
    (folder / "directory/national/a.yaml").write_text(text, encoding="utf-8")
    return folder


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = project(tmp_path / "repo", "first")
    git(root, "init", "-q")
    (root / "directory/postcodes/cells.csv").write_text("x", encoding="utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    project(root, "second")
    git(root, "commit", "-qam", "second")
    return root


def read(root: Path, named: str) -> tuple[str, str]:
    with laid_out(root, named) as folder:
        return (
            (folder / "directory/national/a.yaml").read_text("utf-8"),
            (folder / "intents/words/areas.yaml").read_text("utf-8"),
        )


def test_a_revision_is_read_as_it_was(repository: Path) -> None:
    assert read(repository, "HEAD~1") == ("first", "first")
    assert read(repository, "HEAD") == ("second", "second")


def test_a_project_a_directory_and_a_dot_are_folders(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = project(tmp_path / "other", "other")
    assert read(repository, str(other)) == ("other", "other")
    # A directory alone has no vocabulary of its own.
    assert read(repository, str(other / "directory")) == ("other", "second")
    monkeypatch.chdir(repository)
    assert read(repository, ".") == ("second", "second")


@pytest.mark.parametrize("named", ["no-such-thing", "--upload-pack=touch x", "-h", ""])
def test_what_is_neither_says_so(repository: Path, named: str) -> None:
    with pytest.raises(VersionError, match="neither a folder nor a revision"):
        read(repository, named)


def test_a_folder_without_a_directory_says_what_to_name(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(VersionError, match="no directory is there"):
        read(repository, str(tmp_path / "empty"))


def test_nothing_stays_behind(repository: Path) -> None:
    with laid_out(repository, "HEAD") as folder:
        assert folder.is_dir()
    assert not folder.exists()
    assert (repository / "directory/postcodes/cells.csv").exists()
