"""Sending, copying and forwarding."""

import copy
from types import MappingProxyType

from bot.demo.api.backend import Backend
from bot.demo.api.entities import read_formatted
from bot.demo.api.errors import bad_request
from bot.demo.api.media import stand_in, uploaded
from bot.demo.api.objects import utf16_length
from bot.demo.api.params import Params, Upload
from bot.demo.api.posting import post_as_bot
from bot.demo.api.sending import deliver, find_chat, find_message, read_place, writable_chat
from bot.demo.api.world import Json

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LARGEST_UPLOAD = 50 * 1024 * 1024
LARGEST_PHOTO = 10 * 1024 * 1024
CHAT_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
_COPIED = ("text", "entities", "caption", "caption_entities", "location", "venue", "contact")
_COPIED_MEDIA = ("photo", "document", "voice", "video", "video_note", "sticker", "animation")


def read_text(params: Params, too_long: str = "message is too long") -> Json:
    """Return the text of a message; raises 400 where it is empty or too long."""
    if not params.text("text"):
        raise bad_request("message text is empty")
    text, entities = read_formatted(params, "text", "entities")
    if not text:
        raise bad_request("text must be non-empty")
    if utf16_length(text) > LONGEST_TEXT:
        raise bad_request(too_long)
    preview = params.fields("link_preview_options")
    content: Json = {"text": text} | ({"entities": entities} if entities else {})
    return content | ({"link_preview_options": preview} if preview else {})


def read_caption(params: Params) -> Json:
    """Return the caption of a file; raises 400 where it is too long."""
    caption, entities = read_formatted(params, "caption", "caption_entities")
    if utf16_length(caption) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    content: Json = {"caption": caption} if caption else {}
    return content | ({"caption_entities": entities} if entities else {})


def send_message(backend: Backend, params: Params) -> Json:
    """Send a text."""
    return deliver(backend, params, read_text(params))


def read_location(params: Params) -> Json:
    """Return a Location; raises 400 where it is missing or not on Earth."""
    latitude, longitude = params.number("latitude"), params.number("longitude")
    if latitude is None:
        raise bad_request("latitude is empty")
    if longitude is None:
        raise bad_request("longitude is empty")
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise bad_request("wrong latitude or longitude specified")
    return {"latitude": latitude, "longitude": longitude}


def send_location(backend: Backend, params: Params) -> Json:
    """Send a point on the map."""
    return deliver(backend, params, {"location": read_location(params)})


def send_venue(backend: Backend, params: Params) -> Json:
    """Send a place with its name and address."""
    location = read_location(params)
    title, address = params.text("title"), params.text("address")
    if not title or not address:
        raise bad_request("wrong venue title or address specified")
    venue = {"location": location, "title": title, "address": address}
    return deliver(backend, params, {"venue": venue, "location": location})


def send_document(backend: Backend, params: Params) -> Json:
    """Send a file; the page can open it."""
    caption = read_caption(params)
    return deliver(backend, params, _file(backend, params, "document", LARGEST_UPLOAD) | caption)


def send_photo(backend: Backend, params: Params) -> Json:
    """Send a picture; the page shows it."""
    caption = read_caption(params)
    return deliver(backend, params, _file(backend, params, "photo", LARGEST_PHOTO) | caption)


def _file(backend: Backend, params: Params, kind: str, largest: int) -> Json:
    upload = _upload(params, kind, largest)
    if not upload.content:  # a file id or a URL
        return stand_in(backend.world, kind, upload.name, upload.size, upload.mime_type)
    return uploaded(backend.world, kind, upload)


def _upload(params: Params, name: str, largest: int) -> Upload:
    value = params.text(name)
    upload = params.uploads.get(name)
    if value and value.startswith("attach://"):
        upload = params.uploads.get(value.removeprefix("attach://"))
    elif value and upload is None:
        # A file id or a URL: nothing is fetched, so it only has a name.
        return Upload(value, 1, "application/octet-stream")
    if upload is None:
        raise bad_request(f"there is no {name} in the request")
    if upload.size == 0:
        raise bad_request("file must be non-empty")
    if upload.size > largest:
        raise bad_request("file is too big")
    return upload


def copy_message(backend: Backend, params: Params) -> Json:
    """Send the content of another message again, without saying where it is from."""
    source = _source(backend, params, "to copy")
    content = {k: copy.deepcopy(v) for k, v in source.items() if k in _COPIED + _COPIED_MEDIA}
    if not content:
        raise bad_request("message can't be copied")
    if params.text("caption") is not None and any(k in content for k in _COPIED_MEDIA):
        content.pop("caption", None)
        content.pop("caption_entities", None)
        content |= read_caption(params)
    return {"message_id": deliver(backend, params, content)["message_id"]}


def forward_message(backend: Backend, params: Params) -> Json:
    """Send another message on, with its origin."""
    source = _source(backend, params, "to forward")
    content = {k: copy.deepcopy(v) for k, v in source.items() if k in _COPIED + _COPIED_MEDIA}
    if not content or source.get("has_protected_content"):
        raise bad_request("message can't be forwarded")
    place = read_place(backend, params)
    backend.limits.take(place.chat)
    origin = source.get("forward_origin") or _origin(source)
    return post_as_bot(
        backend.world, place.chat, content | {"forward_origin": origin}, thread_id=place.thread_id
    )


def _origin(source: Json) -> Json:
    if "from" in source:
        return {"type": "user", "date": source["date"], "sender_user": source["from"]}
    return {
        "type": "channel",
        "date": source["date"],
        "chat": source["sender_chat"],
        "message_id": source["message_id"],
    }


def _source(backend: Backend, params: Params, purpose: str) -> Json:
    chat = find_chat(backend, params, "from_chat_id")
    return find_message(chat, params.integer("message_id"), purpose)


def send_chat_action(backend: Backend, params: Params) -> bool:
    """Show the bot as typing for five seconds."""
    if params.text("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    backend.world.show_typing(writable_chat(backend, params))
    return True


METHODS = MappingProxyType(
    {
        "sendMessage": send_message,
        "sendLocation": send_location,
        "sendVenue": send_venue,
        "sendDocument": send_document,
        "sendPhoto": send_photo,
        "copyMessage": copy_message,
        "forwardMessage": forward_message,
        "sendChatAction": send_chat_action,
    }
)
