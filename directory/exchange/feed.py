"""A feed of Open Referral UK: one page with every service, or a folder laid out as its API."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from directory.exchange.columns import Row
from directory.exchange.feed_out import Export, names_of, organization_of, record_of
from directory.exchange.records import objects
from directory.exchange.table import in_order
from directory.exchange.terms import ALL, Json, Taxonomy

VERSION = "HSDS-3.0"
PROFILE = "https://docs.openreferraluk.org/en/latest/"
OPENAPI = "https://docs.openreferraluk.org/en/latest/openapi30.json"
INDEX, SERVICES = "index.json", "services.json"
EACH = "services/"  # one file a service

# Where a list of services may stand in somebody else's file.
_LISTS = ("contents", "content", "services", "items", "data")
_DEEPEST = 3


def records_of(rows: Iterable[Row], export: Export) -> list[Json]:
    """Return the record of each service, in their fixed order."""
    ordered = sorted(in_order(rows), key=lambda row: str(row["id"]))
    return [record_of(row, export) for row in ordered]


def page(contents: list[Json]) -> Json:
    """Return a list as the API of the standard gives it, all on one page."""
    return {
        "total_items": len(contents), "total_pages": 1, "page_number": 1, "size": len(contents),
        "first_page": True, "last_page": True, "empty": not contents, "contents": contents,
    }  # fmt: skip


def folder(rows: list[Row], export: Export) -> dict[str, Json]:
    """Return the files of a folder that a web server can offer as the API; all paths, contents."""
    records = records_of(rows, export)
    terms = {one["taxonomy_term"]["id"]: one["taxonomy_term"]
             for record in records for one in record["attributes"]}  # fmt: skip
    links = [
        {**link, "service_id": record["id"]}
        for record in records
        for link in record.get("service_at_locations", ())
    ]
    names = names_of(rows)
    organizations = [organization_of(name, names) for name in sorted(names)]
    files = {
        INDEX: {"version": VERSION, "profile": PROFILE, "openapi_url": OPENAPI},
        SERVICES: page(records),
        "organizations.json": page(organizations),
        "service_at_locations.json": page(links),
        "taxonomies.json": page([_taxonomy(one) for one in ALL]),
        "taxonomy_terms.json": page([terms[one] for one in sorted(terms)]),
    }
    return files | {f"{EACH}{record['id']}.json": record for record in records}


def _taxonomy(taxonomy: Taxonomy) -> Json:
    return {"id": taxonomy.id, "name": taxonomy.name, "description": taxonomy.about}


def as_text(content: Any) -> str:
    """Return JSON as it is written: the same content always as the same text."""
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def read_text(text: str) -> Any:
    """Return the content of a JSON file.

    Raises ValueError with what is wrong and where.
    """
    try:
        return json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not a number of JSON")


def services_in(content: Any, depth: int = 0) -> list[Any] | None:
    """Return the services of a feed, in whatever wrapping they come; None where there are none.

    A page of the API, a bare list, one service, or organisations with their services within.
    """
    if isinstance(content, list):
        within = [services_in(one, depth + 1) for one in content if _has_services(one)]
        return [one for found in within if found for one in found] if within else content
    if not isinstance(content, dict) or depth > _DEEPEST:
        return None
    if _has_services(content):
        return [_with_organization(one, content) for one in content["services"]]
    for name in _LISTS:
        if isinstance(content.get(name), list):
            return services_in(content[name], depth + 1)
    if objects(content, "organizations"):
        return services_in(content["organizations"], depth + 1)
    return [content] if "organization" in content or "status" in content else None


def _has_services(content: Any) -> bool:
    """Tell whether this is an organisation that lists its services."""
    return isinstance(content, dict) and "name" in content and bool(objects(content, "services"))


def _with_organization(service: Any, organization: Mapping[str, Any]) -> Any:
    if not isinstance(service, dict) or "organization" in service:
        return service
    return {**service, "organization": {k: organization[k] for k in ("id", "name", "description")
                                        if k in organization}}  # fmt: skip
