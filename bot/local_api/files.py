"""Files: pictures and documents as they are sent, and as Telegram then describes them."""

from __future__ import annotations

import hashlib
import itertools
from typing import TYPE_CHECKING

from bot.local_api import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.local_api.chats import Json

DOCUMENT_BYTES = 50 * 2**20
# Real ids begin so as well; what comes after them is known to nobody but Telegram.
PREFIXES = {"photo": "AgACAgIAAxk-local-", "document": "BQACAgIAAxk-local-"}


class Upload(bytes):
    """A file's content, which also knows the name it was sent under."""

    name: str
    mime_type: str

    def __new__(cls, content: bytes, name: str = "file", mime_type: str = "") -> Upload:
        upload = super().__new__(cls, content)
        upload.name = name
        upload.mime_type = mime_type or "application/octet-stream"
        return upload


class FileStore(dict[str, bytes]):
    """Every file that was sent, by the id that sends it again."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers = itertools.count(1)

    def content(self, kind: str, wanted: str, sent: Mapping[str, bytes]) -> Json:
        """The message field for a file: `wanted` names one in the request, or one sent before."""
        if not wanted.startswith("attach://"):
            return {kind: DESCRIBED[kind](wanted, self.sent_before(kind, wanted))}
        name = wanted.removeprefix("attach://")
        if name not in sent:
            raise rules.bad_request(f"there is no {kind} in the request")
        if not sent[name]:
            raise rules.bad_request("file must be non-empty")
        file_id = f"{PREFIXES[kind]}{next(self._numbers)}"
        described = DESCRIBED[kind](file_id, sent[name])
        self[file_id] = sent[name]
        return {kind: described}

    def sent_before(self, kind: str, file_id: str) -> bytes:
        """The content of a file of this kind, if there is one of this id."""
        if file_id not in self:
            raise rules.bad_request("wrong file identifier/HTTP URL specified")
        if not file_id.startswith(PREFIXES[kind]):
            other = "document" if kind == "photo" else "photo"
            raise rules.bad_request(f"can't use file of type {other.title()} as {kind.title()}")
        return self[file_id]


def _photo(file_id: str, data: bytes) -> list[Json]:
    """The sizes of a picture; a real server makes smaller ones as well."""
    width, height = rules.photo_size(data)
    return [{**_file(file_id, data), "width": width, "height": height}]


def _document(file_id: str, data: bytes) -> Json:
    if len(data) > DOCUMENT_BYTES:
        raise rules.ApiError(413, "Request Entity Too Large")
    upload = data if isinstance(data, Upload) else Upload(data)
    return {**_file(file_id, data), "file_name": upload.name, "mime_type": upload.mime_type}


def _file(file_id: str, data: bytes) -> Json:
    unique = hashlib.sha256(data).hexdigest()[:16]
    return {"file_id": file_id, "file_unique_id": unique, "file_size": len(data)}


DESCRIBED: dict[str, Callable[[str, bytes], object]] = {"photo": _photo, "document": _document}
