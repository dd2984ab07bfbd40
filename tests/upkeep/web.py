"""A real web server on this machine, with every habit that a server can have."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Server:
    """Answers by path; notes who asked what, when, and how many asked at once."""

    def __init__(self) -> None:
        self.base = ""
        self.elsewhere = ""  # another server's address, for redirects across hosts
        self.asked: list[tuple[str, str]] = []
        self.at: list[float] = []
        self.agents: set[str] = set()
        self.most_at_once = 0
        self.down = False
        self._now = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        self.asked.append((request.method, request.path))
        self.at.append(asyncio.get_running_loop().time())
        self.agents.add(request.headers.get("User-Agent", ""))
        try:
            return await self._answer(request)
        finally:
            self._now -= 1

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path, head = request.path, request.method == "HEAD"
        await asyncio.sleep(0.01)
        if path.startswith("/status/"):
            return web.Response(status=int(path.rpartition("/")[2]))
        if path == "/no-head":
            return web.Response(status=405 if head else 200)
        if path == "/head-lies":
            return web.Response(status=404 if head else 200)
        if path == "/slow-head" and head:
            await asyncio.sleep(30)
        if path == "/slow":
            await asyncio.sleep(30)
        if path == "/once-down" and not self.down:
            self.down = not head
            return web.Response(status=503)
        if path == "/hangs-up":
            assert request.transport is not None
            request.transport.abort()
        if path == "/huge":
            return web.Response(body=b"x" * 5_000_000)
        if location := self._redirects().get(path):
            return web.Response(status=location[0], headers={"Location": location[1]})
        return web.Response(text="a page")

    def _redirects(self) -> dict[str, tuple[int, str]]:
        return {
            "/moved": (301, "/page"), "/moved-twice": (308, "/moved"), "/for-now": (302, "/page"),
            "/moved-then-for-now": (301, "/for-now"), "/to-gone": (301, "/status/404"),
            "/to-start": (302, "/"), "/loop": (302, "/loop"), "/to-mail": (302, "mailto:a@b.org"),
            "/across": (301, f"{self.elsewhere}/page"),
        }  # fmt: skip


@asynccontextmanager
async def serving(tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """A server on a free port."""
    server = Server()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    port = runner.addresses[0][1]
    server.base = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    yield server
    await runner.cleanup()


def self_signed(folder: Path) -> ssl.SSLContext:
    """A certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "both.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
