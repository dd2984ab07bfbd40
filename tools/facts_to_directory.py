"""Write directory/ out of ../shared/facts: `python tools/facts_to_directory.py [FACTS]`.

Facts are copied as they stand; the decisions (which intents, which named place) are in
facts_mapping.py. Run it once, then the YAML is what people edit: it overwrites what is there.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import yaml
from facts_mapping import (
    EMERGENCY_NUMBERS,
    GROUPS,
    KIND_OF_KIND,
    KIND_OF_TAG,
    LOCAL_KINDS,
    NATIONAL,
    NEAR,
    ONLY_GIRLS,
    ORGANISATIONS,
)

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.content.schema_files import first_line  # noqa: E402  the project's folder comes first
from bot.content.word_files import load_activities  # noqa: E402
from directory.activities import Activities  # noqa: E402

Entry = dict[str, Any]

CONTACTS = (
    "phone", "text", "whatsapp", "webchat", "email", "website", "instagram", "hours",
)  # fmt: skip
# Words of the source that are not what one goes there to do.
NOT_ACTIVITIES = {"wellbeing", "health", "education", "after-school", "summer", "drop-in"}


def slug(name: str) -> str:
    """Return a file name for an organisation."""
    name = name.lower().replace("’", "").replace("'", "").replace("&", "and")
    return re.sub(r"[^a-z0-9]+", "-", name).strip("-")[:60].strip("-")


def confidence(text: str) -> Entry:
    """Split "medium: full listing but from 2022" into the word and its reason."""
    word, _, reason = text.partition(":")
    return {"confidence": word.strip(), "reason": reason.strip() or None}


# Written in one line, in brackets: short words only.
SHORT = ("kinds", "activities", "tags", "groups", "ages")


class _Short(list[Any]):
    """A list that is written in one line."""


class _ShortBlock(dict[str, Any]):
    """A block that is written in one line."""


def _short(value: Any) -> Any:
    return _ShortBlock(value) if isinstance(value, dict) else _Short(value)


def clean(value: Any) -> Any:
    """Drop what is not known, and tidy line breaks."""
    if isinstance(value, dict):
        kept = {key: clean(below) for key, below in value.items()}
        kept |= {key: _short(kept[key]) for key in SHORT if kept.get(key)}
        return {key: below for key, below in kept.items() if below not in (None, "", [], {})}
    if isinstance(value, list):
        return [clean(below) for below in value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(str(value).split()) if isinstance(value, (str, int)) else value


def is_free(cost: str | None) -> bool | None:
    """Tell from the source's words whether it costs nothing; None where they do not say."""
    # Wages are no cost; what was free years ago may not be.
    if cost is None or re.search("paid work|living wage|older|about", cost.lower()):
        return None
    if re.match(r"free( \((?!.*text)|$|,)", cost.lower()):
        return True
    return None if "free" in cost.lower() or "grant" in cost.lower() else False


def local_kinds(entry: Entry) -> list[str]:
    """List the intents that a local service answers, best first."""
    if entry["id"] in LOCAL_KINDS:
        return LOCAL_KINDS[entry["id"]].split()
    first = [KIND_OF_KIND[entry["kind"]]] if entry["kind"] in KIND_OF_KIND else []
    tags = [KIND_OF_TAG[tag] for tag in entry["tags"] or [] if tag in KIND_OF_TAG]
    return list(dict.fromkeys(first + tags))


def local_service(entry: Entry, activities: Activities) -> Entry:
    """Return the service of one local entry."""
    kinds, tags = local_kinds(entry), list(entry["tags"] or [])
    done = ["youth-club"] if entry["kind"] == "youth-club" else []
    done += [name for tag in tags if tag not in NOT_ACTIVITIES
             and (name := activities.canonical(tag))]  # fmt: skip
    girls = "girls" if entry["id"] in ONLY_GIRLS else ""
    return {
        "id": entry["id"], "name": entry["name"], "what": entry["what"], "kinds": kinds,
        "activities": list(dict.fromkeys(done)), "tags": tags,
        "groups": f"{girls} {GROUPS.get(entry['id'], '')}".split(),
        "venue": entry.get("venue"),
        "address": entry["address"], "postcode": entry["postcode"],
        "near": NEAR.get(entry["id"]) if not entry["postcode"] else None,
        "ages": entry["ages"], "free": is_free(entry["cost"]), "cost": entry["cost"],
        "when": entry["when"], "contact": {key: entry.get(key) for key in CONTACTS},
        "access": entry["accessibility"], "note": entry.get("note"),
        "myends": True if entry["myends"] else None,
        "closed": True if entry.get("closed") else None,
        "source": entry["source"], "seen": entry["seen"], **confidence(entry["confidence"]),
    }  # fmt: skip


def national_service(entry: Entry) -> Entry:
    """Return the service of one national entry; a contact of low confidence is left out."""
    kinds, youngest, oldest, groups = NATIONAL[entry["id"]]
    unsure = {key for key, sure in (entry.get("field_confidence") or {}).items() if sure == "low"}
    ages_note = None if entry["ages"] in (None, "any") else entry["ages"]
    return {
        "id": entry["id"], "name": entry["name"], "what": entry["what"], "kinds": kinds.split(),
        "tags": entry["topics"] + ["emergency-number"] * (entry["id"] in EMERGENCY_NUMBERS),
        "groups": groups.split(), "coverage": entry["coverage"],
        "venue": "online", "ages": {"min": youngest, "max": oldest}, "ages_note": ages_note,
        "free": is_free(entry["cost"]), "cost": entry["cost"],
        "contact": {key: entry.get(key) for key in CONTACTS if key not in unsure},
        "confidentiality": entry["confidentiality"], "caution": entry.get("caution"),
        "source": entry["source"], "corroboration": entry.get("corroboration"),
        "seen": entry["seen"], **confidence(entry["confidence"]),
    }  # fmt: skip


def ecosystem_coldharbour(facts: Entry) -> Entry:
    """Return Lambeth's MyEnds consortium as a service of its own, with its honest status."""
    found, entries = facts["myends"], {entry["id"]: entry for entry in facts["entries"]}
    lead = entries["lambeth-ml-community-marcus-lipton"]
    places = ", ".join(found["neighbourhoods"])
    return {
        "id": "lambeth-ecosystem-coldharbour", "name": found["consortium"],
        "what": "Local groups in and around Brixton that worked together in MyEnds to keep young "
        f"people safe: {places}. Whether MyEnds itself still runs is not confirmed.",
        "kinds": ["about-myends", "violence-worry", "find-activities", "find-mentor"],
        "activities": ["youth-club"], "tags": ["myends"], "venue": "borough-wide",
        "contact": {"phone": lead["phone"], "email": lead["email"]},
        "note": f"{found['status']} Contact: {found['contact']}", "myends": True,
        "source": found["source"], "seen": "2022 to undated",
        "confidence": "medium",
        "reason": "several pages name the consortium; whether it runs after March 2026 is not "
        "confirmed",
    }  # fmt: skip


class _Writer(yaml.SafeDumper):
    """Writes lists indented, and text in the plainest form that reads back the same."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent the items of a list below their key."""
        return super().increase_indent(flow, False)  # type: ignore[no-any-return]

    def ignore_aliases(self, data: Any) -> bool:
        """Write every value out: the reader refuses references."""
        return True


def _as_text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # Everything is read as text, so quotes are only for what YAML itself would misread.
    plain = not re.search(r"^[\s\-?:,\[\]{}#&*!|>'\"%@`]|: |:$| #|\s$", text)
    style = None if plain else ">" if len(text) > 80 else '"'
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _as_short(writer: yaml.SafeDumper, value: Any) -> yaml.Node:
    if isinstance(value, dict):
        return writer.represent_mapping("tag:yaml.org,2002:map", value, flow_style=True)
    return writer.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)


_Writer.add_representer(str, _as_text)
_Writer.add_representer(_Short, _as_short)
_Writer.add_representer(_ShortBlock, _as_short)
# No value is a number, a date or a yes for the reader, so none of them needs quotes.
_Writer.yaml_implicit_resolvers = {}


def write(path: Path, content: Entry, comment: str) -> None:
    """Write one file with the line for editors and a comment at its top."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.dump(clean(content), Dumper=_Writer, allow_unicode=True, sort_keys=False, width=96)
    text = text.replace("\n  - id:", "\n\n  - id:")
    editors = first_line(path.relative_to(ROOT).as_posix())
    path.write_text(f"{editors}\n# {comment}\n{text}", encoding="utf-8")


def write_organisations(folder: Path, services: list[tuple[str, Entry]]) -> None:
    """Write a file for each organisation."""
    organisations: dict[str, list[Entry]] = {}
    for organisation, service in services:
        organisations.setdefault(organisation, []).append(service)
    for organisation, below in organisations.items():
        content = {"organisation": organisation, "services": below}
        comment = "One organisation and its services. What each line means: directory/README.md"
        write(folder / f"{slug(organisation)}.yaml", content, comment)


def write_borough(facts: Entry, activities: Activities) -> None:
    """Write one borough's folder."""
    borough = facts["borough"]
    folder = ROOT / "directory/boroughs" / slug(borough)
    door = dict(facts["safeguarding"])
    front_door = {"name": door.pop("front_door"), **door, **confidence(door["confidence"])}
    content = {
        "borough": borough, "myends": facts["myends"], "front_door": front_door,
        "youth_offer": facts["youth_offer"],
    }  # fmt: skip
    comment = "The borough: MyEnds as far as it is known, the front door, the youth offer."
    write(folder / "borough.yaml", content, comment)
    services = [(entry["provider"], local_service(entry, activities))
                for entry in facts["entries"]]  # fmt: skip
    if borough == "Lambeth":
        services.append((facts["myends"]["consortium"], ecosystem_coldharbour(facts)))
    write_organisations(folder, services)


def main() -> None:
    """Write everything."""
    facts = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "../shared/facts"
    activities, problems = load_activities(ROOT)
    if problems:
        sys.exit("\n".join(map(str, problems)))
    for path in sorted((facts / "local").glob("*.yaml")):
        write_borough(yaml.safe_load(path.read_text(encoding="utf-8")), activities)
    entries = yaml.safe_load((facts / "national.yaml").read_text(encoding="utf-8"))["services"]
    shown = [entry for entry in entries if not entry["confidence"].startswith("low")]
    for place in ("london", "national"):
        london = place == "london"
        services = [
            (ORGANISATIONS.get(entry["id"], entry["name"].split(" (")[0]), national_service(entry))
            for entry in shown
            if bool(re.match("(some |most of )?London", entry["coverage"] or "")) == london
        ]
        write_organisations(ROOT / "directory" / place, services)


if __name__ == "__main__":
    main()
