"""The pinned lists and pyproject.toml say the same."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]


def pins(name: str) -> dict[str, Version]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    rows = [line.partition("==") for line in lines if line and not line.startswith("#")]
    return {canonical(package): Version(version) for package, _, version in rows}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_is_pinned_within_what_pyproject_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run, dev = pins("requirements.txt"), pins("requirements-dev.txt")
    for line in project["dependencies"]:
        wanted = Requirement(line)
        assert run[canonical(wanted.name)] in wanted.specifier, line
    for line in project["optional-dependencies"]["dev"]:
        wanted = Requirement(line)
        assert dev[canonical(wanted.name)] in wanted.specifier, line
    assert not set(run) & set(dev)
