"""A version of the directory: a folder, or a git revision of this project, laid out to be read."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

PARTS = ("boroughs", "london", "national")
# Where the version does not bring its own, this project's are taken.
BESIDE = ("directory/postcodes", "intents/words")
GIT_WITHIN_S = 60


class VersionError(Exception):
    """There is no such version; the text says what to write instead."""


@contextmanager
def laid_out(root: Path, named: str) -> Iterator[Path]:
    """Give a folder with the version's directory in it, as the loader reads it.

    Args:
        root: this project's folder.
        named: a folder (a project's or its `directory`), or a git revision.

    Raises:
        VersionError: when it is neither.
    """
    with TemporaryDirectory(prefix="directory-") as scratch:
        target = Path(scratch)
        source = Path(named)
        if named and source.is_dir():
            _from_folder(source.resolve(), target)
        else:
            _from_git(root, named, target)
        _beside(root, target)
        yield target


def _from_folder(source: Path, target: Path) -> None:
    below = source / "directory" if (source / "directory").is_dir() else source
    found = [part for part in PARTS if (below / part).is_dir()]
    if not found:
        raise VersionError(
            f"{source}: no directory is there. Name the project's folder, or the one that has "
            f"{', '.join(PARTS)} in it."
        )
    (target / "directory").mkdir()
    for part in found:
        (target / "directory" / part).symlink_to(below / part)
    if below != source:
        for name in BESIDE:
            if (source / name).is_dir():
                _link(target / name, source / name)


def _beside(root: Path, target: Path) -> None:
    for name in BESIDE:
        if not (target / name).exists():
            _link(target / name, root / name)


def _link(place: Path, to: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(to)


def _from_git(root: Path, named: str, target: Path) -> None:
    what = f"{named!r} is neither a folder nor a revision of this project"
    try:
        commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options",
                      f"{named}^{{commit}}").decode().strip()  # fmt: skip
    except VersionError as error:
        raise VersionError(f"{what}. {error}".rstrip()) from None
    wanted = [f"directory/{part}" for part in PARTS] + list(BESIDE)
    listed = _git(root, "ls-tree", "--full-tree", "--name-only", commit, *wanted).decode()
    there = listed.split("\n")[:-1]
    if not there:
        raise VersionError(f"{named}: that revision has no directory/ in it")
    packed = _git(root, "archive", "--format=tar", commit, "--", *there)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(target, filter="data")


def _git(root: Path, *arguments: str) -> bytes:
    program = shutil.which("git")
    if program is None:
        raise VersionError("git is not installed; name two folders instead")
    done = subprocess.run(  # noqa: S603 - git itself, and what is given it cannot be an option
        [program, "-C", str(root), *arguments],
        capture_output=True, timeout=GIT_WITHIN_S, check=False,
    )  # fmt: skip
    if done.returncode:
        raise VersionError(done.stderr.decode("utf-8", "replace").strip())
    return done.stdout
