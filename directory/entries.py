"""The parts that the YAML of the directory is made of: texts, ages, times of day, dates.

Our reader keeps every value as it was typed. Files also come out of spreadsheets and other
programs, which turn 22:15 into 1335 and drop the zero of 020; those traps are named here.
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Line = Annotated[str, Field(min_length=1, max_length=2000)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Age = Annotated[int, Field(ge=0, le=120)]

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_AM_PM = re.compile(r"(\d{1,2})(?:[:.](\d\d))? ?([ap])\.?m\.?", re.IGNORECASE)
_OTHER_DATE = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")


def read_clock(value: Any) -> Any:
    """Read "17:00", or say what else it looks like."""
    if not isinstance(value, str):
        return value
    if _CLOCK.fullmatch(value):
        return time.fromisoformat(value)
    if value == "24:00":
        raise ValueError("write midnight as 00:00")
    if found := _AM_PM.fullmatch(value):
        hour = int(found[1]) % 12 + (12 if found[3].lower() == "p" else 0)
        raise ValueError(f"write it with 24 hours: {hour:02}:{found[2] or '00'}")
    if re.fullmatch(r"\d:\d\d(:00)?|\d\d:\d\d:00", value):
        raise ValueError(f"write hours and minutes with two digits each: {value.zfill(5)[:5]}")
    if value.isdigit() and int(value) < 24 * 60:
        hour, minute = divmod(int(value), 60)
        raise ValueError(
            f"a time is written as 17:00; another program may have made this number out of "
            f"{hour:02}:{minute:02}: write that, in quotes there"
        )
    raise ValueError("write the time as 17:00")


def read_date(value: Any) -> Any:
    """Read "2026-12-05", or say what else it looks like."""
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            found_day = date.fromisoformat(value)
        except ValueError:
            raise ValueError("there is no such day") from None
        if not 2000 <= found_day.year <= 2100:
            raise ValueError("the year should be between 2000 and 2100")
        return found_day
    if found := _OTHER_DATE.fullmatch(value):
        raise ValueError(f"write it as {found[3]}-{int(found[2]):02}-{int(found[1]):02}")
    raise ValueError("write the date as 2026-12-05")


Clock = Annotated[time, BeforeValidator(read_clock)]
Day = Annotated[date, BeforeValidator(read_date)]


class Entry(BaseModel):
    """A block of keys; unknown ones are refused."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, use_attribute_docstrings=True
    )


class Ages(Entry):
    """Who may come, in years, both ends included; a missing end is not stated."""

    min: Age | None = None
    """The youngest who may come."""
    max: Age | None = None
    """The oldest who may come."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"the youngest age ({self.min}) is above the oldest ({self.max})")
        return self
