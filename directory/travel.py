"""How far it is, as honestly as a straight line allows."""

from __future__ import annotations

from directory.model import Area, Service

FARTHEST_ON_FOOT_M = 2_500  # beyond it most people take a bus, and we know no buses
# Streets are longer than the straight line; 1.3 is what London's are on average, rivers and
# railways apart. Walkers make some 80 metres a minute.
_DETOUR, _METRES_A_MINUTE = 1.3, 80.0
_STEP_MIN = 5  # nothing finer is known, and later is kinder than too late


def walk_minutes(straight_m: float | None) -> int | None:
    """Return about how long a walk takes, rounded up to 5 minutes; None where it is no walk."""
    if straight_m is None or straight_m > FARTHEST_ON_FOOT_M:
        return None
    minutes = straight_m * _DETOUR / _METRES_A_MINUTE
    return max(_STEP_MIN, -int(-minutes // _STEP_MIN) * _STEP_MIN)


def walk_between(area: Area | None, service: Service, straight_m: float | None) -> int | None:
    """Return about how long the walk is; None where one end is only known as a wide area.

    A postcode sector is a few streets; a district or a part of town is a walk of its own.
    """
    known = area is not None and area.sector is not None and " " in area.sector
    return walk_minutes(straight_m) if known and service.point_from == "postcode" else None
