"""What a real server does is told as what a maintainer must do, and no server is bothered."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest

from bot.upkeep.fetch import USER_AGENT, Checker, Manners
from bot.upkeep.links import Finding, State
from tests.upkeep.web import Server, self_signed, serving

QUICK = Manners(pause_s=0.0, timeout_s=0.5, retry_after_s=0.05)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving() as server:
        yield server


@pytest.fixture
async def checker() -> AsyncIterator[Checker]:
    async with Checker(QUICK) as checker:
        yield checker


@pytest.mark.parametrize(
    ("path", "state", "detail"),
    [
        ("/page", State.GOOD, "200 OK"),
        ("/no-head", State.GOOD, "200 OK"),
        ("/head-lies", State.GOOD, "200 OK"),
        ("/slow-head", State.GOOD, "200 OK"),
        ("/huge", State.GOOD, "200 OK"),
        ("/for-now", State.GOOD, "200 OK"),
        ("/status/404", State.BROKEN, "404 Not Found"),
        ("/status/410", State.BROKEN, "410 Gone"),
        ("/to-gone", State.BROKEN, "404 Not Found"),
        ("/loop", State.BROKEN, "more than 10 redirects"),
        ("/to-mail", State.BROKEN, "leads to something else"),
        ("/status/403", State.UNSURE, "403 Forbidden: closed to programs, perhaps"),
        ("/status/429", State.UNSURE, "429 Too Many Requests"),
        ("/status/500", State.UNSURE, "500 Internal Server Error"),
        ("/status/599", State.UNSURE, "599"),
        ("/slow", State.UNSURE, "no answer within 0.5 s"),
        ("/hangs-up", State.UNSURE, "no proper answer (ServerDisconnectedError)"),
        ("/to-start", State.UNSURE, "leads to a start page: the page itself may be gone"),
    ],
)
async def test_each_habit_of_a_server_has_its_verdict(
    server: Server, checker: Checker, path: str, state: State, detail: str
) -> None:
    found = await checker.check(server.base + path)
    assert (found.state, found.detail, found.offline) == (state, detail, False)


async def test_what_moved_for_good_names_the_new_address(server: Server, checker: Checker) -> None:
    for path, to in (("/moved", "/page"), ("/moved-twice", "/page"),
                     ("/moved-then-for-now", "/for-now")):  # fmt: skip
        found = await checker.check(server.base + path)
        assert (found.state, found.moved_to) == (State.MOVED, server.base + to)


async def test_redirects_lead_across_hosts(server: Server, checker: Checker) -> None:
    async with serving() as other:
        server.elsewhere = other.base
        found = await checker.check(f"{server.base}/across")
        assert found.moved_to == f"{other.base}/page"
        assert other.asked == [("HEAD", "/page")]


async def test_a_certificate_that_nobody_vouches_for_is_broken(
    checker: Checker, tmp_path: Path
) -> None:
    async with serving(self_signed(tmp_path)) as server:
        found = await checker.check(f"{server.base}/page")
    assert (found.state, found.detail) == (State.BROKEN, "its certificate is not valid")


async def test_plain_http_behind_https_is_no_secure_connection(
    server: Server, checker: Checker
) -> None:
    found = await checker.check(server.base.replace("http://", "https://"))
    assert (found.state, found.detail) == (State.BROKEN, "no secure connection could be made")


async def test_a_closed_port_and_a_name_that_is_none_are_offline(checker: Checker) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    closed = await checker.check(f"http://127.0.0.1:{port}/")
    assert (closed.state, closed.offline) == (State.BROKEN, True)
    assert "refused" in closed.detail
    nowhere = await checker.check("http://nowhere.invalid/")
    assert nowhere.offline


@pytest.mark.parametrize("address", ["ftp://example.org/", "http://", "https:///path", "x"])
async def test_what_is_no_web_address_is_broken_and_not_asked(
    checker: Checker, address: str
) -> None:
    assert (await checker.check(address)).detail == "not a web address"


async def test_a_host_is_asked_one_at_a_time_with_a_pause_by_our_own_name() -> None:
    found: list[Finding] = []
    manners = Manners(pause_s=0.1, timeout_s=5, retry_after_s=0.01)
    async with serving() as one, serving() as two, Checker(manners) as checker:
        two.elsewhere = one.base
        addresses = [f"{one.base}/page?{n}" for n in range(4)] + [f"{two.base}/across"] * 2
        await checker.check_all(addresses, found.append)
        assert sorted(f.address for f in found) == sorted(set(addresses))
        assert one.most_at_once == 1
        assert len(one.at) == 5
        assert all(later - earlier >= 0.1 for earlier, later in pairwise(sorted(one.at)))
        assert one.agents == {USER_AGENT}


async def test_what_is_out_of_order_is_asked_once_more_at_the_end(server: Server) -> None:
    found: list[Finding] = []
    async with Checker(QUICK) as checker:
        paths = ["/once-down", "/status/503", "/status/404"]
        await checker.check_all([server.base + path for path in paths], found.append)
    states = {finding.address.removeprefix(server.base): finding.state for finding in found}
    assert states == {
        "/once-down": State.GOOD, "/status/503": State.UNSURE, "/status/404": State.BROKEN,
    }  # fmt: skip
    assert len(found) == 3
    assert server.asked.count(("GET", "/status/404")) == 1
    assert server.asked.count(("GET", "/status/503")) == 2
