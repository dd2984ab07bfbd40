"""What each error of the library means for a call."""

from __future__ import annotations

import warnings
from datetime import timedelta

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    PassportDecryptionError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.delivery.model import Later, Moved, Never, Outcome, Sent
from bot.telegram.outcomes import outcome_of


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (ChatMigrated(-100), Moved(-100)),
        (TimedOut(), Later("timeout")),
        (NetworkError("Bad Gateway"), Later("network")),
        (NetworkError("Request Entity Too Large"), Never("too-large")),
        (Conflict("terminated by other getUpdates"), Later("conflict")),
        (
            InvalidToken("Unauthorized"),
            Later("token-refused", retry_after_s=30.0, whole_bot=True),
        ),
        (EndPointNotFound("Not Found"), Never("unknown-method")),
        (TelegramError("Invalid server response"), Later("bad-answer")),
        (PassportDecryptionError("x"), Later("bad-answer")),
        (Forbidden("Forbidden: bot was blocked by the user"), Never("blocked")),
        (Forbidden("Forbidden: user is deactivated"), Never("deactivated")),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), Never("kicked")),
        (Forbidden("Forbidden: bot can't initiate conversation"), Never("not-started")),
        (Forbidden("Forbidden: something new"), Never("forbidden")),
        (BadRequest("Bad Request: message is not modified: specified new ..."), Sent(True)),
        (BadRequest("Bad Request: message to delete not found"), Sent(True)),
        (BadRequest("Message to be replied not found"), Never("reply-target-gone")),
        (BadRequest("Message to edit not found"), Never("edit-target-gone")),
        (BadRequest("Bad Request: message thread not found"), Never("topic-gone")),
        (BadRequest("Bad Request: TOPIC_CLOSED"), Never("topic-closed")),
        (BadRequest("Bad Request: the chat is not a forum"), Never("not-a-forum")),
        (BadRequest("Query is too old and response timeout expired"), Never("query-too-old")),
        (BadRequest("Chat not found"), Never("chat-not-found")),
        (BadRequest("Bad Request: not enough rights to pin"), Never("not-enough-rights")),
        (BadRequest("Message text is empty"), Never("bad-request: text-empty")),
        (BadRequest("Message is too long"), Never("bad-request: text-too-long")),
        (BadRequest("Button_data_invalid"), Never("bad-request: button-data")),
        (TypeError("unexpected keyword argument"), Never("bad-call: TypeError")),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_each_error_is_decided(error: Exception, outcome: Outcome) -> None:
    assert outcome_of(error) == outcome


@pytest.mark.parametrize("wait", [7200, timedelta(hours=2)])
def test_flood_control_says_how_long(wait: int | timedelta) -> None:
    assert outcome_of(RetryAfter(wait)) == Later("flood", retry_after_s=7200.0)


def test_a_reason_never_quotes_what_somebody_wrote() -> None:
    error = BadRequest('Can\'t parse entities: unsupported start tag "he hits me" at offset 3')
    assert outcome_of(error) == Never("bad-request: markup")
    assert outcome_of(BadRequest("he hits me")) == Never("bad-request")


def test_a_retry_after_in_seconds_is_understood_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PTB_TIMEDELTA")
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("always")
        error = RetryAfter(7)
        assert type(error.retry_after) is int
        assert outcome_of(error) == Later("flood", retry_after_s=7.0)
