"""Inline: the answers to what somebody types after the bot's name, and to a guest's summons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.local_api import rules

if TYPE_CHECKING:
    from bot.local_api import LocalBotApi
    from bot.local_api.chats import Json
    from bot.local_api.messages import Files, Method, Parameters

RESULTS = 50
ID_BYTES = 64
OFFSET_BYTES = 64
CACHE_TIME = 300  # seconds, unless the answer says otherwise


def _answer(api: LocalBotApi, said: Parameters, files: Files) -> bool:
    query = said.get("inline_query_id", "")
    if query not in api.chats.inline_queries:
        raise rules.bad_request(rules.TOO_OLD)
    results = said.get("results") or []
    if not isinstance(results, list):
        raise rules.bad_request("expected an Array of inline query results")
    if len(results) > RESULTS:
        raise rules.bad_request("too many inline query results specified")
    for result in results:
        _parse(api, result)
    _check_ids([result["id"] for result in results])
    if len(str(said.get("next_offset", "")).encode()) > OFFSET_BYTES:
        raise rules.bad_request("NEXT_OFFSET_INVALID")
    answer: Json = {
        "results": results,
        "cache_time": said.get("cache_time", CACHE_TIME),
        "is_personal": said.get("is_personal", False),
        "next_offset": said.get("next_offset", ""),
    }
    api.inline[query] = answer | _button(said.get("button"))
    return True


def _check_ids(ids: list[str]) -> None:
    if any(not 1 <= len(result_id.encode()) <= ID_BYTES for result_id in ids):
        raise rules.bad_request("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise rules.bad_request("RESULT_ID_DUPLICATE")


def _parse(api: LocalBotApi, result: Any) -> Json:
    """The result, unless it could not be shown, or sent when it is chosen."""
    try:
        if not isinstance(result, dict):
            raise rules.bad_request("inline query result must be an object")
        kind = _text(result, "type")
        _text(result, "id")
        if kind == "article":
            _check_content(result.get("input_message_content"))
            if not _text(result, "title").strip():
                raise rules.bad_request("ARTICLE_TITLE_EMPTY")
        elif kind == "photo" and "photo_file_id" in result:
            api.files.sent_before("photo", _text(result, "photo_file_id"))
            rules.caption(result)
            if "input_message_content" in result:
                _check_content(result["input_message_content"])
        else:
            raise rules.bad_request("this Bot API takes only articles and photos sent before")
        rules.keyboard(result)
        return result
    except rules.ApiError as error:
        reason = error.description.removeprefix("Bad Request: ")
        raise rules.bad_request(
            f"can't parse inline query result: {reason[0].upper()}{reason[1:]}"
        ) from error


def _text(fields: Json, name: str) -> str:
    if name not in fields:
        raise rules.bad_request(f'can\'t find field "{name}"')
    if not isinstance(fields[name], str):
        raise rules.bad_request(f'field "{name}" must be of type String')
    return str(fields[name])


def _check_content(content: Any) -> None:
    if not isinstance(content, dict):
        raise rules.bad_request('can\'t find field "message_text"')
    rules.text({**content, "text": _text(content, "message_text")})


def _button(button: Any) -> Json:
    """The answer's field for the button above the results, if there is one."""
    if not button:
        return {}
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise rules.bad_request(
            "can't parse inline query results button: Can't find field \"text\""
        )
    if len(button.keys() & {"start_parameter", "web_app"}) != 1:
        raise rules.bad_request(
            "can't parse inline query results button: "
            "InlineQueryResultsButton must have exactly one optional field"
        )
    start = button.get("start_parameter", "x")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(start)):
        raise rules.bad_request("START_PARAM_INVALID")
    return {"button": button}


def _answer_guest(api: LocalBotApi, said: Parameters, files: Files) -> Json:
    """One message for one summons."""
    query = said.get("guest_query_id", "")
    if query not in api.outside.summons:
        raise rules.bad_request(rules.TOO_OLD)
    result = _parse(api, said.get("result"))
    _check_ids([result["id"]])
    api.outside.summons.remove(query)
    return {"inline_message_id": api.outside.send(result)}


METHODS: dict[str, Method] = {"answerInlineQuery": _answer, "answerGuestQuery": _answer_guest}
