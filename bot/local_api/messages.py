"""Messages: the methods that send, edit and delete them, one function for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.local_api import rules
from bot.local_api.chats import BOT, Json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.local_api import LocalBotApi

    Parameters = Mapping[str, Any]
    Files = Mapping[str, bytes]
    Method = Callable[[LocalBotApi, Parameters, Files], object]

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
MEDIA = ("photo", "document")
_CONTENT = ("text", "entities", *MEDIA, "caption", "caption_entities", "reply_markup")


def _send_message(api: LocalBotApi, said: Parameters, files: Files) -> Json:
    return _send(api, said, rules.text(said))


def _send_photo(api: LocalBotApi, said: Parameters, files: Files) -> Json:
    return _send(api, said, _file(api, "photo", said, files))


def _send_document(api: LocalBotApi, said: Parameters, files: Files) -> Json:
    return _send(api, said, _file(api, "document", said, files))


def _file(api: LocalBotApi, kind: str, said: Parameters, files: Files) -> Json:
    wanted = said.get(kind, f"attach://{kind}")
    return api.files.content(kind, wanted, files) | rules.caption(said)


def _send(api: LocalBotApi, said: Parameters, content: Json) -> Json:
    chat = api.chats.chat(said.get("chat_id"))
    replied = _replied(api, said)
    thread = said.get("message_thread_id")
    if thread is not None and (chat.id, thread) not in api.chats.topics:
        raise rules.bad_request("message thread not found")
    if thread is None and replied is not None and chat.forum:
        thread = replied.get("message_thread_id")
    return api.chats.add(chat, BOT, content | rules.keyboard(said), replied, thread)


def _replied(api: LocalBotApi, said: Parameters) -> Json | None:
    wanted = said.get("reply_parameters")
    if not wanted:
        return None
    key = (wanted.get("chat_id", said.get("chat_id")), wanted["message_id"])
    if key in api.chats.messages:
        return api.chats.messages[key]
    if wanted.get("allow_sending_without_reply"):
        return None
    raise rules.bad_request("message to be replied not found")


def _edit_text(api: LocalBotApi, said: Parameters, files: Files) -> Json | bool:
    if "text" not in _editable(api, said):
        raise rules.bad_request("there is no text in the message to edit")
    return _edit(api, said, rules.text(said))


def _edit_caption(api: LocalBotApi, said: Parameters, files: Files) -> Json | bool:
    message = _editable(api, said)
    file = {kind: message[kind] for kind in MEDIA if kind in message}
    if not file:
        raise rules.bad_request("there is no caption in the message to edit")
    return _edit(api, said, file | rules.caption(said))


def _edit_media(api: LocalBotApi, said: Parameters, files: Files) -> Json | bool:
    media = said.get("media") or {}
    if media.get("type") not in MEDIA:
        raise rules.bad_request("this Bot API takes only photos and documents as media")
    if not media.get("media"):
        raise rules.bad_request("can't parse InputMedia: Media not found")
    _editable(api, said)
    if "inline_message_id" in said and media["media"].startswith("attach://"):
        raise rules.bad_request("a new file can't be uploaded to an inline message")
    content = api.files.content(media["type"], media["media"], files)
    return _edit(api, said, content | rules.caption(media))


def _edit_reply_markup(api: LocalBotApi, said: Parameters, files: Files) -> Json | bool:
    message = _editable(api, said)
    content = {name: message[name] for name in _CONTENT if name in message}
    content.pop("reply_markup", None)
    return _edit(api, said, content)


def _editable(api: LocalBotApi, said: Parameters) -> Json:
    if "inline_message_id" in said:
        return api.outside.find(said["inline_message_id"])
    refusal = "message to edit not found"
    if "chat_id" not in said or "message_id" not in said:
        raise rules.bad_request("message identifier is not specified")
    message = api.chats.find(said.get("chat_id"), said.get("message_id"), refusal)
    if message["from"]["id"] != BOT.id:
        raise rules.bad_request("message can't be edited")
    return message


def _edit(api: LocalBotApi, said: Parameters, content: Json) -> Json | bool:
    message = _editable(api, said)
    new = content | rules.keyboard(said)
    if new == {name: message[name] for name in _CONTENT if name in message}:
        raise rules.bad_request(NOT_MODIFIED)
    if "inline_message_id" in said:
        api.outside.messages[said["inline_message_id"]] = new
        return True
    kept = {name: value for name, value in message.items() if name not in _CONTENT}
    return api.chats.put({**kept, **new, "edit_date": api.chats.now()})


def _delete(api: LocalBotApi, said: Parameters, files: Files) -> bool:
    refusal = "message to delete not found"
    api.chats.remove(api.chats.find(said.get("chat_id"), said.get("message_id"), refusal))
    return True


def _answer_query(api: LocalBotApi, said: Parameters, files: Files) -> bool:
    if said.get("callback_query_id") not in api.chats.queries:
        raise rules.bad_request(rules.TOO_OLD)
    rules.up_to(rules.TOAST_LIMIT, said.get("text", ""), "MESSAGE_TOO_LONG")
    return True


def _chat_action(api: LocalBotApi, said: Parameters, files: Files) -> bool:
    api.chats.chat(said.get("chat_id"))
    return True


METHODS: dict[str, Method] = {
    "sendMessage": _send_message,
    "sendPhoto": _send_photo,
    "sendDocument": _send_document,
    "sendChatAction": _chat_action,
    "editMessageText": _edit_text,
    "editMessageCaption": _edit_caption,
    "editMessageMedia": _edit_media,
    "editMessageReplyMarkup": _edit_reply_markup,
    "deleteMessage": _delete,
    "answerCallbackQuery": _answer_query,
}
