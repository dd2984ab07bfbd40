"""Where a service happens: our venue, address and postcode as locations of the standard, and back.

An address that is not whole (no postcode) is no address for the standard; it is then the name of
the location. A position that is only that of a postcode or a named place says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from directory.exchange.columns import NATIONAL, WHERE, Row
from directory.exchange.ids import stable_id
from directory.exchange.records import objects, text_of
from directory.exchange.terms import Json
from directory.model import Point, Venue

CITY, REGION, COUNTRY = "London", "Greater London", "GB"
_ENDING = f", {CITY}"
_PLACE = ("address", "postcode", "near")


def out(row: Mapping[str, Any], point: Point | None) -> Json:
    """Return the fields of a service that say where it is: locations and areas."""
    venue = row.get("venue", Venue.PLACE)
    made: Json = {}
    area = row.get("coverage") or (row[WHERE] if venue == Venue.BOROUGH_WIDE else None)
    if area is not None:
        named = "United Kingdom" if area == NATIONAL else area
        made["service_areas"] = [{"id": stable_id("area", row["id"]), "name": named}]
    if venue == Venue.ONLINE:
        location: Json | None = {"location_type": "virtual", "name": "Online or by phone"}
    else:
        location = _physical(row, point) if any(key in row for key in _PLACE) else None
    if location is not None and (venue != Venue.BOROUGH_WIDE):
        made["service_at_locations"] = [_linked(row, location)]
    return made


def _linked(row: Mapping[str, Any], location: Json) -> Json:
    access = row.get("access")
    # Two services at one address share their location only where all of it is the same.
    parts = [str(location[key]) for key in ("location_type", "name")]
    parts += [row.get(key, "") for key in _PLACE] + [access or ""]
    identifier = stable_id("location", *parts)
    made: Json = {"id": identifier, **location}
    if access is not None:
        told = {"id": stable_id("accessibility", identifier), "description": access}
        made["accessibility"] = [told]
    if "addresses" in made:
        made["addresses"] = [{"id": stable_id("address", identifier), **made["addresses"][0]}]
    return {"id": stable_id("service_at_location", row["id"]), "location": made}


def _physical(row: Mapping[str, Any], point: Point | None) -> Json:
    address, postcode, near = (row.get(key) for key in _PLACE)
    made: Json = {"location_type": "physical", "name": address or near or postcode}
    if point is not None:
        of = f"the postcode {postcode}" if postcode else near
        made["description"] = f"The position is that of {of}, not of the door."
        made |= {"latitude": round(point.lat, 5), "longitude": round(point.lon, 5)}
    if postcode is not None:
        made["addresses"] = [{
            "address_1": (address or row["organisation"]).removesuffix(_ENDING),
            "city": CITY, "state_province": REGION, "postal_code": postcode, "country": COUNTRY,
            "address_type": "physical",
        }]  # fmt: skip
    return made


def back(service: Mapping[str, Any]) -> Row:
    """Return what a service's locations and areas say."""
    locations = [
        link["location"] for link in objects(service, "service_at_locations")
        if isinstance(link.get("location"), dict)
    ]  # fmt: skip
    row: Row = {}
    areas = [name for area in objects(service, "service_areas")
             if (name := text_of(area, "name") or text_of(area, "service_area"))]  # fmt: skip
    if areas:
        row["coverage"] = ", ".join(dict.fromkeys(areas))
    physical = [one for one in locations if one.get("location_type") != "virtual"]
    if physical:
        row |= _place(physical[0])
    else:
        row["venue"] = str(Venue.ONLINE if locations else Venue.BOROUGH_WIDE)
    told = [told for one in physical[:1] or locations for told in objects(one, "accessibility")]
    access = [text_of(one, "description") or text_of(one, "accessibility") for one in told]
    access = [text for text in access if text]
    return row | ({"access": "; ".join(access)} if access else {})


def _place(location: Mapping[str, Any]) -> Row:
    addresses = objects(location, "addresses")
    usable = [one for one in addresses if one.get("address_type") != "virtual"]
    if not usable:
        name = text_of(location, "name")
        return {"address": name} if name else {}
    address = usable[0]
    lines = [text_of(address, key) for key in ("attention", "address_1", "address_2", "city")]
    told = ", ".join(dict.fromkeys(line for line in lines if line))
    row: Row = {"address": told} if told else {}
    postcode = text_of(address, "postal_code")
    return row | ({"postcode": _postcode(postcode)} if postcode else {})


def _postcode(text: str) -> str:
    """Return a postcode as the house writes it: capitals, one space before the last three."""
    whole = text.upper().replace(" ", "")
    return f"{whole[:-3]} {whole[-3:]}" if 5 <= len(whole) <= 7 else text
