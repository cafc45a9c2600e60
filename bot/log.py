"""The log: one line a record on standard error, with every secret blotted out."""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from bot.config import Secret

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
BLOT = "[secret]"
# They write every address they fetch, and the Bot API has the token in its addresses.
TALKATIVE = ("httpx", "httpcore")
# Logs a traceback and raises the same error, which its caller puts into a sentence.
RETRY_LOOP = "telegram.ext"

_logger = logging.getLogger(__name__)


class BlottingFormatter(logging.Formatter):
    """Formats a record, traceback included, and then takes the secrets out of the whole text."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        super().__init__(FORMAT)
        self._spellings = sorted(_spellings(secrets), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """The record as text; one that cannot be formatted is shown in its parts."""
        try:
            text = super().format(record)
        except (TypeError, ValueError, KeyError) as error:
            # logging itself would print the arguments to standard error as they are.
            text = f"{record.name}: {record.msg!r} does not fit {record.args!r}: {error}"
        for spelling in self._spellings:
            text = text.replace(spelling, BLOT)
        return text


def configure(level: str, secrets: Iterable[Secret], stream: TextIO | None = None) -> None:
    """Send all logging, warnings and uncaught exceptions to the stream, without the secrets."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(BlottingFormatter(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
    # at DEBUG it would write down whole updates, with what people say in them
    library = logging.getLogger("telegram")
    library.setLevel(max(logging.INFO, logging.getLogger().level))
    logging.getLogger(RETRY_LOOP).addFilter(_without_traceback)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread


def _spellings(secrets: Iterable[Secret]) -> set[str]:
    """A secret is blotted whole, and so is a token's second half wherever it stands alone."""
    found: set[str] = set()
    for secret in secrets:
        value = secret.reveal()
        found |= {value, value.rpartition(":")[2]}
    return found - {""}


def _without_traceback(record: logging.LogRecord) -> bool:
    record.exc_info = None
    return True


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return  # whoever pressed Ctrl-C knows
    _logger.critical("The program stopped", exc_info=(kind, error, trace))


def _log_uncaught_in_thread(failure: threading.ExceptHookArgs) -> None:
    error = failure.exc_value or failure.exc_type()
    _logger.critical("A thread stopped", exc_info=(failure.exc_type, error, failure.exc_traceback))
