"""The log: one line a record on standard error, for people or as JSON, with no secret in it."""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
from functools import lru_cache
from typing import TYPE_CHECKING, TextIO

from bot.secret import Blotter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from bot.secret import Secret

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# They write every address they fetch, and the Bot API has the token in its addresses.
TALKATIVE = ("httpx", "httpcore")
# Logs a traceback and raises the same error, which its caller puts into a sentence.
RETRY_LOOP = "telegram.ext"

_logger = logging.getLogger(__name__)


@lru_cache(maxsize=2)  # many lines are of the same second
def _said(second: int, read: Callable[[float], time.struct_time], between: str = "T") -> str:
    return time.strftime(f"%Y-%m-%d{between}%H:%M:%S", read(second))


class BlottingFormatter(logging.Formatter):
    """Formats a record, traceback included, and then takes the secrets out of the whole text."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        super().__init__(FORMAT)
        self._blotted = Blotter(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """The record as text; one that cannot be formatted is shown in its parts."""
        try:
            return self._blotted(super().format(record))
        except (TypeError, ValueError, KeyError) as error:
            return self._blotted(_parts(record, error))

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802  # logging's name
        """As logging does, but worked out once a second."""
        return f"{_said(int(record.created), time.localtime, ' ')},{int(record.msecs):03}"


class JsonFormatter(logging.Formatter):
    """One object a line: `time` (UTC), `level`, `logger`, `message`, `trace`, and a record's facts.

    The facts are what a logging call gives as `extra={"facts": {...}}`: ours, and no secret.
    """

    def __init__(self, secrets: Iterable[Secret]) -> None:
        super().__init__()
        self._blotted = Blotter(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON, which stays JSON whatever is blotted."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError, KeyError) as error:
            message = _parts(record, error)
        entry: dict[str, object] = {
            "time": f"{_said(int(record.created), time.gmtime)}.{int(record.msecs):03}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": self._blotted(message),
        }
        if record.exc_info:
            entry["trace"] = self._blotted(self.formatException(record.exc_info))
        return json.dumps(entry | getattr(record, "facts", {}))


FORMATTERS: dict[str, type[BlottingFormatter | JsonFormatter]] = {
    "human": BlottingFormatter,
    "json": JsonFormatter,
}


def configure(
    level: str, secrets: Iterable[Secret], stream: TextIO | None = None, form: str = "human"
) -> None:
    """Send all logging, warnings and uncaught exceptions to the stream, without the secrets."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(FORMATTERS[form](secrets))
    # what no line of ours shows need not be found out for each one (docs.python.org/3/howto/logging
    # .html#optimization)
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
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


def _parts(record: logging.LogRecord, error: Exception) -> str:
    # logging itself would print the arguments to standard error as they are.
    return f"{record.name}: {record.msg!r} does not fit {record.args!r}: {error}"


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
