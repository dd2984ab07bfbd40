"""Makes one call of the Bot API from its name and JSON params."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    MessageEntity,
    ReactionType,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
    TelegramObject,
)

from bot.delivery.model import Never, Outcome, Sent
from bot.telegram.outcomes import outcome_of

# The Bot API's name of every call that the bot may make, and the library's.
METHODS: Mapping[str, str] = MappingProxyType(
    {
        "sendMessage": "send_message",
        "editMessageText": "edit_message_text",
        "editMessageCaption": "edit_message_caption",
        "editMessageReplyMarkup": "edit_message_reply_markup",
        "deleteMessage": "delete_message",
        "deleteMessages": "delete_messages",
        "answerCallbackQuery": "answer_callback_query",
        "setMessageReaction": "set_message_reaction",
        "createForumTopic": "create_forum_topic",
        "editForumTopic": "edit_forum_topic",
        "closeForumTopic": "close_forum_topic",
        "reopenForumTopic": "reopen_forum_topic",
        "pinChatMessage": "pin_chat_message",
        "sendVenue": "send_venue",
        "sendLocation": "send_location",
        "sendDocument": "send_document",
        "sendPhoto": "send_photo",
        "copyMessage": "copy_message",
        "getChat": "get_chat",
        "sendChatAction": "send_chat_action",
    }
)


class Sender:
    """Turns stored calls into calls of python-telegram-bot.

    Args:
        bot: initialised, with a transport of its own.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, method: str, params: dict[str, Any]) -> Outcome:
        """Make one call; never raises for what Telegram or the network says.

        A document or photo is either a file id or {"filename": ..., "base64": ...}.
        """
        name = METHODS.get(method)
        if name is None:
            return Never("method-not-allowed")
        try:
            result = await getattr(self._bot, name)(**_typed(params))
        except Exception as error:
            return outcome_of(error)
        return Sent(_as_json(result))


def _typed(params: dict[str, Any]) -> dict[str, Any]:
    """The params as the library wants them: objects where the Bot API has objects."""
    return {
        name: _READERS[name](value) if name in _READERS and value is not None else value
        for name, value in params.items()
    }


def _markup(value: dict[str, Any]) -> TelegramObject:
    if "inline_keyboard" in value:
        return InlineKeyboardMarkup.de_json(value)
    if "keyboard" in value:
        return ReplyKeyboardMarkup.de_json(value)
    if "remove_keyboard" in value:
        return ReplyKeyboardRemove.de_json(value)
    return ForceReply.de_json(value)


def _file(value: str | dict[str, str]) -> str | InputFile:
    if isinstance(value, str):
        return value
    return InputFile(base64.b64decode(value["base64"]), filename=value["filename"])


_READERS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "reply_markup": _markup,
        "link_preview_options": LinkPreviewOptions.de_json,
        "reply_parameters": ReplyParameters.de_json,
        "entities": MessageEntity.de_list,
        "caption_entities": MessageEntity.de_list,
        "reaction": ReactionType.de_list,
        "document": _file,
        "photo": _file,
    }
)


def _as_json(result: Any) -> Any:
    return result.to_dict() if isinstance(result, TelegramObject) else result
