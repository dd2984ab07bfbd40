"""All wording that people see, out of `replies/*.yaml`, with its blanks filled in safely."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter


class Markup(str):
    """Text that is HTML already and is put in as it stands."""

    __slots__ = ()


class WordingError(KeyError):
    """A text is asked for that no file has, or a blank that nothing fills."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Wording:
    """Texts and button labels by key ("start.welcome"); texts are Telegram's HTML."""

    texts: Mapping[str, str]

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        return key in self.texts

    def text(self, key: str, **values: object) -> Markup:
        """The text with its blanks filled; every value that is not `Markup` is escaped."""
        safe = {
            name: value if isinstance(value, Markup) else html.escape(str(value), quote=False)
            for name, value in values.items()
        }
        return Markup(self._filled(key, safe).strip())

    def label(self, key: str, **values: object) -> str:
        """A short text that is no HTML: a button, a command's description, a topic's name."""
        return self._filled(key, {name: str(value) for name, value in values.items()}).strip()

    def blanks(self, key: str) -> frozenset[str]:
        """The names of the blanks in a text."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.texts[key]) if name)

    def under(self, prefix: str) -> dict[str, str]:
        """Every text whose key begins with the prefix, without the prefix."""
        return {
            key.removeprefix(prefix): text
            for key, text in self.texts.items()
            if key.startswith(prefix)
        }

    def _filled(self, key: str, values: Mapping[str, str]) -> str:
        try:
            return self.texts[key].format_map(values)
        except KeyError as missing:
            what = f"no text {key!r}" if key not in self.texts else f"{key!r} has no {missing}"
            raise WordingError(f"intents/replies: {what}") from None


def joined(parts: list[str], between: str = "\n\n") -> Markup:
    """Several texts as one, leaving out empty ones."""
    return Markup(between.join(part for part in parts if part))
