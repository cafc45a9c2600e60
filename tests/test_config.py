"""Settings: what is read, what is refused and in which words, and that secrets stay secret."""

from __future__ import annotations

import copy
import pickle
import re
from pathlib import Path

import pytest

from bot.config import VARIABLES, Secret, SettingError, Settings
from bot.secret import Blotter

TOKEN = "123456:AbCdEfGhIjKlMnOpQrStUvWxYz012345678"  # noqa: S105  # shaped like one, opens nothing
ROOT = Path(__file__).parents[1]


def test_nothing_set_means_the_defaults() -> None:
    """Without any variable the bot has no token, and everything else has a working value."""
    settings = Settings.load({})
    assert settings == Settings()
    assert settings.token is None
    assert settings.base_url == "https://api.telegram.org/bot"


def test_every_variable_sets_its_field() -> None:
    """Each variable of the table is read, converted, and lands in its own field."""
    settings = Settings.load(
        {
            "TELEGRAM_BOT_TOKEN": f" {TOKEN} ",
            "TELEGRAM_API_URL": "http://bots.example:8081/",
            "WEBHOOK_URL": "https://bot.example/hook",
            "WEBHOOK_SECRET": "shh_1-2",
            "WEBHOOK_LISTEN": "0.0.0.0",  # noqa: S104  # only a text here
            "WEBHOOK_PORT": "9000",
            "LOG_LEVEL": "debug",
            "LOG_FORMAT": "JSON",
            "METRICS_PORT": "9100",
            "COSTCURVE_KNOWLEDGE": "/data/k.sqlite3",
            "KEEP_MISSES": "/data/m.sqlite3",
            "STATE_URL": "sqlite:///data/s.sqlite3",
            "ANSWERS_PER_MINUTE": "7",
            "ADMIN_IDS": "5000000001, 12",
        }
    )
    assert settings == Settings(
        token=Secret(TOKEN),
        api_url="http://bots.example:8081",
        webhook_url="https://bot.example/hook",
        webhook_secret=Secret("shh_1-2"),
        webhook_listen="0.0.0.0",  # noqa: S104  # only a text here
        webhook_port=9000,
        log_level="DEBUG",
        log_format="json",
        metrics_port=9100,
        knowledge=Path("/data/k.sqlite3"),
        keep_misses=Path("/data/m.sqlite3"),
        state_url=Secret("sqlite:///data/s.sqlite3"),
        answers_per_minute=7,
        admins=frozenset({5000000001, 12}),
    )
    assert settings.base_url == "http://bots.example:8081/bot"
    assert settings.base_file_url == "http://bots.example:8081/file/bot"


def test_an_empty_variable_is_not_set() -> None:
    """Container tools pass empty variables for missing ones; they mean the default."""
    assert Settings.load(dict.fromkeys(VARIABLES, "")) == Settings()
    assert Settings.load(dict.fromkeys(VARIABLES, "  ")) == Settings()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """The .env file holds the usual values; a variable set for one run overrides it."""
    dotenv = tmp_path / ".env"
    dotenv.write_text(f"LOG_LEVEL=ERROR\nTELEGRAM_BOT_TOKEN='{TOKEN}'\nWEBHOOK_PORT=\n")
    settings = Settings.load({"LOG_LEVEL": "INFO"}, dotenv)
    assert (settings.log_level, settings.token) == ("INFO", Secret(TOKEN))


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    """An unreadable .env is one sentence with its path, not a traceback."""
    dotenv = tmp_path / ".env"
    dotenv.write_bytes(b"LOG_LEVEL=\xff\xfe\n")
    with pytest.raises(SettingError, match=re.escape(str(dotenv))):
        Settings.load({}, dotenv)


@pytest.mark.parametrize(
    ("variable", "value", "remedy"),
    [
        ("TELEGRAM_BOT_TOKEN", "hello", "@BotFather"),
        ("TELEGRAM_BOT_TOKEN", TOKEN + "\nx", "@BotFather"),
        ("TELEGRAM_API_URL", "api.telegram.org", "https://"),
        ("TELEGRAM_API_URL", "ftp://x.example", "https:// or http://"),
        ("TELEGRAM_API_URL", "https://x.example/?a=1", "'?'"),
        ("TELEGRAM_API_URL", "https://me:pass@x.example", "'@'"),
        ("WEBHOOK_URL", "http://bot.example/hook", "https://"),
        ("WEBHOOK_URL", "https://bot.example/#x", "'#'"),
        ("WEBHOOK_SECRET", "not allowed!", "letters"),
        ("WEBHOOK_SECRET", "x" * 257, "256"),
        ("WEBHOOK_PORT", "0", "1 to 65535"),
        ("WEBHOOK_PORT", "65536", "1 to 65535"),
        ("WEBHOOK_PORT", "http", "1 to 65535"),
        ("WEBHOOK_PORT", "٣", "1 to 65535"),
        ("LOG_LEVEL", "loud", "DEBUG, INFO"),
        ("LOG_FORMAT", "xml", "human, json"),
        ("METRICS_PORT", "70000", "1 to 65535"),
        ("ADMIN_IDS", "@ann", "numbers"),
        ("KEEP_MISSES", "~nobody-has-this-name/x", "a whole path"),
        ("ADMIN_IDS", "1,,2", "numbers"),
        ("STATE_URL", "mysql://me:pass@x.example/db", "sqlite:///"),
        ("STATE_URL", "sqlite://relative", "sqlite:///"),
        ("STATE_URL", "sqlite:///", "a path"),
    ],
)
def test_a_wrong_value_names_the_variable_and_the_remedy(
    variable: str, value: str, remedy: str
) -> None:
    """Each refusal is one sentence that begins with the variable and says what to give."""
    with pytest.raises(SettingError) as caught:
        Settings.load({variable: value})
    sentence = str(caught.value)
    assert sentence.startswith(f"{variable} ")
    assert remedy in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_wrong_secret_is_not_quoted() -> None:
    """A mistyped secret is still one: the refusal and its cause do not hold it."""
    nearly = TOKEN.replace(":", ";")
    with pytest.raises(SettingError) as caught:
        Settings.load({"TELEGRAM_BOT_TOKEN": nearly})
    assert nearly not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_a_webhook_on_this_machine_may_be_plain(host: str) -> None:
    """Only the machine itself may be called without TLS."""
    assert Settings.load({"WEBHOOK_URL": f"http://{host}:9/x"}).webhook_url == f"http://{host}:9/x"


def test_the_token_may_not_stand_in_the_webhook_address() -> None:
    """Addresses end up in the logs of proxies, so the token is refused there."""
    url = f"https://bot.example/{TOKEN}"
    with pytest.raises(SettingError, match="WEBHOOK_URL holds the bot token") as caught:
        Settings.load({"TELEGRAM_BOT_TOKEN": TOKEN, "WEBHOOK_URL": url})
    assert TOKEN not in str(caught.value)


def test_the_webhook_secret_comes_from_the_token_unless_set() -> None:
    """The default secret is stable, legal, different for each token, and does not show it."""
    made = Settings(token=Secret(TOKEN)).secret_token
    assert made == Settings(token=Secret(TOKEN)).secret_token
    assert made != Settings(token=Secret(TOKEN[:-1] + "9")).secret_token
    assert re.fullmatch(r"[0-9a-f]{64}", made.reveal())
    assert Settings(token=Secret(TOKEN), webhook_secret=Secret("own")).secret_token == Secret("own")


def test_what_a_mode_needs_is_asked_for_by_name() -> None:
    """A mode without its setting says which variable is missing."""
    with pytest.raises(SettingError, match=r"^TELEGRAM_BOT_TOKEN is not set"):
        Settings().require_token()
    with pytest.raises(SettingError, match=r"^WEBHOOK_URL is not set"):
        Settings().require_webhook_url()
    with pytest.raises(SettingError, match=r"^KEEP_MISSES is not set"):
        Settings().require_keep_misses()


def test_a_secret_never_shows() -> None:
    """No usual way to print, copy out or look into a secret shows its value."""
    secret = Secret("very-secret")
    settings = Settings(token=secret)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret:>30}", "%s %r" % (secret, secret)]  # noqa: UP031  # logging formats this way
    shown += [repr(settings), str(settings), repr([secret]), repr(copy.deepcopy(settings))]
    assert not [text for text in shown if "very-secret" in text]
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert secret.reveal() == "very-secret"


PASSWORDS = [
    ("postgresql://me:p%40ss-word@db.example/costcurve", ["p%40ss-word", "p@ss-word"]),
    ("postgresql://db.example/costcurve?user=me&password=p%40ss", ["p@ss"]),
    ("postgresql://me@db.example/costcurve", []),
    ("sqlite:////data/a:b@c.sqlite3", []),
    ("/data/state.sqlite3", []),
    ("postgresql://[half", []),
]


@pytest.mark.parametrize(("url", "secret"), PASSWORDS)
def test_a_password_in_an_address_is_a_secret(url: str, secret: list[str]) -> None:
    """As it is written and as it is meant; and the settings do not show it."""
    found = {made.reveal() for made in Settings(state_url=Secret(url)).secrets}
    assert found == set(secret)
    assert not [text for text in secret if text in repr(Settings(state_url=Secret(url)))]
    blotted = Blotter(Settings(state_url=Secret(url)).secrets)(
        f"cannot connect to {url!r}: {secret}"
    )
    assert not [text for text in secret if text in blotted]


def test_all_secrets_are_known() -> None:
    """The token, the webhook's secret as set, and the one that would be made of the token."""
    settings = Settings(token=Secret(TOKEN), webhook_secret=Secret("own"))
    assert {secret.reveal() for secret in settings.secrets} == {TOKEN, "own"}
    made = Settings(token=Secret(TOKEN))
    assert made.secret_token in made.secrets


def test_a_secret_compares_by_value() -> None:
    """Two secrets are equal when their values are, and a plain text is never one."""
    assert Secret("a") == Secret("a")
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2
    assert Secret("a") != "a"


def test_the_example_file_names_exactly_the_variables() -> None:
    """.env.example has every variable once, in order, each with a comment above it, all empty."""
    introduction, *blocks = (ROOT / ".env.example").read_text().strip().split("\n\n")
    assert all(line.startswith("# ") for line in introduction.splitlines())
    names = []
    for block in blocks:
        *comments, assignment = block.splitlines()
        assert comments
        assert all(line.startswith("# ") for line in comments)
        names.append(assignment)
    assert names == [f"{name}=" for name in VARIABLES]
