"""Methods called by name: the result as it is, and the errors that the library has for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telegram.error import BadRequest, InvalidToken

from bot.local_api.chats import ANN
from bot.wire import call

if TYPE_CHECKING:
    from bot.local_api import LocalBotApi
    from tests.conftest import AnyApplication, ChatDriver


async def test_a_result_stays_as_it_comes(application: AnyApplication, chat: ChatDriver) -> None:
    """A message that was sent is the Bot API's own JSON; what is None was not said."""
    await chat("hello")
    said = {"chat_id": ANN.id, "text": "<b>hi</b>", "parse_mode": None}
    sent = await call(application.bot, "sendMessage", said)
    assert (sent["chat"]["id"], sent["text"]) == (ANN.id, "<b>hi</b>")
    with pytest.raises(BadRequest, match="Chat not found"):
        await call(application.bot, "sendMessage", said | {"chat_id": 404})


async def test_a_token_taken_back_is_told_as_such(
    application: AnyApplication, api: LocalBotApi
) -> None:
    """The library would say that the Bot API knows no such method, and the bot would go on."""
    api.token = "2:another"  # noqa: S105  # opens nothing
    with pytest.raises(InvalidToken):
        await call(application.bot, "sendMessage", {"chat_id": ANN.id, "text": "hi"})
