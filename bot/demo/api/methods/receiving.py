"""Getting updates: long polling and webhooks."""

import re
from types import MappingProxyType
from urllib.parse import urlsplit

from bot.demo.api.backend import Backend
from bot.demo.api.errors import bad_request, conflict
from bot.demo.api.objects import without_none
from bot.demo.api.params import Params
from bot.demo.api.updates import Webhook
from bot.demo.api.world import Json

WEBHOOK_PORTS = (443, 80, 88, 8443)
MOST_UPDATES = 100
_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_LOCAL_HOSTS = ("127.0.0.1", "localhost")


async def get_updates(backend: Backend, params: Params) -> list[Json]:
    """Return the next updates; only the offset confirms those before it."""
    limit = params.integer("limit") or MOST_UPDATES
    offset, timeout_s = params.integer("offset") or 0, params.integer("timeout") or 0
    backend.updates.allow(_kinds(params))
    limit = limit if 1 <= limit <= MOST_UPDATES else MOST_UPDATES
    return await backend.updates.poll(offset, limit, timeout_s)


def set_webhook(backend: Backend, params: Params) -> bool:
    """Have updates pushed to a URL; an empty URL removes the webhook."""
    url = params.text("url") or ""
    secret = params.text("secret_token")
    connections = params.integer("max_connections") or 40
    if not url:
        return delete_webhook(backend, params)
    if secret is not None and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if secret is not None and len(secret) > 256:
        raise bad_request("secret token is too long")
    _check_url(url)
    backend.updates.allow(_kinds(params))
    _drop_pending(backend, params)
    backend.updates.webhook = Webhook(url, secret, min(max(connections, 1), 100))
    backend.updates.end_poll(conflict("terminated by setWebhook request"))
    backend.pusher.restart()
    return True


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    # Telegram insists on https; on this machine a bot under test has no certificate.
    if parts.scheme == "http" and parts.hostname in _LOCAL_HOSTS:
        return
    if parts.scheme != "https" or not parts.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in WEBHOOK_PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def delete_webhook(backend: Backend, params: Params) -> bool:
    """Go back to long polling."""
    _drop_pending(backend, params)
    backend.updates.webhook = None
    backend.pusher.restart()
    return True


def get_webhook_info(backend: Backend, params: Params) -> Json:
    """Return how pushing goes: what waits and what failed last."""
    webhook = backend.updates.webhook
    info: Json = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(backend.updates.pending),
    }
    if backend.updates.allowed is not None:
        info["allowed_updates"] = sorted(backend.updates.allowed)
    if webhook is None:
        return info
    return info | without_none(
        {
            "max_connections": webhook.max_connections,
            "last_error_date": webhook.last_error_date,
            "last_error_message": webhook.last_error_message,
        }
    )


def log_out(backend: Backend, params: Params) -> bool:
    """Take the words of a bot that leaves this server; nothing is kept to undo."""
    return True


def _drop_pending(backend: Backend, params: Params) -> None:
    if params.flag("drop_pending_updates"):
        backend.updates.pending.clear()


def _kinds(params: Params) -> list[str] | None:
    kinds = params.items("allowed_updates")
    if kinds is not None and not all(isinstance(k, str) for k in kinds):
        raise bad_request("can't parse allowed_updates: Expected an Array of String")
    return kinds


METHODS = MappingProxyType(
    {
        "getUpdates": get_updates,
        "setWebhook": set_webhook,
        "deleteWebhook": delete_webhook,
        "getWebhookInfo": get_webhook_info,
        "logOut": log_out,
        "close": log_out,
    }
)
