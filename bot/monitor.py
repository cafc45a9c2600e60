"""Monitor: a port of this machine where /healthz and /metrics say how the bot is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.config import SettingError
from bot.listener import Bare, Listener
from bot.secret import Blotter

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.config import Settings
    from bot.health import Health

    Said = tuple[int, str | bytes]  # a status and a text

HERE = "127.0.0.1"  # it is for whoever runs the bot
FORMAT = "text/plain; version=0.0.4; charset=utf-8"  # as Prometheus names its own


class Monitor:
    """Listens from before the first call to Telegram until the end."""

    def __init__(self, health: Health, settings: Settings, port: int) -> None:
        try:
            from bot.metrics import Metrics  # here, because only who is asked for it needs it
        except ImportError as error:
            raise SettingError(
                f"METRICS_PORT needs a package that is not installed ({error.name}); "
                "run pip install 'costcurve[metrics]'."
            ) from error
        metrics, blotted = Metrics(health), Blotter(settings.secrets)

        def healthy() -> Said:
            trouble = health.trouble()
            return (503, f"{blotted(trouble)}\n") if trouble else (200, "ok\n")

        self._listener = Listener(
            {
                "/healthz": (_Handler, {"say": healthy}),
                "/metrics": (_Handler, {"say": lambda: (200, metrics.text())}),
            }
        )
        self._port = port

    def open(self) -> None:
        """Listen; SettingError where that is not possible."""
        self._listener.open(HERE, self._port, "METRICS_PORT asks for")

    async def close(self) -> None:
        """Say no more."""
        await self._listener.close()


class _Handler(Bare):
    def initialize(self, say: Callable[[], Said]) -> None:
        self._say = say

    def get(self) -> None:
        status, text = self._say()
        self.set_status(status)
        self.set_header("Content-Type", FORMAT)
        self.set_header("Cache-Control", "no-store")
        self.finish(text)
