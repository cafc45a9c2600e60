"""Wire: methods of the Bot API called by name, with what comes back as it comes over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.error import EndPointNotFound, InvalidToken
from telegram.request import BaseRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telegram import Bot


async def call(
    bot: Bot, method: str, parameters: Mapping[str, Any], read_timeout: float | None = None
) -> Any:
    """The result of a method; None among the parameters is none. Raises the library's errors.

    The library's own methods make an object of every result: of a message that was sent that takes
    longer than all else about sending it, and one of its eighty fields is read. It warns of names
    that it has methods for, so they are spelled otherwise: the Bot API ignores case.
    """
    try:
        return await bot.do_api_request(
            method.lower(), dict(parameters), read_timeout=read_timeout or BaseRequest.DEFAULT_NONE
        )
    except EndPointNotFound as error:  # its guess at why Telegram does not know the address
        raise InvalidToken("Telegram does not know the token") from error
