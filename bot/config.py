"""Settings: what the environment and a .env file say, checked once, at the start."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import Struct

from bot.secret import Secret as Secret
from bot.secret import passwords

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

API_URL = "https://api.telegram.org"
SQLITE = "sqlite:///"
POSTGRES = ("postgresql://", "postgres://")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOG_FORMATS = ("human", "json")


class SettingError(ValueError):
    """One sentence for the person who starts the bot: which variable is wrong and what to do."""


def _bot_token(text: str) -> Secret:
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]{30,}", text):
        raise ValueError(
            "is not a bot token; copy the whole line that @BotFather gave you, "
            "digits, a colon and 35 characters"
        )
    return Secret(text)


def _url(text: str, *schemes: str) -> str:
    try:
        parts = urlsplit(text)
        known = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a broken host, or a port above 65535
        known = False
    if not known:
        beginnings = " or ".join(f"{scheme}://" for scheme in schemes)
        raise ValueError(f"is not an address that begins with {beginnings}")
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("must not have a '?', '#' or '@' part")
    return text.rstrip("/")


def _api_url(text: str) -> str:
    # Self-hosted Bot API servers speak plain HTTP, so it is allowed here.
    return _url(text, "https", "http")


def _webhook_url(text: str) -> str:
    local = urlsplit(text).hostname in {"localhost", "127.0.0.1", "::1"}
    return _url(text, "https", "http") if local else _url(text, "https")


def _webhook_secret(text: str) -> Secret:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", text):
        raise ValueError("may only hold 1 to 256 letters, digits, '_' and '-'")
    return Secret(text)


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise ValueError(f"is {text!r}; give a port number from 1 to 65535")
    return int(text)


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise ValueError(f"is {text!r}; give a whole number, 0 for no limit")
    return int(text)


def _log_level(text: str) -> str:
    if text.upper() not in LOG_LEVELS:
        raise ValueError(f"is {text!r}; give one of {', '.join(LOG_LEVELS)}")
    return text.upper()


def _log_format(text: str) -> str:
    if text.lower() not in LOG_FORMATS:
        raise ValueError(f"is {text!r}; give one of {', '.join(LOG_FORMATS)}")
    return text.lower()


def _people(text: str) -> frozenset[int]:
    if not re.fullmatch(r"[0-9]{1,15}(\s*,\s*[0-9]{1,15})*", text):
        raise ValueError("must hold the numbers of Telegram accounts, with commas between them")
    return frozenset(map(int, text.split(",")))


def _path(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise ValueError(
            "begins with '~', but there is no home folder; give a whole path"
        ) from None


def _state_url(text: str) -> Secret:
    if text == SQLITE or ("://" in text and not text.startswith((SQLITE, *POSTGRES))):
        raise ValueError(
            f"is neither the path of a file, nor {SQLITE} and such a path, "
            f"nor an address that begins with {POSTGRES[0]}"
        )
    return Secret(text)


VARIABLES: dict[str, tuple[str, Callable[[str], object]]] = {
    "TELEGRAM_BOT_TOKEN": ("token", _bot_token),
    "TELEGRAM_API_URL": ("api_url", _api_url),
    "WEBHOOK_URL": ("webhook_url", _webhook_url),
    "WEBHOOK_SECRET": ("webhook_secret", _webhook_secret),
    "WEBHOOK_LISTEN": ("webhook_listen", str),
    "WEBHOOK_PORT": ("webhook_port", _port),
    "LOG_LEVEL": ("log_level", _log_level),
    "LOG_FORMAT": ("log_format", _log_format),
    "METRICS_PORT": ("metrics_port", _port),
    "COSTCURVE_KNOWLEDGE": ("knowledge", _path),
    "COSTCURVE_DATA": ("data", _path),
    "KEEP_MISSES": ("keep_misses", _path),
    "STATE_URL": ("state_url", _state_url),
    "ANSWERS_PER_MINUTE": ("answers_per_minute", _number),
    "ADMIN_IDS": ("admins", _people),
}
"""Each variable: the field of Settings it sets, and how its text is read."""


class Settings(Struct, frozen=True):
    """Everything that can be set; there is nothing else to set."""

    token: Secret | None = None
    api_url: str = API_URL
    webhook_url: str | None = None
    webhook_secret: Secret | None = None
    webhook_listen: str = "127.0.0.1"
    webhook_port: int = 8080
    log_level: str | None = None
    log_format: str = "human"
    metrics_port: int | None = None
    knowledge: Path | None = None
    data: Path | None = None
    keep_misses: Path | None = None
    state_url: Secret | None = None  # it may hold a password
    answers_per_minute: int = 20
    admins: frozenset[int] = frozenset()

    @classmethod
    def load(cls, environ: Mapping[str, str], dotenv: Path | None = None) -> Settings:
        """Read the variables, the environment before the file; an empty one counts as not set."""
        said = {**_from_file(dotenv), **{name: text for name, text in environ.items() if text}}
        values: dict[str, Any] = {}
        for variable, (name, read) in VARIABLES.items():
            text = said.get(variable, "").strip()
            if text:
                values[name] = _read(variable, read, text)
        settings = cls(**values)
        settings._check_webhook()
        return settings

    @property
    def base_url(self) -> str:
        """The address in front of the token, as python-telegram-bot wants it."""
        return f"{self.api_url}/bot"

    @property
    def base_file_url(self) -> str:
        """The same for downloads."""
        return f"{self.api_url}/file/bot"

    @property
    def secret_token(self) -> Secret:
        """What Telegram must send along with every webhook call: as set, or made from the token."""
        if self.webhook_secret is not None:
            return self.webhook_secret
        import hmac  # brings OpenSSL, which only the webhook needs

        key = self.require_token().reveal().encode()
        return Secret(hmac.new(key, b"costcurve webhook", "sha256").hexdigest())

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """All that must not be shown, wherever it might be quoted."""
        made = [self.secret_token] if self.token else []
        address = self.state_url.reveal() if self.state_url else ""
        known = [self.token, self.webhook_secret, *made, *passwords(address)]
        return tuple(secret for secret in known if secret)

    def require_token(self) -> Secret:
        """The token, or the sentence that asks for it."""
        if self.token is None:
            raise SettingError(
                "TELEGRAM_BOT_TOKEN is not set; put the token that @BotFather gave you "
                "into the environment or into .env."
            )
        return self.token

    def require_webhook_url(self) -> str:
        """The webhook's public address, or the sentence that asks for it."""
        if self.webhook_url is None:
            raise SettingError(
                "WEBHOOK_URL is not set; give the public https:// address "
                "that Telegram shall send updates to."
            )
        return self.webhook_url

    def require_keep_misses(self) -> Path:
        """The file of what was not understood, or the sentence that says how to have one."""
        if self.keep_misses is None:
            raise SettingError(
                "KEEP_MISSES is not set, so nothing is kept; give the path of a file, "
                "and the bot keeps in it what it does not understand."
            )
        return self.keep_misses

    def _check_webhook(self) -> None:
        token, url = self.token, self.webhook_url
        if token and url and token.reveal().partition(":")[2] in url:
            raise SettingError(
                "WEBHOOK_URL holds the bot token, which would end up in logs; "
                "use any other path, since a secret header protects the webhook."
            )


def _read(variable: str, read: Callable[[str], object], text: str) -> object:
    try:
        return read(text)
    except ValueError as error:
        raise SettingError(f"{variable} {error}.") from None  # the cause could hold the value


def _from_file(path: Path | None) -> dict[str, str]:
    try:
        if path is None or not path.is_file():
            return {}
        from dotenv import dotenv_values  # loaded only when there is a file to read

        return {name: text for name, text in dotenv_values(path).items() if text}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{path} cannot be read as UTF-8 text: {error}.") from None
