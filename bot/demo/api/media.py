"""Files in messages: of people's all but the bytes, of the bot's the bytes too."""

from dataclasses import replace

from bot.demo.api.errors import ActError, bad_request
from bot.demo.api.params import Upload
from bot.demo.api.world import Json, Stored, World

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
MOST_SIDES, MOST_RATIO = 10_000, 20
THUMBNAIL_AND_WHOLE = (90, 1280)  # pixels of the longer side

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


def uploaded(world: World, kind: str, upload: Upload) -> Json:
    """Return the part of a Message for a file that the bot sent, and keep its bytes to be shown."""
    if kind == "photo":
        width, height = _picture_size(upload.content)
        part = stand_in(world, kind, size=upload.size)
        part["photo"] = [_scaled(p, width, height, most) for p, most in
                         zip(part["photo"], THUMBNAIL_AND_WHOLE, strict=True)]  # fmt: skip
        file_id = part["photo"][-1]["file_id"]
        upload = replace(
            upload, mime_type="image/png" if upload.content[:8] == PNG else "image/jpeg"
        )
    else:
        part = stand_in(world, kind, upload.name, upload.size, upload.mime_type)
        file_id = part[kind]["file_id"]
    world.keep_file(file_id, Stored(upload.name, upload.mime_type, upload.content))
    return part


def _scaled(photo: Json, width: int, height: int, most: int) -> Json:
    scale = min(1.0, most / max(width, height))
    return photo | {"width": max(1, round(width * scale)), "height": max(1, round(height * scale))}


def _picture_size(content: bytes) -> tuple[int, int]:
    """Return width and height; raises 400 where Telegram would refuse the picture."""
    if content[:3] == JPEG:
        return 800, 600  # its size stands deep inside; the demo draws no JPEG of the bot's
    if content[:8] != PNG or content[12:16] != b"IHDR":
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    if not width or not height:
        raise bad_request("IMAGE_PROCESS_FAILED")
    # The Bot API's own words on sendPhoto.
    if width + height > MOST_SIDES or max(width, height) > MOST_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


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
