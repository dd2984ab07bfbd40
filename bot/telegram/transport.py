"""HTTP to the Bot API by aiohttp: several times faster than the library's own transport."""

from __future__ import annotations

import json
import os
from typing import Any

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

DEFAULT_NONE = BaseRequest.DEFAULT_NONE


class AiohttpRequest(BaseRequest):
    """A transport for python-telegram-bot. Use one for polling and another one for sending.

    No exception of it holds the address, which has the token in it.

    Args:
        connections: how many connections may be open at once.
        read_timeout_s: how long an answer may take.
        connect_timeout_s: how long connecting may take.
        write_timeout_s: how long sending the request may take.
        pool_timeout_s: how long a request may wait for a free connection.
    """

    def __init__(
        self,
        *,
        connections: int = 64,
        read_timeout_s: float = 10.0,
        connect_timeout_s: float = 5.0,
        write_timeout_s: float = 20.0,
        pool_timeout_s: float = 5.0,
    ) -> None:
        self._connections = connections
        self._read_s = read_timeout_s
        self._connect_s = connect_timeout_s
        self._write_s = write_timeout_s
        self._pool_s = pool_timeout_s
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """How long an answer may take, in seconds."""
        return self._read_s

    async def initialize(self) -> None:
        """Make ready for requests; more than once does nothing."""
        if self._session is not None:
            return
        # Without this the library warns of every 429 that it meets.
        os.environ.setdefault("PTB_TIMEDELTA", "true")
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=50),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
        )

    async def shutdown(self) -> None:
        """Close every connection; more than once does nothing."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = DEFAULT_NONE,
        write_timeout: ODVInput[float] = DEFAULT_NONE,
        connect_timeout: ODVInput[float] = DEFAULT_NONE,
        pool_timeout: ODVInput[float] = DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one request; status and body of the answer.

        Raises:
            TimedOut: something took too long.
            NetworkError: there was no answer for another reason.
        """
        timeout = _timeout(
            read=_given(read_timeout, self._read_s),
            write=_given(write_timeout, self._write_s),
            connect=_given(connect_timeout, self._connect_s),
            pool=_given(pool_timeout, self._pool_s),
        )
        return await self._send(method, url, timeout, **_body(request_data))

    async def post_json(
        self, url: str, body: dict[str, Any], read_timeout_s: float
    ) -> tuple[int, bytes]:
        """Post JSON; status and body of the answer, raised errors as of `do_request`."""
        timeout = _timeout(
            read=read_timeout_s, write=self._write_s, connect=self._connect_s, pool=self._pool_s
        )
        return await self._send("POST", url, timeout, json=body)

    async def _send(
        self, method: str, url: str, limits: aiohttp.ClientTimeout, **body: Any
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("the transport is not initialised: call initialize() first")
        problem: TelegramError
        try:
            async with self._session.request(
                method, url, timeout=limits, allow_redirects=False, **body
            ) as response:
                return response.status, await response.read()
        except TimeoutError:
            problem = TimedOut()
        except (aiohttp.ClientError, OSError, ValueError) as error:
            problem = NetworkError(f"no answer: {type(error).__name__}")
        # Raised out here so that the first error, whose text may hold the address, is not kept.
        raise problem

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer; unlike the library's own, nothing of it is logged."""
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return answer


def _given(value: Any, default: float) -> float | None:
    if isinstance(value, DefaultValue):
        return default
    return None if value is None else float(value)


def _timeout(
    *, read: float | None, write: float | None, connect: float | None, pool: float | None
) -> aiohttp.ClientTimeout:
    waits = None if connect is None or pool is None else connect + pool
    # aiohttp has no timeout for writing: the whole is bounded instead.
    total = None if waits is None or read is None or write is None else waits + read + write
    return aiohttp.ClientTimeout(total=total, connect=waits, sock_connect=connect, sock_read=read)


def _body(request_data: RequestData | None) -> dict[str, Any]:
    if request_data is None:
        return {}
    files = request_data.multipart_data
    if not files:
        headers = {"Content-Type": "application/json"}
        return {"data": request_data.json_payload, "headers": headers}
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime_type) in files.items():
        form.add_field(name, content, filename=filename, content_type=mime_type)
    return {"data": form}
