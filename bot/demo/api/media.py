"""Stand-ins for files: everything about them but the bytes."""

from bot.demo.api.errors import ActError
from bot.demo.api.world import Json, World

KINDS = [
    "photo",
    "voice",
    "video",
    "video_note",
    "sticker",
    "document",
    "contact",
    "poll",
    "animation",
    "location",
]


def stand_in(
    world: World,
    kind: str,
    name: str = "file.txt",
    size: int = 2048,
    mime_type: str = "application/octet-stream",
) -> Json:
    """Return the part of a Message that holds a file of this kind; `size` in bytes."""
    number = f"{world.rng.getrandbits(64):016x}"
    file: Json = {"file_id": f"demo-{number}", "file_unique_id": number[:10], "file_size": size}
    if kind == "photo":
        return {"photo": [file | {"width": 90, "height": 67}, file | {"width": 800, "height": 600}]}
    if kind == "document":
        return {"document": file | {"file_name": name, "mime_type": mime_type}}
    if kind == "animation":
        animation = file | {"width": 320, "height": 240, "duration": 3, "file_name": "cat.mp4"}
        # Telegram repeats an animation as a document for older bots.
        return {"animation": animation, "document": file | {"file_name": "cat.mp4"}}
    special = _special(world, kind, number, file)
    if special is None:
        raise ActError(f"unknown kind {kind!r}, use one of {KINDS}")
    return {kind: special}


def _special(world: World, kind: str, number: str, file: Json) -> Json | None:
    if kind == "voice":
        return file | {"duration": 4, "mime_type": "audio/ogg"}
    if kind == "video":
        return file | {"width": 640, "height": 360, "duration": 8, "mime_type": "video/mp4"}
    if kind == "video_note":
        return file | {"length": 240, "duration": 6}
    if kind == "sticker":
        shape = {"type": "regular", "width": 512, "height": 512, "emoji": "🙂"}
        return file | shape | {"is_animated": False, "is_video": False}
    if kind == "contact":
        return {"phone_number": "+447700900123", "first_name": "A friend"}
    return _poll(number) if kind == "poll" else None


def _poll(number: str) -> Json:
    answers = [
        {"persistent_id": f"{number}-{i}", "text": text, "voter_count": 0}
        for i, text in enumerate(("Yes", "No"))
    ]
    return {
        "id": str(int(number, 16)),
        "question": "Football on Saturday?",
        "options": answers,
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    }
