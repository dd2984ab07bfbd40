"""Which staff group takes a case: by borough and kind, in the plan's order, with a fallback."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.cases.plan import StaffGroup


def takes(group: StaffGroup, borough: str | None, kind: str | None) -> bool:
    """Whether a case belongs to a group; what is not known yet belongs only where all is taken."""
    return (not group.boroughs or borough in group.boroughs) and (
        not group.kinds or kind in group.kinds
    )


def route(
    groups: Sequence[StaffGroup],
    borough: str | None,
    kind: str | None,
    shut: Collection[int] = (),
) -> StaffGroup | None:
    """The group that takes a case; None only where no group can be reached.

    The first that fits has it. Where none fits, or none that fits can be reached, the case goes to
    the fallback, which is the last one; where that is shut too, to whichever group is left: a case
    in the wrong group is seen, a case in no group is not.
    """
    there = [group for group in groups if group.chat_id not in shut]
    fitting = [group for group in there if takes(group, borough, kind)]
    if fitting:
        return fitting[0]
    return there[-1] if there else None
