"""The network: only what the Bot API itself says is taken for its answer."""

from __future__ import annotations

import httpx
import pytest
from telegram.error import BadRequest, InvalidToken, NetworkError

from bot.network import Network

PAGE = b"<html><body>Please log in</body></html>"
OTHERS = [
    (200, PAGE),
    (200, b""),
    (200, b"[1]"),
    (200, b'{"ok": true}'),
    (200, b'{"ok": true, "result": {"message_id": 1'),
    (403, PAGE),
    (404, PAGE),
    (502, PAGE),
    (999, PAGE),
    (400, b'{"error": "not of the Bot API"}'),
    (200, b"[" * 100_000),
]


async def asked(status: int, body: bytes) -> object:
    """What comes of a request that is answered like this."""
    answer = httpx.MockTransport(lambda request: httpx.Response(status, content=body))
    async with Network(httpx_kwargs={"transport": answer}) as network:
        return await network.post("https://api.example/bot1:x/getMe")


@pytest.mark.parametrize(("status", "body"), OTHERS)
async def test_an_answer_of_somebody_else_is_a_failure_of_the_network(
    status: int, body: bytes
) -> None:
    """A proxy's page is neither an answer nor a refusal, and says nothing about the token."""
    with pytest.raises(NetworkError) as caught:
        await asked(status, body)
    assert type(caught.value) is NetworkError


async def test_what_the_bot_api_says_counts() -> None:
    """Its answers are given on, and its refusals raise what they are."""
    assert await asked(200, b'{"ok": true, "result": [7]}') == [7]
    with pytest.raises(InvalidToken):
        await asked(401, b'{"ok": false, "error_code": 401, "description": "Unauthorized"}')
    with pytest.raises(BadRequest, match="Chat not found"):
        await asked(400, b'{"ok": false, "description": "Bad Request: chat not found"}')


async def test_a_gateway_that_refuses_is_known_by_its_status() -> None:
    """What it did not pass on may be asked again, so its words stay where retries look."""
    with pytest.raises(NetworkError, match=r"^Bad Gateway"):
        await asked(502, PAGE)
