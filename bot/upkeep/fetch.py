"""Asks web servers whether a page is there, politely.

One request a host at a time with a pause after it, HEAD before GET, no page is read. Redirects
are followed by hand, so that each hop waits its turn at its own host.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from urllib.parse import urljoin, urlsplit

import aiohttp

from bot.upkeep.links import Finding, State

USER_AGENT = "myends-bot-link-check/1 (a youth directory looks whether its links still work)"
FOR_GOOD = (301, 308)
REDIRECTS = (301, 302, 303, 307, 308)
GONE = (404, 410)
MOST_HOPS = 10


@dataclass(frozen=True, slots=True)
class Manners:
    """How gently servers are asked."""

    pause_s: float = 1.5  # between two requests to a host
    timeout_s: float = 20.0
    hosts_at_once: int = 6
    retry_after_s: float = 10.0  # before what did not answer is asked once more


@dataclass
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0


class Checker:
    """Use it as `async with Checker() as checker`."""

    def __init__(self, manners: Manners | None = None) -> None:
        self._manners = manners or Manners()
        self._hosts: dict[str, _Host] = {}
        self._at_once = asyncio.Semaphore(self._manners.hosts_at_once)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Checker:
        self._session = aiohttp.ClientSession(
            headers={"User-Agent": USER_AGENT, "Accept": "*/*"},
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self._manners.timeout_s),
            trust_env=True,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._session is not None
        await self._session.close()

    async def check_all(self, addresses: Sequence[str], on_each: Callable[[Finding], None]) -> None:
        """Check every address once and hand over each finding; what did not answer, twice."""
        again = await self._round(addresses, on_each, keep_unsure=True)
        if again:
            await asyncio.sleep(self._manners.retry_after_s)
            await self._round(again, on_each, keep_unsure=False)

    async def _round(
        self, addresses: Sequence[str], on_each: Callable[[Finding], None], *, keep_unsure: bool
    ) -> list[str]:
        by_host: dict[str, list[str]] = {}
        for address in dict.fromkeys(addresses):
            by_host.setdefault(_host_of(address), []).append(address)
        again: list[str] = []

        async def work(below: list[str]) -> None:
            for address in below:
                finding, passing = await self._check(address)
                if passing and keep_unsure:
                    again.append(address)
                else:
                    on_each(finding)

        await asyncio.gather(*(work(below) for below in by_host.values()))
        return again

    async def check(self, address: str) -> Finding:
        """Say what is at one address; never raises for what a server or a network does."""
        return (await self._check(address))[0]

    async def _check(self, address: str) -> tuple[Finding, bool]:
        """The finding, and whether it may be another one in a minute."""
        if urlsplit(address).scheme not in ("http", "https") or not _host_of(address):
            return Finding(address, State.BROKEN, "not a web address"), False
        try:
            return await self._follow(address)
        except TimeoutError:
            said = f"no answer within {self._manners.timeout_s:g} s"
            return Finding(address, State.UNSURE, said), True
        except aiohttp.ClientConnectorCertificateError:
            return Finding(address, State.BROKEN, "its certificate is not valid"), False
        except aiohttp.ClientSSLError:
            return Finding(address, State.BROKEN, "no secure connection could be made"), False
        except aiohttp.ClientConnectorError as error:
            return _unreachable(address, error)
        except (aiohttp.ClientError, ValueError) as error:
            said = f"no proper answer ({type(error).__name__})"
            return Finding(address, State.UNSURE, said), True

    async def _follow(self, address: str) -> tuple[Finding, bool]:
        here, for_good = address, True
        moved_to = ""
        for _ in range(MOST_HOPS):
            status, location = await self._ask(here)
            if status not in REDIRECTS or not location:
                return _judged(address, here, moved_to, status)
            here = urljoin(here, location)
            if urlsplit(here).scheme not in ("http", "https"):
                return Finding(address, State.BROKEN, "leads to something else"), False
            # Only an unbroken chain of "for good" says what to write instead.
            for_good = for_good and status in FOR_GOOD
            moved_to = here if for_good else moved_to
        return Finding(address, State.BROKEN, f"more than {MOST_HOPS} redirects"), False

    async def _ask(self, address: str) -> tuple[int, str]:
        """The status and where it leads; GET where a server does not like HEAD."""
        try:
            status, location = await self._request("HEAD", address)
        except (TimeoutError, aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError):
            return await self._request("GET", address)
        if status < 400 or status == 429:
            return status, location
        return await self._request("GET", address)

    async def _request(self, method: str, address: str) -> tuple[int, str]:
        assert self._session is not None
        host = self._hosts.setdefault(_host_of(address), _Host())
        loop = asyncio.get_running_loop()
        async with host.lock:
            if (wait := host.free_at - loop.time()) > 0:
                await asyncio.sleep(wait)
            try:
                async with (
                    self._at_once,
                    self._session.request(method, address, allow_redirects=False) as answer,
                ):
                    answer.close()  # the page itself is not wanted
                    return answer.status, answer.headers.get("Location", "")
            finally:
                host.free_at = loop.time() + self._manners.pause_s


def _judged(address: str, here: str, moved_to: str, status: int) -> tuple[Finding, bool]:
    detail = _named(status)
    if status in GONE:
        return Finding(address, State.BROKEN, detail), False
    if status >= 500 or status == 429:
        return Finding(address, State.UNSURE, detail), True
    if status >= 300:
        return Finding(address, State.UNSURE, f"{detail}: closed to programs, perhaps"), False
    if _is_start(here) and not _is_start(address):
        said = "leads to a start page: the page itself may be gone"
        return Finding(address, State.UNSURE, said), False
    if moved_to:
        return Finding(address, State.MOVED, detail, moved_to), False
    return Finding(address, State.GOOD, detail), False


def _is_start(address: str) -> bool:
    parts = urlsplit(address)
    return parts.path in ("", "/") and not parts.query


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _unreachable(address: str, error: aiohttp.ClientConnectorError) -> tuple[Finding, bool]:
    cause = error.os_error
    if isinstance(error, aiohttp.ClientConnectorDNSError) or isinstance(cause, socket.gaierror):
        # The resolver's "try again" is no verdict on the name.
        passing = getattr(cause, "errno", None) == socket.EAI_AGAIN
        said = "the name could not be looked up" if passing else "there is no such host"
        state = State.UNSURE if passing else State.BROKEN
        return Finding(address, state, said, offline=True), passing
    said = f"no connection ({os.strerror(cause.errno)})" if cause.errno else "no connection"
    return Finding(address, State.BROKEN, said, offline=True), True


def _host_of(address: str) -> str:
    return urlsplit(address).netloc.rpartition("@")[2].lower()
