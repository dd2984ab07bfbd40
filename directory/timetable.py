"""All sessions of the directory side by side, so that "who is on then" is asked of all at once.

It answers as `directory.when.surely` does for one service, also in the two nights in which the
clocks change; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from directory.hours import DAY, LONDON, dates_in_month, moment
from directory.lines import MIDNIGHT
from directory.model import Only, Season, Service
from directory.seasons import is_bank_holiday, within
from directory.when import ENOUGH_MIN, Asked, minutes

Mask = NDArray[np.bool_]
Ints = NDArray[np.int32]
Codes = NDArray[np.int8]
Places = NDArray[np.intp] | slice

_ONLY: tuple[Only | None, ...] = (None, *Only)
_NO, _PERHAPS, _YES = 0, 1, 2
_FIRST, _LAST = date.min.toordinal(), date.max.toordinal()
_OLDEST = 200
_MONTHS_KEPT = 36


class Timetable:
    """The sessions of some services, in rows as the services stand."""

    def __init__(self, services: Sequence[Service]) -> None:
        self.size = len(services)
        times = [one.sessions or one.open_hours for one in services]
        self.timed: Mask = np.array([bool(found) for found in times], dtype=bool)
        self._unknown = ~self.timed | np.array([one.more_times for one in services], dtype=bool)
        self._sessions = [session for found in times for session in found]
        self._row = np.array([row for row, found in enumerate(times) for _ in found], dtype=np.intp)
        self._lay_out()
        self._closures = [(row, one.first, one.last) for row, service in enumerate(services)
                          for one in service.closures]  # fmt: skip
        # Those of which only a rule or a list can tell the days; read a month at a time.
        self._is_odd = np.array(
            [bool(one.rule or one.dates or one.weeks) or one.every > 1 for one in self._sessions],
            dtype=bool,
        )
        self._odd = np.flatnonzero(self._is_odd)
        self._months: dict[tuple[int, int], Mask] = {}
        # All others are the same on every Monday of term.
        changing = (self._since > _FIRST) | (self._until < _LAST)
        changing |= self._is_odd | np.isin(self._row, [row for row, _, _ in self._closures])
        self._changing = np.flatnonzero(changing)
        self._all = slice(None)

    def _lay_out(self) -> None:
        sessions = self._sessions
        spans = [minutes(one) for one in sessions]
        self._start = _ints(start for start, _ in spans)
        self._end = _ints(end for _, end in spans)
        self._ends = np.array([one.end is not None for one in sessions], dtype=bool)
        self._weekdays = _ints(sum(1 << day for day in one.days) for one in sessions)
        self._since = _ints(one.since.toordinal() if one.since else _FIRST for one in sessions)
        self._until = _ints(one.until.toordinal() if one.until else _LAST for one in sessions)
        self._only = np.array([_ONLY.index(one.only) for one in sessions], dtype=np.intp)
        said = {True: _YES, False: _NO, None: _PERHAPS}
        self._bank = np.array(
            [_YES if one.dates else said[one.bank_holidays] for one in sessions], dtype=np.int8
        )
        self._in_holidays = np.array(
            [_PERHAPS if one.loose and one.only is None else _YES for one in sessions],
            dtype=np.int8,
        )
        self._youngest = _ints(one.age_min or 0 for one in sessions)
        self._oldest = _ints(_OLDEST if one.age_max is None else one.age_max for one in sessions)

    def running(self, wanted: Asked, now: datetime, age: int | None = None) -> tuple[Mask, Mask]:
        """Return which rows surely run when somebody asked for it, and which may; now is aware."""
        local = (wanted.at or now).astimezone(LONDON)
        today = local.date()
        fitting, days = self._fitting(age), wanted.days
        if wanted.at is not None:
            days = (today - DAY, today)  # yesterday's may have gone on past midnight
        else:
            fitting &= self._in_hours(wanted.begin, wanted.end)
        best = np.zeros(len(self._sessions), dtype=np.int8)
        seen: set[object] = set()
        for day in days:
            since_then = _passed(day, local) if day <= today else None
            alike = (day.weekday(), wanted.may_be(day), is_bank_holiday(day), since_then)
            of = self._changing if alike in seen else self._all
            seen.add(alike)
            here = fitting[of]
            if since_then is not None:
                start, end = self._begun_and_over(day)
                here = here & (end > since_then)[of]
                if wanted.at is not None:
                    here = here & (start <= since_then)[of]
            best[of] = np.maximum(best[of], np.where(here, self._on(day, wanted, of), _NO))
        runs, maybe = self._rows(best == _YES), self._rows(best == _PERHAPS)
        return runs, (maybe | self._unknown) & ~runs

    def _fitting(self, age: int | None) -> Mask:
        if age is None:
            return np.ones(len(self._sessions), dtype=bool)
        return np.asarray((self._youngest <= age) & (age <= self._oldest))

    def _in_hours(self, begin: int, end: int) -> Mask:
        started = (begin <= self._start) & (self._start < end)
        enough = np.minimum(self._end, end) - begin >= ENOUGH_MIN
        return np.asarray(started | (self._ends & (self._start < end) & enough))

    def _begun_and_over(self, day: date) -> tuple[Ints, Ints]:
        """Return how many minutes after midnight each has begun, and is over.

        Without a known end it is over once it has begun.
        """
        start, end = self._start, np.where(self._ends, self._end, self._start)
        passing = _passing(day)
        return (start, end) if passing is None else (passing[start], passing[end])

    def _on(self, day: date, wanted: Asked, of: Places) -> Codes:
        """Return for some sessions whether each takes place on a day."""
        number = day.toordinal()
        falls = (self._weekdays[of] >> day.weekday()) & 1 == 1
        if len(self._odd):
            falls = np.where(self._is_odd[of], self._month(day.year, day.month)[day.day - 1][of],
                             falls)  # fmt: skip
        falls &= (self._since[of] <= number) & (number <= self._until[of])
        sure = _codes(wanted.may_be(day))[self._only[of]]
        if wanted.season:  # somebody asks about holidays, of which a plain "Mondays" says nothing
            sure = np.minimum(sure, self._in_holidays[of])
        if is_bank_holiday(day):
            sure = np.minimum(sure, self._bank[of])
        shut = [row for row, first, last in self._closures if first <= day <= last]
        if shut:
            falls &= ~np.isin(self._row[of], shut)
        return np.where(falls, sure, _NO).astype(np.int8)

    def _month(self, year: int, month: int) -> Mask:
        """Return for each day of a month which of the odd ones fall on it; worked out once."""
        if (found := self._months.get((year, month))) is None:
            if len(self._months) >= _MONTHS_KEPT:
                self._months.clear()
            found = np.zeros((31, len(self._sessions)), dtype=bool)
            for place in self._odd:
                for day in dates_in_month(self._sessions[place], year, month):
                    found[day.day - 1, place] = True
            self._months[year, month] = found
        return found

    def _rows(self, sessions: Mask) -> Mask:
        return np.asarray(np.bincount(self._row[sessions], minlength=self.size) > 0)


def _passed(day: date, now: datetime) -> int:
    """Return how many minutes have passed since a day began in London."""
    return int((now.astimezone(UTC) - moment(day, MIDNIGHT).astimezone(UTC)) / timedelta(minutes=1))


@lru_cache(maxsize=64)
def _passing(day: date) -> Ints | None:
    """Return for each minute of the clock how many have passed, for two days in which it changes.

    None where each minute of the clock is one that passes.
    """
    midnight = moment(day, MIDNIGHT)
    if midnight.utcoffset() == moment(day + 2 * DAY, MIDNIGHT).utcoffset():
        return None
    hours = [_passed(day, moment(day + ahead * DAY, time(hour)))
             for ahead in (0, 1) for hour in range(24)]  # fmt: skip
    return _ints(begun + minute for begun in hours for minute in range(60))


def _codes(may_be: frozenset[Season]) -> Codes:
    """Return for each of `_ONLY` whether it is on."""
    said = {True: _YES, None: _PERHAPS, False: _NO}
    return np.array([_YES, *(said[within(only, may_be)] for only in Only)], dtype=np.int8)


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int32)
