"""Telegram's HTML: the tags it knows, and its complaints with byte offsets."""

import re
from dataclasses import dataclass, field

from bot.demo.api.errors import ApiError, bad_request
from bot.demo.api.objects import utf16_length
from bot.demo.api.world import Json

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_NAME_END = re.compile(r"[\s>]")
_ATTRIBUTE_NAME_END = re.compile(r"[\s=>/\"']")
_ENTITY = re.compile(r"&(?:#(\d+)|#x([0-9a-fA-F]+)|(lt|gt|amp|quot));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_MARKUP = re.compile(r"[<&]")
_BARE_VALUE = re.compile(r"[a-zA-Z0-9.\-]*")
_SPACES = re.compile(r"\s*")
_LARGEST_CODE_POINT = 0x10FFFF


@dataclass
class _Open:
    tag: str
    argument: Json
    offset: int
    begin: int


@dataclass
class _Parser:
    source: str
    at: int = 0
    out: list[str] = field(default_factory=list)
    length: int = 0
    open: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def run(self) -> tuple[str, list[Json]]:
        while (found := _MARKUP.search(self.source, self.at)) is not None:
            self.emit(self.source[self.at : found.start()])
            self.at = found.start()
            if found.group() == "&":
                self.character()
            elif self.source.startswith("</", self.at):
                self.end_tag()
            else:
                self.start_tag()
        self.emit(self.source[self.at :])
        if self.open:
            tag = self.open[-1].tag
            raise _refuse(f'Can\'t find end tag corresponding to start tag "{tag}"')
        return "".join(self.out), self.entities

    def emit(self, text: str) -> None:
        self.out.append(text)
        self.length += utf16_length(text)

    def bytes_at(self, position: int) -> int:
        return len(self.source[:position].encode())

    def peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def skip_spaces(self) -> None:
        found = _SPACES.match(self.source, self.at)
        self.at = found.end() if found else self.at

    def character(self) -> None:
        decoded, self.at = _decode(self.source, self.at)
        self.emit(decoded)

    def start_tag(self) -> None:
        begin = self.at
        end = _NAME_END.search(self.source, begin)
        if end is None:
            raise _refuse(f"Unclosed start tag at byte offset {self.bytes_at(begin)}")
        tag = self.source[begin + 1 : end.start()].lower()
        if tag not in TAGS:
            where = self.bytes_at(begin)
            raise _refuse(f'Unsupported start tag "{tag}" at byte offset {where}')
        self.at = end.start()
        attributes = self.attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            where = self.bytes_at(begin)
            raise _refuse(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
        self.open.append(_Open(tag, attributes, self.length, len(self.out)))

    def attributes(self, tag: str, begin: int) -> Json:
        found: Json = {}
        while True:
            self.skip_spaces()
            if self.peek() == ">":
                self.at += 1
                return found
            if not self.peek():
                raise _refuse(f'Unclosed start tag "{tag}" at byte offset {self.bytes_at(begin)}')
            name, value = self.attribute(tag, begin)
            found[name] = value

    def attribute(self, tag: str, begin: int) -> tuple[str, str]:
        end = _ATTRIBUTE_NAME_END.search(self.source, self.at)
        stop = end.start() if end else len(self.source)
        name, self.at = self.source[self.at : stop].lower(), stop
        if not name:
            where = self.bytes_at(begin)
            raise _refuse(f'Empty attribute name in the tag "{tag}" at byte offset {where}')
        self.skip_spaces()
        if self.peek() != "=":
            return name, ""
        self.at += 1
        self.skip_spaces()
        if not self.peek():
            raise _refuse(f'Unclosed start tag "{tag}" at byte offset {self.bytes_at(begin)}')
        return name, self.attribute_value(begin)

    def attribute_value(self, begin: int) -> str:
        quote = self.peek()
        if quote not in ("'", '"'):
            found = _BARE_VALUE.match(self.source, self.at)
            assert found is not None
            self.at = found.end()
            if not (self.peek().isspace() or self.peek() == ">"):
                where = self.bytes_at(self.at)
                raise _refuse(f"Unexpected end of name token at byte offset {where}")
            return found.group().lower()
        stop = self.source.find(quote, self.at + 1)
        if stop < 0:
            raise _refuse(f"Unclosed start tag at byte offset {self.bytes_at(begin)}")
        value, self.at = self.source[self.at + 1 : stop], stop + 1
        return _ENTITY.sub(lambda m: _decode(m.string, m.start())[0], value)

    def end_tag(self) -> None:
        begin, where = self.at, self.bytes_at(self.at)
        if not self.open:
            raise _refuse(f"Unexpected end tag at byte offset {where}")
        end = _NAME_END.search(self.source, begin)
        self.at = end.start() if end else len(self.source)
        tag = self.source[begin + 2 : self.at].lower()
        self.skip_spaces()
        if self.peek() != ">":
            raise _refuse(f"Unclosed end tag at byte offset {where}")
        self.at += 1
        opened = self.open.pop()
        if tag and tag != opened.tag:
            raise _refuse(
                f'Unmatched end tag at byte offset {where}, expected "</{opened.tag}>", '
                f'found "</{tag}>"'
            )
        if self.length > opened.offset:
            self.close(opened)

    def close(self, opened: _Open) -> None:
        inner = "".join(self.out[opened.begin :])
        extra = _argument(opened, inner)
        if extra is None:
            return
        span = {"offset": opened.offset, "length": self.length - opened.offset}
        self.entities.append({"type": TAGS[opened.tag]} | span | extra)


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Return the plain text and its entities; raises 400 as Telegram words it."""
    text, entities = _Parser(source).run()
    return text, _join_code(entities)


def _refuse(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")


def _decode(source: str, at: int) -> tuple[str, int]:
    """Return the character that an HTML entity stands for, and where it ends."""
    found = _ENTITY.match(source, at)
    if found is None:
        return "&", at + 1
    decimal, hexadecimal, name = found.groups()
    if name:
        return _NAMED[name], found.end()
    code = int(decimal) if decimal else int(hexadecimal, 16)
    # A character that does not exist is left standing as it was written.
    if code == 0 or code > _LARGEST_CODE_POINT or 0xD800 <= code <= 0xDFFF:
        return "&", at + 1
    return chr(code), found.end()


def _argument(opened: _Open, inner: str) -> Json | None:
    """Return what an entity carries besides its span; None where it becomes plain text."""
    given = opened.argument
    if opened.tag == "a":
        url = given.get("href") or inner
        return {"url": _with_scheme(url)} if "." in url or "://" in url else None
    if opened.tag == "tg-emoji":
        return {"custom_emoji_id": given.get("emoji-id", "")}
    if opened.tag == "tg-time":
        seconds = given.get("unix", "")
        if not seconds.isdecimal():
            raise _refuse('Invalid attribute "unix" specified in the tag "tg-time"')
        extra: Json = {"unix_time": int(seconds)}
        return extra | ({"date_time_format": given["format"]} if given.get("format") else {})
    if opened.tag == "blockquote" and "expandable" in given:
        return {"type": "expandable_blockquote"}
    if opened.tag == "code" and given.get("class", "").startswith("language-"):
        return {"language": given["class"].removeprefix("language-")}
    return {}


def _with_scheme(url: str) -> str:
    if "://" in url or url.startswith(("tel:", "mailto:")):
        rest = url.partition("://")[2]
        return url + "/" if rest and "/" not in rest and "?" not in rest else url
    return f"http://{url}" if "/" in url else f"http://{url}/"


def _join_code(entities: list[Json]) -> list[Json]:
    """A code block within pre gives its language to the pre; alone it has none."""
    blocks = {(e["offset"], e["length"]): e for e in entities if e["type"] == "pre"}
    kept = []
    for entity in entities:
        if entity["type"] == "code":
            language = entity.pop("language", None)
            block = blocks.get((entity["offset"], entity["length"]))
            if block is not None:
                block.update({"language": language} if language else {})
                continue
        kept.append(entity)
    return kept
