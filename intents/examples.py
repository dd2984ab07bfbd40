"""The examples: one as a whole, and all of them as columns, which take a third of the memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from intents.kept import Arrays, digest_of
from intents.model import Kind, Urgency

CODED = ("intent", "urgency", "kind", "slice", "twin", "origin")
FITTED_TO = ("intent", "urgency", "kind", "twin")  # of these, what models depend on


@dataclass(frozen=True, slots=True)
class Example:
    """One message that somebody might write, with the right verdict."""

    text: str
    intent: str
    urgency: Urgency
    kind: Kind | None = None  # set for emergency and urgent
    slice: str = "plain"  # the group it stands in: plain, slang, typos, ...; "twin", "concern"
    twin: str = ""  # shared by a danger and its harmless look-alike; "" where there is none
    origin: str = ""  # "intents/urgent/suicide.yaml"


@dataclass(frozen=True, slots=True)
class Column:
    """One property of every example, as the number of its value."""

    values: tuple[str, ...]
    codes: NDArray[np.int32]

    @classmethod
    def of(cls, said: Iterable[str]) -> Column:
        """Number the values in the order in which they come."""
        number: dict[str, int] = {}
        codes = [number.setdefault(value, len(number)) for value in said]
        return cls(tuple(number), np.asarray(codes, dtype=np.int32))

    def __getitem__(self, at: int) -> str:
        return self.values[int(self.codes[at])]


class Examples(Sequence[Example]):
    """Many examples; each is put together when somebody asks for it."""

    def __init__(self, texts: bytes, starts: NDArray[np.int32], columns: dict[str, Column]) -> None:
        self._texts = texts  # all of them in UTF-8, one after the other
        self._starts = starts  # where each begins, and the end
        self._columns = columns
        self._urgencies = tuple(map(Urgency, columns["urgency"].values))
        self._kinds = tuple(Kind(kind) if kind else None for kind in columns["kind"].values)

    @classmethod
    def of(cls, examples: Iterable[Example]) -> Examples:
        """Take in examples; what is already so stays."""
        if isinstance(examples, Examples):
            return examples
        every = list(examples)
        raw = [one.text.encode("utf-8", "surrogatepass") for one in every]
        columns = {name: Column.of(getattr(one, name) or "" for one in every) for name in CODED}
        starts = np.cumsum([0, *map(len, raw)]).astype(np.int32)
        return cls(b"".join(raw), starts, columns)

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, at: int) -> Example: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Example, ...]: ...
    def __getitem__(self, at: int | slice) -> Example | tuple[Example, ...]:
        if isinstance(at, slice):
            return tuple(self[i] for i in range(*at.indices(len(self))))
        i = at + len(self) if at < 0 else at
        if not 0 <= i < len(self):
            raise IndexError(at)
        intent, _, _, *rest = (self._columns[name][i] for name in CODED)
        return Example(self.text(i), intent, self.urgency(i), self.kind(i), *rest)

    def __iter__(self) -> Iterator[Example]:
        return (self[i] for i in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # equal to a tuple of the same, which hashes else

    def text(self, at: int) -> str:
        """What one says."""
        raw = self._texts[self._starts[at] : self._starts[at + 1]]
        return raw.decode("utf-8", "surrogatepass")

    def intent(self, at: int) -> str:
        """What one means."""
        return self._columns["intent"][at]

    def urgency(self, at: int) -> Urgency:
        """How soon a person must act on one."""
        return self._urgencies[int(self._columns["urgency"].codes[at])]

    def kind(self, at: int) -> Kind | None:
        """The kind of danger of one."""
        return self._kinds[int(self._columns["kind"].codes[at])]

    def verdicts(self, at: Sequence[int]) -> list[tuple[str, Urgency, Kind | None]]:
        """Intent, urgency and kind of several, which is quicker at once."""
        intents, urgencies, kinds = (
            self._columns[name].codes.take(at).tolist() for name in ("intent", "urgency", "kind")
        )
        meant = self._columns["intent"].values
        return [
            (meant[i], self._urgencies[u], self._kinds[k])
            for i, u, k in zip(intents, urgencies, kinds, strict=True)
        ]

    def of_slice(self, name: str) -> NDArray[np.bool_]:
        """Which ones stand in this group."""
        column = self._columns["slice"]
        known = name in column.values
        return np.asarray(column.codes == (column.values.index(name) if known else -1))

    def digest(self) -> str:
        """A SHA-256 over what models are fitted to."""
        return digest_of(self._pieces(FITTED_TO))

    def digest_of_slices(self) -> str:
        """A SHA-256 over the groups that they stand in."""
        return digest_of(self._pieces(("slice",)))

    def _pieces(self, names: Sequence[str]) -> Iterator[str | bytes]:
        yield self._texts
        yield self._starts.tobytes()
        for name in names:
            yield json.dumps(self._columns[name].values)
            yield self._columns[name].codes.tobytes()

    def to_keep(self) -> tuple[Any, Arrays]:
        """The same as JSON and arrays."""
        arrays = {name: column.codes for name, column in self._columns.items()}
        told = {name: column.values for name, column in self._columns.items()}
        texts = np.frombuffer(self._texts, dtype=np.uint8)
        return told, {"texts": texts, "starts": self._starts, **arrays}

    @classmethod
    def kept(cls, told: Any, arrays: Arrays) -> Examples:
        """What `to_keep` gave. Raises ValueError, KeyError or TypeError where it does not fit."""
        columns = {name: Column(tuple(told[name]), arrays[name]) for name in CODED}
        found = cls(arrays["texts"].tobytes(), arrays["starts"], columns)
        for column in columns.values():
            if len(column.codes) != len(found) or not _within(column.codes, len(column.values)):
                raise ValueError("the examples' columns do not fit together")
        if found._starts[-1] != len(found._texts):
            raise ValueError("the examples' texts are not whole")
        return found


def _within(codes: NDArray[np.int32], n: int) -> bool:
    return not len(codes) or bool(0 <= codes.min() <= codes.max() < n)
