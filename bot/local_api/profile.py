"""Profile: the methods about the bot itself: its menu, its words, its chats, its updates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.local_api import rules
from bot.local_api.chats import BOT, Json, Person

if TYPE_CHECKING:
    from bot.local_api import LocalBotApi
    from bot.local_api.messages import Files, Method, Parameters

_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def _get_me(api: LocalBotApi, said: Parameters, files: Files) -> Json:
    return {
        **BOT.as_json(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "supports_guest_queries": True,
    }


def _get_updates(api: LocalBotApi, said: Parameters, files: Files) -> list[Json]:
    if api.webhook["url"]:
        raise rules.ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    api.confirm(said.get("offset", 0))
    return api.waiting(said.get("allowed_updates"))[: said.get("limit", 100)]


def _set_webhook(api: LocalBotApi, said: Parameters, files: Files) -> bool:
    names = ("url", "secret_token", "allowed_updates", "max_connections")
    api.webhook = {"url": "", **{name: said[name] for name in names if name in said}}
    return True


def _delete_webhook(api: LocalBotApi, said: Parameters, files: Files) -> bool:
    api.webhook = {"url": ""}
    return True


def _scope(said: Parameters) -> tuple[str, str]:
    scope = said.get("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), said.get("language_code", "")


def _set_commands(api: LocalBotApi, said: Parameters, files: Files) -> bool:
    api.commands[_scope(said)] = rules.commands(said.get("commands", []))
    return True


def _get_commands(api: LocalBotApi, said: Parameters, files: Files) -> list[dict[str, str]]:
    return api.commands.get(_scope(said), [])


def _delete_commands(api: LocalBotApi, said: Parameters, files: Files) -> bool:
    api.commands.pop(_scope(said), None)
    return True


def _set_profile(name: str, limit: int, refusal: str) -> Method:
    def set_it(api: LocalBotApi, said: Parameters, files: Files) -> bool:
        api.profile[name] = rules.up_to(limit, said.get(name, ""), refusal)
        return True

    return set_it


def _get_profile(name: str) -> Method:
    def get_it(api: LocalBotApi, said: Parameters, files: Files) -> dict[str, str]:
        return {name: api.profile.get(name, "")}

    return get_it


def _get_member(api: LocalBotApi, said: Parameters, files: Files) -> Json:
    chat = api.chats.chat(said.get("chat_id"))
    listed = api.chats.administrators.get(chat.id, [])
    for person in listed:
        if person.id == said.get("user_id"):
            return _administrator(person, owner=person is listed[0])
    for person in (*api.chats.members[chat.id].values(), BOT):
        if person.id == said.get("user_id"):
            return {"status": "member", "user": person.as_json()}
    raise rules.bad_request("member not found")


def _get_administrators(api: LocalBotApi, said: Parameters, files: Files) -> list[Json]:
    chat = api.chats.chat(said.get("chat_id"))
    if chat.type == "private":
        raise rules.bad_request("there are no administrators in the private chat")
    listed = api.chats.administrators.get(chat.id, [])
    return [_administrator(person, owner=person is listed[0]) for person in listed]


def _administrator(person: Person, owner: bool) -> Json:
    if owner:
        return {"status": "creator", "user": person.as_json(), "is_anonymous": False}
    return {"status": "administrator", "user": person.as_json(), **dict.fromkeys(_RIGHTS, False)}


METHODS: dict[str, Method] = {
    "getMe": _get_me,
    "getUpdates": _get_updates,
    "setWebhook": _set_webhook,
    "deleteWebhook": _delete_webhook,
    "getWebhookInfo": lambda api, said, files: api.webhook,
    "setMyCommands": _set_commands,
    "getMyCommands": _get_commands,
    "deleteMyCommands": _delete_commands,
    "setMyDescription": _set_profile("description", 512, "BOT_DESCRIPTION_INVALID"),
    "setMyShortDescription": _set_profile("short_description", 120, "BOT_DESCRIPTION_INVALID"),
    "getMyDescription": _get_profile("description"),
    "getMyShortDescription": _get_profile("short_description"),
    "getChatMember": _get_member,
    "getChatAdministrators": _get_administrators,
}
