"""Outside: messages in chats that the bot is not in, which it knows by inline ids alone.

They are results of inline queries that somebody chose, and a guest's answers.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from bot.local_api import rules
from bot.local_api.chats import ANN, BOT, GROUP, Chat, Json, Person, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.local_api.chats import Incoming
    from bot.local_api.files import FileStore

CAPTIONED = {"text": "caption", "entities": "caption_entities"}
PICTURE = {"photo": [{"file_id": "theirs", "file_unique_id": "theirs", "width": 9, "height": 9}]}


class Outside:
    """Every such message as it now stands, and what people do there, as updates."""

    def __init__(self, incoming: Incoming, files: FileStore) -> None:
        self._incoming = incoming
        self._files = files
        self._numbers = itertools.count(1)
        self.messages: dict[str, Json] = {}
        self.summons: set[str] = set()  # guest queries that wait for their answer

    def send(self, result: Mapping[str, Any]) -> str:
        """Put what a result of an inline query sends into a chat; gives the message's inline id."""
        content = result.get("input_message_content")
        if content:
            message = rules.text({**content, "text": content["message_text"]})
        else:
            message = self._files.content("photo", result["photo_file_id"], {})
            message |= rules.caption(result)
        inline_id = f"local-inline-{next(self._numbers)}"
        self.messages[inline_id] = message | rules.keyboard(result)
        return inline_id

    def find(self, inline_id: Any) -> Json:
        """The message as it now stands."""
        if inline_id not in self.messages:
            raise rules.bad_request("MESSAGE_ID_INVALID")
        return self.messages[inline_id]

    def summon(
        self,
        text: str,
        *,
        chat: Chat = GROUP,
        user: Person = ANN,
        reply_to: Mapping[str, Any] | None = None,
        picture: bool = False,
    ) -> Json:
        """Someone mentions the bot in a chat that it has not joined, maybe under a picture.

        The chat stays unknown to the methods that send: only the query can be answered.
        """
        number = next(self._numbers)
        query = str(177315282430557992 + number)  # Telegram's look like numbers, but are text
        self.summons.add(query)
        content = written(text)
        if picture:
            content = {CAPTIONED[name]: value for name, value in content.items()} | PICTURE
        return self._incoming.update(
            "guest_message",
            {
                "message_id": number,
                "date": self._incoming.now(),
                "chat": chat.as_json(),
                "from": user.as_json(),
                "guest_query_id": query,
                **content,
                **({"reply_to_message": dict(reply_to)} if reply_to else {}),
            },
        )

    def seen(self, inline_id: str, chat: Chat = GROUP, caller: Person = ANN) -> Json:
        """A message of the bot's as those in the chat see it, for them to reply to."""
        return {
            "message_id": next(self._numbers),
            "date": self._incoming.now(),
            "chat": chat.as_json(),
            "from": BOT.as_json(),
            "guest_bot_caller_user": caller.as_json(),
            **self.find(inline_id),
        }

    def press(self, inline_id: str, data: str, *, user: Person = ANN) -> Json:
        """Someone presses a button under such a message: the bot is told no chat and no message."""
        return self._incoming.pressed(user, data, {"inline_message_id": inline_id}, inline_id)
