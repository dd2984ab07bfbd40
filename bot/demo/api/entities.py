"""A message's text as Telegram stores it: cleaned, parsed, counted in UTF-16 units."""

import re
from typing import Any

from bot.demo.api.errors import bad_request
from bot.demo.api.objects import utf16_length
from bot.demo.api.params import Params
from bot.demo.api.telegram_html import parse_html
from bot.demo.api.world import Json

_TO_SPACE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_REMOVED = re.compile(r"[\r\u2028-\u202e]")
_HOSTS = "com|org|net|uk|london|io|me|gov|info|app|dev|eu|ac"
_FOUND_BY_ITSELF = (
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        "url",
        re.compile(
            rf"https?://[^\s<>\"]+|(?<![\w@./])(?:[\w-]+\.)+(?:{_HOSTS})\b(?:/[^\s<>\"]*)?",
            re.IGNORECASE,
        ),
    ),
    ("mention", re.compile(r"(?<![\w/@])@[A-Za-z0-9_]{4,32}\b")),
    ("hashtag", re.compile(r"(?<![\w/#])#\w*[^\W\d_]\w*")),
    ("bot_command", re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?\b")),
)
_TRAILING = ".,;:!?)]}'\""
_KEEPS_PLAIN = frozenset({"code", "pre", "text_link", "text_mention"})
_WITH_EXTRA = {
    "text_link": "url",
    "text_mention": "user",
    "custom_emoji": "custom_emoji_id",
    "date_time": "unix_time",
}
_ENTITY_TYPES = frozenset(
    [
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "date_time",
    ]
)


def clean(text: str) -> str:
    """Return the text without the control characters that Telegram drops."""
    return _REMOVED.sub("", _TO_SPACE.sub(" ", text))


def read_formatted(
    params: Params, name: str, entities_name: str, parse_mode_name: str = "parse_mode"
) -> tuple[str, list[Json]]:
    """Return a text parameter and its entities, as parse mode or explicit entities say."""
    source = clean(params.text(name) or "")
    mode = (params.text(parse_mode_name) or "").lower()
    if mode == "html":
        text, entities = parse_html(source)
    elif mode in ("", "none"):
        text, entities = source, _explicit(params.items(entities_name) or [], source)
    else:
        # Telegram also reads Markdown; this bot uses HTML only, so the rest counts as a mistake.
        raise bad_request("unsupported parse_mode")
    return finish(text, entities)


def finish(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Trim a text, find links and commands in it, and sort its entities."""
    text, entities = _trim(text, entities)
    entities = entities + find_entities(text, entities)
    return text, sorted(entities, key=lambda e: (e["offset"], -e["length"]))


def find_entities(text: str, present: list[Json]) -> list[Json]:
    """Return the links, mentions, hashtags and commands that stand in plain text."""
    taken = [(e["offset"], e["offset"] + e["length"]) for e in present if _is_plain(e)]
    found = []
    for kind, pattern in _FOUND_BY_ITSELF:
        for match in pattern.finditer(text):
            words = match.group().rstrip(_TRAILING) if kind == "url" else match.group()
            start = utf16_length(text[: match.start()])
            stop = start + utf16_length(words)
            if not any(start < t and s < stop for s, t in taken):
                taken.append((start, stop))
                found.append({"type": kind, "offset": start, "length": stop - start})
    return found


def _is_plain(entity: Json) -> bool:
    return entity["type"] in _KEEPS_PLAIN


def _trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    trimmed = text.strip()
    lead = utf16_length(text[: len(text) - len(text.lstrip())])
    end = utf16_length(trimmed)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - lead)
        stop = min(end, entity["offset"] - lead + entity["length"])
        if stop > start:
            kept.append(entity | {"offset": start, "length": stop - start})
    return trimmed, kept


def _explicit(given: list[Any], text: str) -> list[Json]:
    length = utf16_length(text)
    entities = []
    for entity in given:
        if not isinstance(entity, dict):
            raise bad_request("can't parse MessageEntity: Expected an Object")
        if str(entity.get("type")) not in _ENTITY_TYPES:
            raise bad_request("can't parse MessageEntity: Unsupported type specified")
        offset, size = entity.get("offset"), entity.get("length")
        if not isinstance(offset, int) or not isinstance(size, int):
            raise bad_request('can\'t parse MessageEntity: Field "offset" must be of type Number')
        _check_extra(entity)
        if offset < 0 or size <= 0 or offset + size > length:
            raise bad_request(f"entity begins or ends outside of the text: {offset}+{size}")
        entities.append(entity)
    # What Telegram finds by itself is found again, so what was given of it is dropped.
    by_itself = {kind for kind, _ in _FOUND_BY_ITSELF}
    return [e for e in entities if e["type"] not in by_itself]


def _check_extra(entity: Json) -> None:
    needed = _WITH_EXTRA.get(entity["type"])
    if needed and needed not in entity:
        raise bad_request(f"can't parse MessageEntity: Can't find field \"{needed}\"")
