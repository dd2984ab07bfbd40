"""Faults on purpose: errors, delays, lost requests and lost answers."""

import random
from dataclasses import asdict, dataclass, fields
from typing import Any

from bot.demo.api.errors import ActError, ApiError
from bot.demo.api.world import Json

KINDS = ("error", "delay", "drop_before", "drop_after", "hang")
ANY_METHOD = "*"


@dataclass
class Fault:
    """One fault: which calls it hits, what it does to them, how often."""

    method: str = ANY_METHOD
    do: str = "error"
    chat_id: int | None = None
    code: int = 500
    description: str = "Internal Server Error"
    retry_after: int | None = None
    seconds: float = 1.0
    times: int = 1
    probability: float = 1.0

    def matches(self, method: str, chat_id: int | None) -> bool:
        """Whether a call is one that this fault can hit."""
        named = self.method == ANY_METHOD or self.method.lower() == method.lower()
        return named and self.times > 0 and self.chat_id in (None, chat_id)

    def as_error(self) -> ApiError:
        """Return the refusal that an `error` fault answers with."""
        if self.retry_after is None:
            return ApiError(self.code, self.description)
        return ApiError(self.code, self.description, retry_after=self.retry_after)


def _check_numbers(fault: Fault) -> None:
    for name in ("code", "times", "seconds", "probability"):
        value = getattr(fault, name)
        kind = float if name in ("seconds", "probability") else int
        if isinstance(value, bool) or not isinstance(value, int | kind) or value < 0:
            raise ActError(f"fault option {name} is {value!r}, give a number from 0")
    for name in ("chat_id", "retry_after"):
        value = getattr(fault, name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise ActError(f"fault option {name} is {value!r}, give a whole number")


class Faults:
    """The faults that wait for their calls."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self.waiting: list[Fault] = []

    def add(self, **options: Any) -> Fault:
        """Add a fault; the options are the fields of Fault."""
        known = {f.name for f in fields(Fault)}
        unknown = sorted(set(options) - known)
        if unknown:
            raise ActError(f"unknown fault option {unknown[0]!r}, use one of {sorted(known)}")
        fault = Fault(**options)
        _check_numbers(fault)
        if fault.do not in KINDS:
            raise ActError(f"unknown fault {fault.do!r}, use one of {list(KINDS)}")
        self.waiting.append(fault)
        return fault

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """Return the fault that hits this call, used up by one, or None."""
        for fault in self.waiting:
            if fault.matches(method, chat_id) and self._rng.random() < fault.probability:
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Forget all faults."""
        self.waiting.clear()

    def snapshot(self) -> list[Json]:
        """Return the waiting faults for the page."""
        return [asdict(fault) for fault in self.waiting]
