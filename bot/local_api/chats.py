"""Chats: who talks where, every message as it now stands, and the updates that people cause."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from bot.local_api import rules

Json = dict[str, Any]
Clock = Callable[[], datetime]


class Person(Struct, frozen=True):
    """Someone who writes: a human, or a bot."""

    id: int
    first_name: str
    username: str = ""
    is_bot: bool = False

    def as_json(self) -> Json:
        """The Bot API's User."""
        user: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            user["username"] = self.username
        return user if self.is_bot else {**user, "language_code": "en"}


class Chat(Struct, frozen=True):
    """One place to write in: private, group or supergroup, the last one maybe with topics."""

    id: int
    type: str
    title: str = ""
    forum: bool = False

    def as_json(self) -> Json:
        """The Bot API's Chat."""
        chat: Json = {"id": self.id, "type": self.type}
        if self.title:
            chat["title"] = self.title
        return {**chat, "is_forum": True} if self.forum else chat


BOT = Person(123456, "Costcurve", "costcurve_bot", is_bot=True)
ANN = Person(1000, "Ann", "ann_example")
BEN = Person(1001, "Ben")
PRIVATE = Chat(ANN.id, "private")
GROUP = Chat(-2000, "group", "A group")
SUPERGROUP = Chat(-1001000003000, "supergroup", "A supergroup")
FORUM = Chat(-1001000004000, "supergroup", "A forum", forum=True)


def utc_now() -> datetime:
    """The clock, where no other one is given."""
    return datetime.now(UTC)


class Chats:
    """The chats that the bot is in and their messages, newest state only."""

    def __init__(self, clock: Clock = utc_now) -> None:
        self.clock = clock
        self.known: dict[int, Chat] = {}
        self.topics: set[tuple[int, int]] = set()
        self.messages: dict[tuple[int, int], Json] = {}
        self.administrators: dict[int, list[Person]] = {}
        self.members: dict[int, dict[int, Person]] = {}
        self.queries: set[str] = set()
        self.inline_queries: set[str] = set()
        self._message_ids = itertools.count(1)

    def now(self) -> int:
        """The time as Telegram writes it."""
        return int(self.clock().timestamp())

    def chat(self, chat_id: Any) -> Chat:
        """The chat with this number, whatever was sent as a number."""
        if chat_id not in self.known:
            raise rules.bad_request("chat not found")
        return self.known[chat_id]

    def find(self, chat_id: Any, message_id: Any, refusal: str) -> Json:
        """The message as it now stands; `refusal` says what it was wanted for."""
        self.chat(chat_id)
        if (chat_id, message_id) not in self.messages:
            raise rules.bad_request(refusal)
        return self.messages[chat_id, message_id]

    def join(self, chat: Chat, *people: Person) -> None:
        """Make a chat known, with people in it."""
        self.known[chat.id] = chat
        self.members.setdefault(chat.id, {}).update({person.id: person for person in people})

    def add(
        self,
        chat: Chat,
        sender: Person,
        content: Json,
        reply_to: Json | None = None,
        thread: int | None = None,
    ) -> Json:
        """Write a message into a chat; gives the Bot API's Message."""
        message: Json = {
            "message_id": next(self._message_ids),
            "date": self.now(),
            "chat": _named(chat, sender if chat.type == "private" else None),
            "from": sender.as_json(),
        }
        if chat.type == "private" and sender.is_bot:
            message["chat"] = _named(chat, self.members[chat.id].get(chat.id))
        if thread is not None:
            message |= {"message_thread_id": thread}
            message |= {"is_topic_message": True} if chat.forum else {}
        if reply_to is not None:
            message["reply_to_message"] = _without_reply(reply_to)
        return self.put(message | content)

    def put(self, message: Json) -> Json:
        """Keep this as the message's newest state."""
        self.messages[message["chat"]["id"], message["message_id"]] = message
        return message

    def remove(self, message: Json) -> None:
        """Forget a message, as if it had never been written."""
        del self.messages[message["chat"]["id"], message["message_id"]]


def _named(chat: Chat, person: Person | None) -> Json:
    named = chat.as_json()
    if person is not None:
        named |= {"first_name": person.first_name}
        named |= {"username": person.username} if person.username else {}
    return named


def _without_reply(message: Json) -> Json:
    return {name: value for name, value in message.items() if name != "reply_to_message"}


class Incoming:
    """What people do, as the updates that the bot is told; raw, for Update.de_json."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats
        self._ids = itertools.count(1)

    def message(
        self,
        text: str,
        *,
        chat: Chat | None = None,
        user: Person = ANN,
        reply_to: Mapping[str, Any] | None = None,
        thread: int | None = None,
    ) -> Json:
        """Someone writes a text; the chat is the private one with them when not given."""
        chat = chat or Chat(user.id, "private")
        self._chats.join(chat, user)
        if thread is not None and chat.forum:
            self._chats.topics.add((chat.id, thread))
        content = written(text)
        return self.update(
            "message", self._chats.add(chat, user, content, dict(reply_to or {}) or None, thread)
        )

    def edited(self, message: Mapping[str, Any], text: str) -> Json:
        """The writer of a message changes its text."""
        kept = {name: value for name, value in message.items() if name != "entities"}
        new = self._chats.put({**kept, **written(text), "edit_date": self._chats.now()})
        return self.update("edited_message", new)

    def press(self, message: Mapping[str, Any], data: str, *, user: Person = ANN) -> Json:
        """Someone presses a button under a message of the bot's."""
        return self.pressed(user, data, {"message": dict(message)}, str(message["chat"]["id"]))

    def pressed(self, user: Person, data: str, where: Json, instance: str) -> Json:
        """A press of a button, where `where` says which message it is under."""
        query = f"{instance}-{next(self._ids)}"
        self._chats.queries.add(query)
        content = {"id": query, "from": user.as_json(), **where}
        return self.update("callback_query", {**content, "chat_instance": instance, "data": data})

    def inline_query(
        self, text: str, *, user: Person = ANN, chat_type: str = "sender", offset: str = ""
    ) -> Json:
        """Someone types after the bot's name, in a chat of this type; "sender" is the bot's own."""
        query = f"inline-{next(self._ids)}"
        self._chats.inline_queries.add(query)
        return self.update(
            "inline_query",
            {
                "id": query,
                "from": user.as_json(),
                "query": text[: rules.QUERY_LIMIT],
                "offset": offset,
                "chat_type": chat_type,
            },
        )

    def update(self, kind: str, content: Json) -> Json:
        """An update of this kind, with the next number."""
        return {"update_id": next(self._ids), kind: content}

    def now(self) -> int:
        """The time as Telegram writes it."""
        return self._chats.now()


def written(text: str) -> Json:
    """The message fields for what somebody typed, with the entities that Telegram finds in it."""
    entities = sorted(rules.detected(text), key=lambda entity: entity["offset"])
    return {"text": text, **({"entities": entities} if entities else {})}
