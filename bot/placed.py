"""Placed: a message of the bot's in a chat, by as much as it takes to change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from telegram import Message

    from bot.render import Reply


class Placed(Struct, frozen=True):
    """Where it stands and what it is, and nothing of what it says."""

    chat_id: int
    message_id: int
    photo: bool = False
    document: bool = False

    @classmethod
    def of(cls, message: Message) -> Placed:
        """Where a message stands, and what it is."""
        photo, document = bool(message.photo), message.document is not None
        return cls(message.chat_id, message.message_id, photo, document)

    def fits(self, reply: Reply) -> bool:
        """Whether a reply can take its place: a picture stays a picture."""
        if reply.document or len(reply.texts) > 1 or self.document:
            return False
        return bool(reply.picture) or not self.photo
