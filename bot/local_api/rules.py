"""Rules: what Telegram accepts in a request, and its words when it refuses."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Any

from bot import markup

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
TOAST_LIMIT = 200
BUTTON_LIMIT = 100
DATA_LIMIT = 64
QUERY_LIMIT = 256
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
BUTTONS = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}
CHAT_KINDS = ("user", "bot", "group", "channel")
PHOTO_BYTES = 10 * 2**20
PHOTO_SIDES = 10_000
PHOTO_RATIO = 20

_DETECTED = {
    "url": re.compile(
        r"https?://[^\s<>]*[^\s<>.,;:!?)]|\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|ai|me)\b(?:/[^\s<>]+)?"
    ),
    "bot_command": re.compile(r"(?<![\w/@.])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@])"),
    "mention": re.compile(r"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{3,31}\b"),
}


class ApiError(Exception):
    """A refused request, as Telegram words it: the caller of the Bot API reads it."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


def bad_request(description: str) -> ApiError:
    """The usual refusal."""
    return ApiError(400, f"Bad Request: {description}")


def text(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The message fields for a text: what is shown, and its entities."""
    marked = _marked(parameters, "text")
    if not marked.text:
        raise bad_request("message text is empty")
    if markup.units(marked.text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return {"text": marked.text, **_entities("entities", marked)}


def caption(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The message fields for a caption; none when there is no caption."""
    marked = _marked(parameters, "caption")
    if markup.units(marked.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return {"caption": marked.text, **_entities("caption_entities", marked)} if marked.text else {}


def _marked(parameters: Mapping[str, Any], name: str) -> markup.Marked:
    source, mode = parameters.get(name) or "", parameters.get("parse_mode")
    if not mode:
        return markup.Marked(source.strip())
    if mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    try:
        return markup.parse(source)
    except markup.MarkupError as error:
        raise bad_request(f"can't parse entities: {error}") from error


def _entities(name: str, marked: markup.Marked) -> dict[str, Any]:
    found = [*map(_entity, marked.entities), *detected(marked.text, marked.entities)]
    found.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return {name: found} if found else {}


def _entity(entity: markup.Entity) -> dict[str, Any]:
    extra = {"url": entity.url, "language": entity.language}
    return {
        "type": entity.type,
        "offset": entity.offset,
        "length": entity.length,
        **{name: value for name, value in extra.items() if value},
    }


def detected(shown: str, taken: Iterable[markup.Entity] = ()) -> list[dict[str, Any]]:
    """The entities that Telegram finds by itself in plain text: links, commands, mentions."""
    closed = [(e.offset, e.end) for e in taken if e.type in {"code", "pre", "text_link"}]
    found: list[dict[str, Any]] = []
    for kind, pattern in _DETECTED.items():
        for match in pattern.finditer(shown):
            start = markup.units(shown[: match.start()])
            length = markup.units(match[0])
            if all(start + length <= low or start >= high for low, high in closed):
                found.append({"type": kind, "offset": start, "length": length})
                closed.append((start, start + length))
    return found


def keyboard(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The message field for an inline keyboard; other reply markups do not show in a message."""
    rows = (parameters.get("reply_markup") or {}).get("inline_keyboard") or []
    buttons = [button for row in rows for button in row]
    if len(buttons) > BUTTON_LIMIT:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    for button in buttons:
        _check_button(button)
    return {"reply_markup": {"inline_keyboard": rows}} if buttons else {}


def _check_button(button: Mapping[str, Any]) -> None:
    if not str(button.get("text", "")).strip():
        raise bad_request("can't parse inline keyboard button: Text must be non-empty")
    does = button.keys() - {"text", "style", "icon_custom_emoji_id"}
    if len(does) != 1 or not does < BUTTONS:
        raise bad_request("Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= DATA_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")
    if "switch_inline_query_chosen_chat" in button:
        chosen = button["switch_inline_query_chosen_chat"]
        if not any(chosen.get(f"allow_{kind}_chats") for kind in CHAT_KINDS):
            raise bad_request("at least one chat type must be allowed")


def commands(listed: list[dict[str, str]]) -> list[dict[str, str]]:
    """The command menu, if every line of it may stand there."""
    if len(listed) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for item in listed:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", item.get("command", "")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= markup.units(item.get("description", "")) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return listed


def up_to(limit: int, said: str, refusal: str) -> str:
    """The text itself, when it is within the limit."""
    if markup.units(said) > limit:
        raise bad_request(refusal)
    return said


def photo_size(data: bytes) -> tuple[int, int]:
    """Width and height of a picture that Telegram would take as a photo; PNG only."""
    if len(data) > PHOTO_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    if data[:8] != b"\x89PNG\r\n\x1a\n" or len(data) < 24:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = struct.unpack(">II", data[16:24])
    if width + height > PHOTO_SIDES or max(width, height) > PHOTO_RATIO * max(
        1, min(width, height)
    ):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height
