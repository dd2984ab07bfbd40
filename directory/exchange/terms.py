"""Our own words in a feed: a taxonomy for each, and what a service says by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from directory.exchange.columns import Row
from directory.exchange.ids import stable_id

Json = dict[str, Any]

PUBLISHER = "MyEnds bot"


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """One of our vocabularies."""

    name: str
    link_type: str  # what a term of it says of a service
    about: str

    @property
    def id(self) -> str:
        """Its identifier in every feed of ours."""
        return stable_id("taxonomy", self.name)


NEEDS = Taxonomy(f"{PUBLISHER}: needs", "need", "What a young person may be looking for.")
ACTIVITIES = Taxonomy(f"{PUBLISHER}: activities", "activity", "What one does there.")
GROUPS = Taxonomy(f"{PUBLISHER}: groups", "audience", "Whom a service is only for.")
TAGS = Taxonomy(f"{PUBLISHER}: tags", "tag", "Other words for the service.")
CONFIDENCE = Taxonomy(
    f"{PUBLISHER}: confidence", "confidence", "How sure the facts are; the value says why."
)
EVIDENCE = Taxonomy(
    f"{PUBLISHER}: evidence", "evidence", "Where the facts were seen; the value is the place."
)
WRITTEN = Taxonomy(
    f"{PUBLISHER}: as written", "as-written",
    "A value as our own directory has it, where the standard has no field for it or another form; "
    "JSON: what is written, and as what the rest of the record is read.",
)  # fmt: skip
ALL = (NEEDS, ACTIVITIES, GROUPS, TAGS, CONFIDENCE, EVIDENCE, WRITTEN)

# Columns whose words are terms, and columns whose words are values of one term.
WORDS = {"kinds": NEEDS, "activities": ACTIVITIES, "groups": GROUPS, "tags": TAGS}
PLACES = {"source": "source", "corroboration": "corroboration"}


def term(taxonomy: Taxonomy, name: str) -> Json:
    """Return a term as HSDS has it."""
    about = f"{taxonomy.link_type.replace('-', ' ').capitalize()}: {name.replace('-', ' ')}"
    return {
        "id": stable_id("term", taxonomy.name, name), "name": name, "description": about,
        "taxonomy": taxonomy.name, "taxonomy_id": taxonomy.id,
    }  # fmt: skip


def attribute(
    owner: str, number: int, taxonomy: Taxonomy, name: str, value: str | None = None
) -> Json:
    """Return a term as it is said of a service; `number` tells its attributes apart."""
    made: Json = {
        "id": stable_id("attribute", owner, taxonomy.name, str(number)),
        "link_type": taxonomy.link_type, "link_entity": "service",
    }  # fmt: skip
    if value is not None:
        made["value"] = value
    return made | {"taxonomy_term": term(taxonomy, name)}


def attributes_of(row: Mapping[str, Any]) -> list[Json]:
    """Return what a row says in our own words."""
    owner, said = row["id"], list(_said(row))
    return [
        attribute(owner, number, taxonomy, name, value)
        for number, (taxonomy, name, value) in enumerate(said)
    ]


def _said(row: Mapping[str, Any]) -> Iterator[tuple[Taxonomy, str, str | None]]:
    for column, taxonomy in WORDS.items():
        for name in row.get(column, ()):
            yield taxonomy, name, None
    if "confidence" in row:
        yield CONFIDENCE, row["confidence"], row.get("reason")
    for column, name in PLACES.items():
        for value in row.get(column, ()):
            yield EVIDENCE, name, value


def row_from(attributes: list[Json]) -> Row:
    """Return what attributes in our own words say."""
    row: Row = {}
    for one in attributes:
        named = one.get("taxonomy_term")
        if not isinstance(named, dict) or not isinstance(named.get("name"), str):
            continue
        name, value, taxonomy = named["name"], one.get("value"), named.get("taxonomy")
        for column, ours in WORDS.items():
            if taxonomy == ours.name:
                row.setdefault(column, []).append(name)
        if taxonomy == CONFIDENCE.name:
            row |= {"confidence": name} | ({"reason": value} if value else {})
        elif taxonomy == EVIDENCE.name and name in PLACES and isinstance(value, str):
            row.setdefault(PLACES[name], []).append(value)
    return row


def foreign_terms(attributes: list[Json]) -> list[str]:
    """Return the names of the terms that are not ours."""
    ours = {taxonomy.name for taxonomy in ALL}
    terms = [one["taxonomy_term"] for one in attributes
             if isinstance(one.get("taxonomy_term"), dict)]  # fmt: skip
    names = [found.get("name") for found in terms if found.get("taxonomy") not in ours]
    return [name for name in names if isinstance(name, str) and name.strip()]
