"""Parameters of one call, read with their types; whatever the client's way of sending them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.demo.api.errors import bad_request
from bot.demo.api.world import Json

_INTEGER = re.compile(r"[+-]?\d{1,19}")
_TRUE = frozenset({"true", "yes", "1"})
_FALSE = frozenset({"false", "no", "0", ""})


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    name: str
    size: int
    mime_type: str
    content: bytes = b""


@dataclass(frozen=True)
class Params:
    """The parameters of one call; a value of the wrong type is refused with its name."""

    values: Mapping[str, Any]
    uploads: Mapping[str, Upload]

    def text(self, name: str) -> str | None:
        """Return a text parameter, or None where it is absent."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise bad_request(f"invalid {name} specified")
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise bad_request("strings must be encoded in UTF-8") from error
        return value

    def integer(self, name: str) -> int | None:
        """Return a whole number, or None where it is absent."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and _INTEGER.fullmatch(value):
            return int(value)
        raise bad_request(f"invalid {name} specified")

    def number(self, name: str) -> float | None:
        """Return a number, or None where it is absent."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise bad_request(f"invalid {name} specified")
        try:
            return float(value)
        except ValueError as error:
            raise bad_request(f"invalid {name} specified") from error

    def flag(self, name: str) -> bool:
        """Return a Boolean; an absent one is false."""
        value = self.values.get(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        word = str(value).lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        raise bad_request(f"invalid {name} specified")

    def items(self, name: str) -> list[Any] | None:
        """Return a JSON array, or None where it is absent."""
        value = self._json(name)
        if value is None or isinstance(value, list):
            return value
        raise bad_request(f"can't parse {name}: Expected an Array")

    def fields(self, name: str) -> Json | None:
        """Return a JSON object, or None where it is absent."""
        value = self._json(name)
        if value is None or isinstance(value, dict):
            return value
        raise bad_request(f"can't parse {name}: Expected an Object")

    def _json(self, name: str) -> Any:
        value = self.values.get(name)
        if value == "":
            return None
        try:
            if isinstance(value, str):
                value = json.loads(value)
            # Half a surrogate pair is legal JSON, but no text that could be sent on.
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise bad_request("strings must be encoded in UTF-8") from error
        except ValueError as error:
            raise bad_request(f"can't parse {name} JSON object") from error
        return value


async def read_params(request: web.Request) -> Params:
    """Read the query and the body: JSON, urlencoded or multipart."""
    values: Json = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.method == "POST" and request.can_read_body:
        if request.content_type == "application/json":
            values |= await _read_json(request)
        elif request.content_type.startswith("multipart/"):
            await _read_multipart(request, values, uploads)
        else:
            values |= dict(await request.post())
    return Params({k: v for k, v in values.items() if v is not None}, uploads)


async def _read_json(request: web.Request) -> Json:
    try:
        body = await request.json()
    except ValueError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(body, dict):
        raise bad_request("can't parse JSON object")
    return body


async def _read_multipart(request: web.Request, values: Json, uploads: dict[str, Upload]) -> None:
    for name, part in (await request.post()).items():
        if isinstance(part, web.FileField):
            content = part.file.read()
            part.file.close()
            uploads[name] = Upload(part.filename, len(content), part.content_type, content)
        else:
            values[name] = part if isinstance(part, str) else bytes(part).decode()
