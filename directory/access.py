"""What a service's access line plainly says: without steps, and up to which age for some.

An access line is text as the source writes it. Only plain words count; what is not said is unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NOT = re.compile(
    r"\bnot\b|\bno\b|\black|\bwithout\b|\bisn'?t\b|\blimited\b|\bunless\b|\bexcept\b|\bonly\b"
    r"|\bbut\b|\bpart(?:ly|ial|ially)?\b|\bsteps\b|\bstairs\b|\bask\b|\bhopes?\b|\bplan"
)
_PART = re.compile(r"[;.()]")
_STEP_FREE = re.compile(
    r"\bstep[- ]free\b|\bwheelchair[- ](?:accessible|access|friendly)\b"
    r"|\baccessible (?:by|for|to) wheelchairs?\b|\bwheelchair users (?:are )?welcome\b"
    r"|\b(?:fully |wheelchair )?accessible (?:building|venue|site|premises|hall|centre)\b"
    r"|\b(?:no|without) (?:steps|stairs)\b|\blift to (?:all|every) floors?\b|\blevel access\b"
)
_CLOSED = re.compile(
    r"\b(?:disabled|step[- ]free|wheelchair|level) access (?:was |is )?(?:lacking|missing|poor)"
    r"|\b(?:no|not|lacks?|without|isn'?t) (?:\w+ ){0,2}"
    r"(?:step[- ]free|wheelchair|accessible|disabled access|lift|level access)\b"
    r"|\b(?:steps|stairs) (?:only|to (?:the|get))\b|\bup (?:a flight of |the )?(?:steps|stairs)\b"
)
_UP_TO = re.compile(r"\b[Uu]p to (\d\d)\b(?P<who>[^.;]*)")
_SEND = re.compile(  # the abbreviation in capitals only: "send an email first"
    r"\bSEND\b|(?i:\b(?:special|special educational|additional|extra) needs?\b|\bdisab"
    r"|\blearning difficult|\bautis|\bneurodiver|\bblind\b|\bpartially sighted\b|\bdeaf\b)"
)
_CARE = re.compile(r"\bleaving care\b|\bcare leavers?\b|\bin care\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Access:
    """What one access line says."""

    step_free: bool | None = None  # None: not said
    send: bool = False  # says that it has something for young people with SEND
    up_to: tuple[tuple[str, int], ...] = ()  # group and the age up to which it may come


def read_access(line: str | None) -> Access:
    """Return what an access line plainly says."""
    if not line:
        return Access()
    up_to: dict[str, int] = {}
    for match in _UP_TO.finditer(line):
        for group, words in (("send", _SEND), ("care-leavers", _CARE)):
            if words.search(match["who"]):
                up_to[group] = max(int(match[1]), up_to.get(group, 0))
    step_free = _step_free(line.lower())
    lacking = step_free is False
    return Access(step_free, bool(_SEND.search(line)) and not lacking, tuple(up_to.items()))


def _step_free(line: str) -> bool | None:
    if _CLOSED.search(line):
        return False
    for part in _PART.split(line):
        found = _STEP_FREE.search(part)
        if found and not _NOT.search(part[: found.start()] + part[found.end() :]):
            return True
    return None
