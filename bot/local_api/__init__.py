"""LocalBotApi: the Bot API answered inside this process, for the terminal and the tests."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from telegram.request import BaseRequest, RequestData

from bot.local_api import inline, messages, profile, rules
from bot.local_api.chats import Chats, Clock, Incoming, Json, utc_now
from bot.local_api.files import FileStore, Upload
from bot.local_api.outside import Outside
from bot.local_api.rules import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping

METHODS = {
    name.lower(): (name, method)
    for module in (messages, inline, profile)
    for name, method in module.METHODS.items()
}
# Parameters that are text even where the text looks like a number or like JSON.
TEXTS = {
    "text",
    "caption",
    "parse_mode",
    "photo",
    "document",
    "action",
    "url",
    "secret_token",
    "description",
    "short_description",
    "language_code",
    "callback_query_id",
    "inline_query_id",
    "inline_message_id",
    "guest_query_id",
    "next_offset",
}


class Call(Struct, frozen=True):
    """One request that was made, and what came of it: a result, or an error's description."""

    method: str
    parameters: Mapping[str, Any]
    files: Mapping[str, bytes] = field(default_factory=dict)
    result: Any = None
    error: str = ""


class LocalBotApi(BaseRequest):
    """A Bot API with nobody behind it: keeps every call and the newest state of every message."""

    def __init__(self, clock: Clock = utc_now, token: str | None = None) -> None:
        self.token = token
        self.chats = Chats(clock)
        self.incoming = Incoming(self.chats)
        self.calls: list[Call] = []
        self.files = FileStore()
        self.outside = Outside(self.incoming, self.files)
        self.inline: dict[str, Json] = {}
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.profile: dict[str, str] = {}
        self.webhook: Json = {"url": ""}
        self._allowed: list[str] = []
        self._pending: list[Json] = []
        self._arrived = asyncio.Event()
        self.polled = asyncio.Event()
        self._refusals: dict[str, list[ApiError]] = {}

    @property
    def read_timeout(self) -> float | None:
        """Part of BaseRequest; nothing here takes time."""
        return 5.0

    async def initialize(self) -> None:
        """Part of BaseRequest; there is nothing to open."""

    async def shutdown(self) -> None:
        """Part of BaseRequest; there is nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        """Answer a request of python-telegram-bot as a Bot API server would."""
        said = request_data.json_parameters if request_data else {}
        parts = (request_data.multipart_data or {}) if request_data else {}
        files = {name: _upload(*part) for name, part in parts.items()}
        token, name = url.rsplit("/", 2)[-2:]
        status, body = await self.answer(token.removeprefix("bot"), name, said, files)
        return status, json.dumps(body).encode()

    async def answer(
        self, token: str, name: str, said: Mapping[str, str], files: Mapping[str, bytes]
    ) -> tuple[int, Json]:
        """One request as it comes over the wire: its HTTP status and the JSON of the answer."""
        try:
            if self.token is not None and token != self.token:
                raise ApiError(401, "Unauthorized")
            return 200, {"ok": True, "result": await self._call(name, _decoded(said), files)}
        except ApiError as error:
            body = {"ok": False, "error_code": error.status, "description": error.description}
            return error.status, body | (
                {"parameters": error.parameters} if error.parameters else {}
            )

    async def _call(self, name: str, said: Json, files: Mapping[str, bytes]) -> object:
        name, method = METHODS.get(name.lower(), (name, None))
        try:
            if method is None:
                raise ApiError(404, "Not Found: method not found")
            if self._refusals.get(name):
                raise self._refusals[name].pop(0)
            if name == "getUpdates":
                await self._wait_for_updates(said)
            result = method(self, said, files)
        except ApiError as error:
            self.calls.append(Call(name, said, files, error=error.description))
            raise
        self.calls.append(Call(name, said, files, result))
        return result

    def refuse(self, method: str, error: ApiError) -> None:
        """Let the next request of this method fail, as servers sometimes do."""
        self._refusals.setdefault(method, []).append(error)

    def deliver(self, update: Json) -> None:
        """Have an update ready for getUpdates."""
        self._pending.append(update)
        self._arrived.set()

    def confirm(self, offset: int) -> None:
        """Forget the updates before this one: the bot has them."""
        self._pending = [update for update in self._pending if update["update_id"] >= offset]

    def waiting(self, allowed: list[str] | None) -> list[Json]:
        """The updates of the allowed kinds that are not confirmed; None keeps the kinds."""
        self._allowed = self._allowed if allowed is None else allowed
        if not self._allowed:
            return self._pending
        return [update for update in self._pending if update.keys() & set(self._allowed)]

    async def _wait_for_updates(self, said: Json) -> None:
        self.confirm(said.get("offset", 0))
        if self.waiting(said.get("allowed_updates")):
            return
        self._arrived.clear()
        self.polled.set()
        try:
            await asyncio.wait_for(self._arrived.wait(), said.get("timeout", 0))
        except TimeoutError:
            return  # a long poll that ends with nothing is an ordinary answer

    def changed(self, since: int) -> list[Json]:
        """The messages sent or edited from this call on, in order, each as it now stands."""
        keys: dict[tuple[int, int], None] = {}
        for call in self.calls[since:]:
            if isinstance(call.result, dict) and "message_id" in call.result:
                key = (call.result["chat"]["id"], call.result["message_id"])
                keys.pop(key, None)
                keys[key] = None
        return [self.chats.messages[key] for key in keys if key in self.chats.messages]

    def toasts(self, since: int) -> list[str]:
        """What was shown for a moment over the chat, from this call on."""
        answers = [call for call in self.calls[since:] if call.method == "answerCallbackQuery"]
        return [call.parameters["text"] for call in answers if call.parameters.get("text")]


def _upload(name: str, content: Any, mime_type: str = "") -> Upload:
    data = content if isinstance(content, bytes) else content.read()
    if not isinstance(data, bytes):
        raise rules.bad_request("a file must be sent as bytes")
    return Upload(data, name, mime_type)


def _decoded(said: Mapping[str, str]) -> Json:
    return {name: text if name in TEXTS else _value(text) for name, text in said.items()}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text  # a chat's @name, for one, is no JSON
