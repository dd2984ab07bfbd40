"""What was found is kept with its date, compared with last time, and named by file and line."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from bot.commands.links import run_links
from bot.upkeep.entries import Link
from bot.upkeep.fetch import Manners
from bot.upkeep.links import (
    Finding,
    State,
    changed,
    dated,
    link_lines,
    load_findings,
    no_network,
    save_findings,
    totals,
)

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
QUICK = Manners(pause_s=0.0, timeout_s=2.0, retry_after_s=0.01)


def finding(name: str, state: State, **values: str) -> Finding:
    return Finding(f"https://{name}.org", state, **values)  # type: ignore[arg-type]


def test_what_is_kept_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "data" / "links.json"
    assert load_findings(path) == {}
    kept = dated([finding("a", State.MOVED, moved_to="https://b.org")], {}, NOW)
    save_findings(path, kept, NOW)
    assert load_findings(path) == kept
    assert [p.name for p in path.parent.iterdir()] == ["links.json"]


@pytest.mark.parametrize("text", ["", "[]", '{"addresses": [{"address": "x"}]}', "\x00"])
def test_a_spoilt_file_says_what_to_do(tmp_path: Path, text: str) -> None:
    path = tmp_path / "links.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="Delete it and run again"):
        load_findings(path)


def test_the_first_day_in_a_state_is_kept_until_the_state_changes() -> None:
    first = dated([finding("a", State.BROKEN)], {}, NOW)
    later = dated([finding("a", State.BROKEN)], first, NOW + timedelta(days=7))
    assert later["https://a.org"].since == "2026-11-27"
    assert later["https://a.org"].checked == "2026-12-04"
    mended = dated([finding("a", State.GOOD)], later, NOW + timedelta(days=14))
    assert mended["https://a.org"].since == "2026-12-11"


def test_only_what_is_not_as_last_time_has_changed() -> None:
    before = {f.address: f for f in (finding("a", State.GOOD), finding("b", State.BROKEN),
                                     finding("c", State.BROKEN))}  # fmt: skip
    after = {f.address: f for f in (finding("a", State.BROKEN), finding("b", State.BROKEN),
                                    finding("c", State.GOOD), finding("new", State.GOOD),
                                    finding("new-broken", State.BROKEN))}  # fmt: skip
    assert list(changed(after, before)) == [
        "https://a.org", "https://c.org", "https://new-broken.org",
    ]  # fmt: skip


def test_without_a_network_nothing_was_learnt() -> None:
    off = Finding("https://a.org", State.BROKEN, offline=True)
    assert no_network([off, off])
    assert not no_network([off, finding("b", State.GOOD)])
    assert not no_network([])


def test_each_line_has_its_place_and_the_worst_comes_first() -> None:
    found = [
        finding(
            "a", State.BROKEN, detail="404 Not Found", since="2026-11-01", checked="2026-11-27"
        ),
        finding("m", State.MOVED, moved_to="https://n.org"),
        finding("s", State.BROKEN, detail="410 Gone"),
    ]
    links = [
        Link("https://m.org", "directory/m.yaml", 3, True),
        Link("https://s.org", "directory/s.yaml", 9, False),
        Link("https://a.org", "directory/a.yaml", 7, True),
        Link("https://a.org", "directory/b.yaml", 8, True),
    ]
    assert link_lines({f.address: f for f in found}, links) == [
        "",
        "BROKEN, and young people can tap it",
        "  directory/a.yaml:7: https://a.org (404 Not Found, since 2026-11-01)",
        "  directory/b.yaml:8: https://a.org (404 Not Found, since 2026-11-01)",
        "",
        "BROKEN, as a source",
        "  directory/s.yaml:9: https://s.org (410 Gone)",
        "",
        "MOVED: write the new address",
        "  directory/m.yaml:3: https://m.org is now https://n.org",
    ]
    assert totals(found) == "3 addresses: 0 good, 1 moved, 0 not sure, 2 broken"


class _Pages(BaseHTTPRequestHandler):
    gone: ClassVar[set[str]] = {"/gone"}

    def do_HEAD(self) -> None:
        self.send_response(404 if self.path in self.gone else 200)
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    _Pages.gone = {"/gone"}
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def directory_of(root: Path, *addresses: str) -> None:
    folder = root / "directory/london"
    folder.mkdir(parents=True, exist_ok=True)
    services = "".join(
        f"  - id: s{n}\n    contact:\n      website: {one}\n" for n, one in enumerate(addresses)
    )
    (folder / "a.yaml").write_text(f"organisation: A\nservices:\n{services}", encoding="utf-8")


def test_the_command_names_what_broke_and_only_news_when_asked(
    tmp_path: Path, site: str, capsys: pytest.CaptureFixture[str]
) -> None:
    directory_of(tmp_path, f"{site}/page", f"{site}/gone")
    assert run_links(tmp_path, NOW, only_changed=False, manners=QUICK) == 1
    out = capsys.readouterr().out
    assert out.startswith("2 addresses: 1 good, 0 moved, 0 not sure, 1 broken\n")
    assert f"directory/london/a.yaml:8: {site}/gone (404 Not Found)" in out

    assert run_links(tmp_path, NOW + timedelta(days=1), only_changed=True, manners=QUICK) == 0
    assert "Nothing has changed since the last time." in capsys.readouterr().out
    _Pages.gone = {"/page"}
    assert run_links(tmp_path, NOW + timedelta(days=2), only_changed=True, manners=QUICK) == 1
    out = capsys.readouterr().out
    assert f"GOOD again\n  directory/london/a.yaml:8: {site}/gone (200 OK)" in out
    kept = json.loads((tmp_path / "data/links.json").read_text("utf-8"))
    assert kept["checked"] == "2026-11-29T09:00:00+00:00"
    assert {row["checked"] for row in kept["addresses"]} == {"2026-11-29"}

    directory_of(tmp_path, f"{site}/other")
    run_links(tmp_path, NOW, only_changed=False, manners=QUICK)
    assert list(load_findings(tmp_path / "data/links.json")) == [f"{site}/other"]


def test_without_a_network_what_was_known_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory_of(tmp_path, "http://127.0.0.1:9/")
    old = {"http://127.0.0.1:9/": Finding("http://127.0.0.1:9/", State.GOOD)}
    save_findings(tmp_path / "data/links.json", old, NOW)
    assert run_links(tmp_path, NOW, only_changed=False, manners=QUICK) == 2
    assert "Is there a network?" in capsys.readouterr().err
    assert load_findings(tmp_path / "data/links.json") == old
