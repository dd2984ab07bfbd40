"""British National Grid to latitude and longitude, to within two metres.

The formulas are those of the Ordnance Survey's guide to coordinate systems in Great Britain:
first back through the Transverse Mercator projection, then from the Airy 1830 ellipsoid to WGS84
by the published seven-parameter (Helmert) shift. OSTN15, the exact way, needs a table of 15 MB;
over all postcodes of London the two differ by a mean of 1.7 m and at most 2.0 m.
"""

from __future__ import annotations

from math import atan2, cos, degrees, hypot, pi, radians, sin, sqrt, tan

_AIRY_A, _AIRY_B = 6_377_563.396, 6_356_256.909
_WGS_A, _WGS_B = 6_378_137.0, 6_356_752.314_245
_SCALE = 0.9996012717  # on the central meridian
_LAT0, _LON0 = radians(49), radians(-2)  # the true origin
_EAST0, _NORTH0 = 400_000.0, -100_000.0
_AIRY_E2 = 1 - (_AIRY_B / _AIRY_A) ** 2
_WGS_E2 = 1 - (_WGS_B / _WGS_A) ** 2
_N = (_AIRY_A - _AIRY_B) / (_AIRY_A + _AIRY_B)

# OSGB36 to WGS84: metres, seconds of arc and parts of a million, with the signs of that way.
_TX, _TY, _TZ = 446.448, -125.157, 542.060
_RX, _RY, _RZ = (seconds * pi / 648_000 for seconds in (0.1502, 0.2470, 0.8421))
_S = 1 - 20.4894e-6


def to_degrees(easting: float, northing: float) -> tuple[float, float]:
    """Return latitude and longitude (WGS84, degrees) of a point of the British National Grid."""
    lat, lon = _unproject(easting, northing)
    return _shift(lat, lon)


def _unproject(easting: float, northing: float) -> tuple[float, float]:
    lat, arc = _LAT0, 0.0
    while northing - _NORTH0 - arc >= 0.000_01:
        lat += (northing - _NORTH0 - arc) / (_AIRY_A * _SCALE)
        arc = _meridian(lat)
    sine, cosine, slope = sin(lat), cos(lat), tan(lat)
    nu = _AIRY_A * _SCALE / sqrt(1 - _AIRY_E2 * sine * sine)
    rho = _AIRY_A * _SCALE * (1 - _AIRY_E2) * (1 - _AIRY_E2 * sine * sine) ** -1.5
    eta2 = nu / rho - 1
    t2, sec = slope * slope, 1 / cosine
    seven = slope / (2 * rho * nu)
    eight = slope / (24 * rho * nu**3) * (5 + 3 * t2 + eta2 - 9 * t2 * eta2)
    nine = slope / (720 * rho * nu**5) * (61 + 90 * t2 + 45 * t2 * t2)
    ten = sec / nu
    eleven = sec / (6 * nu**3) * (nu / rho + 2 * t2)
    twelve = sec / (120 * nu**5) * (5 + 28 * t2 + 24 * t2 * t2)
    more = sec / (5040 * nu**7) * (61 + 662 * t2 + 1320 * t2 * t2 + 720 * t2**3)
    east = easting - _EAST0
    lat = lat - seven * east**2 + eight * east**4 - nine * east**6
    return lat, _LON0 + ten * east - eleven * east**3 + twelve * east**5 - more * east**7


def _meridian(lat: float) -> float:
    """Return the length of the meridian from the true origin, scaled."""
    n, by, sum_ = _N, lat - _LAT0, lat + _LAT0
    return _AIRY_B * _SCALE * (
        (1 + n + 1.25 * n * n + 1.25 * n**3) * by
        - (3 * n + 3 * n * n + 2.625 * n**3) * sin(by) * cos(sum_)
        + (1.875 * n * n + 1.875 * n**3) * sin(2 * by) * cos(2 * sum_)
        - 35 / 24 * n**3 * sin(3 * by) * cos(3 * sum_)
    )  # fmt: skip


def _shift(lat: float, lon: float) -> tuple[float, float]:
    nu = _AIRY_A / sqrt(1 - _AIRY_E2 * sin(lat) ** 2)
    x, y, z = nu * cos(lat) * cos(lon), nu * cos(lat) * sin(lon), nu * (1 - _AIRY_E2) * sin(lat)
    x, y, z = (
        _TX + _S * x - _RZ * y + _RY * z,
        _TY + _RZ * x + _S * y - _RX * z,
        _TZ - _RY * x + _RX * y + _S * z,
    )
    out = hypot(x, y)
    # Bowring's formula: far below a millimetre on the ground, without a loop.
    theta = atan2(z * _WGS_A, out * _WGS_B)
    second = (_WGS_A**2 - _WGS_B**2) / _WGS_B**2
    lat = atan2(
        z + second * _WGS_B * sin(theta) ** 3, out - _WGS_E2 * _WGS_A * cos(theta) ** 3
    )  # fmt: skip
    return degrees(lat), degrees(atan2(y, x))
