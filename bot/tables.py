"""Tables: the schema of the state, every statement on it, and the rows that these give."""

from __future__ import annotations

from typing import NamedTuple

# One tuple of statements for each version of the schema, applied in order; never changed
# afterwards. BIGINT, because ids exceed the 32 bits that other databases give an INTEGER.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE pictures (
            key TEXT NOT NULL, bot BIGINT NOT NULL, file_id TEXT NOT NULL, day TEXT NOT NULL,
            PRIMARY KEY (key, bot))""",
        "CREATE INDEX pictures_day ON pictures (day)",
    ),
    (
        # topic 0 is the whole chat
        """CREATE TABLE choices (
            chat BIGINT NOT NULL, topic BIGINT NOT NULL, said TEXT NOT NULL,
            PRIMARY KEY (chat, topic))""",
        # the newest edition that the chat was told of, or had when it subscribed
        """CREATE TABLE subscriptions (
            chat BIGINT PRIMARY KEY, topic BIGINT NOT NULL, edition BIGINT NOT NULL)""",
        "CREATE INDEX subscriptions_edition ON subscriptions (edition)",
        """CREATE TABLE editions (
            number BIGINT PRIMARY KEY, day TEXT NOT NULL, figures TEXT NOT NULL)""",
    ),
    (
        # updates by their ids; body is NULL once one is dealt with, received counts seconds
        """CREATE TABLE inbox (
            bot BIGINT NOT NULL, id BIGINT NOT NULL, chat BIGINT NOT NULL,
            received BIGINT NOT NULL, tries BIGINT NOT NULL, body TEXT,
            PRIMARY KEY (bot, id))""",
        "CREATE INDEX inbox_received ON inbox (received)",
        "CREATE INDEX inbox_left ON inbox (bot, id) WHERE body IS NOT NULL",
    ),
    # when a chat was told last, in seconds
    ("ALTER TABLE subscriptions ADD COLUMN told BIGINT NOT NULL DEFAULT 0",),
    # one chat's updates are looked for as well
    (
        "DROP INDEX inbox_left",
        "CREATE INDEX inbox_left ON inbox (bot, chat, id) WHERE body IS NOT NULL",
    ),
)
RECEIVE = """INSERT INTO inbox (bot, id, chat, received, tries, body)
    VALUES (:bot, :id, :chat, :received, 0, :body) ON CONFLICT (bot, id) DO NOTHING"""
LEFT = """SELECT bot, id, chat, received, tries, body FROM inbox
    WHERE bot = :bot AND body IS NOT NULL ORDER BY id"""
CHATS_LEFT = """SELECT chat, min(id) AS first FROM inbox
    WHERE bot = :bot AND body IS NOT NULL GROUP BY chat ORDER BY first LIMIT :most"""
NEXT = """SELECT bot, id, chat, received, tries, body FROM inbox
    WHERE bot = :bot AND chat = :chat AND id > :after AND body IS NOT NULL ORDER BY id LIMIT 1"""
TRY = "UPDATE inbox SET tries = tries + 1 WHERE bot = :bot AND id = :id"
SURVIVED = "UPDATE inbox SET tries = 0 WHERE bot = :bot AND id = :id"
DONE = "UPDATE inbox SET body = NULL WHERE bot = :bot AND id = :id"
FORGET_RECEIVED = "DELETE FROM inbox WHERE received < :before"
FORGET_TEXTS = "UPDATE inbox SET body = NULL"
SCHEMA = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name"
PAGES = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
FOUND = """SELECT *, (SELECT count(*) FROM sqlite_master)
    FROM pragma_application_id, pragma_user_version"""
PICTURE = "SELECT file_id FROM pictures WHERE key = :key AND bot = :bot"
KEEP_PICTURE = """INSERT INTO pictures (key, bot, file_id, day) VALUES (:key, :bot, :file_id, :day)
    ON CONFLICT (key, bot) DO UPDATE SET file_id = excluded.file_id, day = excluded.day"""
FORGET_PICTURE = "DELETE FROM pictures WHERE key = :key AND bot = :bot"
FORGET_OLD_PICTURES = "DELETE FROM pictures WHERE day <= :day"
CHOICES = "SELECT topic, said FROM choices WHERE chat = :chat"
CHOOSE = """INSERT INTO choices (chat, topic, said) VALUES (:chat, :topic, :said)
    ON CONFLICT (chat, topic) DO UPDATE SET said = excluded.said"""
UNCHOOSE = "DELETE FROM choices WHERE chat = :chat AND topic = :topic"
FORGET_CHOICES = "DELETE FROM choices WHERE chat = :chat"
SUBSCRIPTION = "SELECT topic FROM subscriptions WHERE chat = :chat"
SUBSCRIBE = """INSERT INTO subscriptions (chat, topic, edition)
    VALUES (:chat, :topic, (SELECT coalesce(max(number), 0) FROM editions))
    ON CONFLICT (chat) DO UPDATE SET topic = excluded.topic"""
UNSUBSCRIBE = "DELETE FROM subscriptions WHERE chat = :chat"
MOVES = (  # what the new chat has already stays
    """INSERT INTO choices SELECT :new, topic, said FROM choices WHERE chat = :old
        ON CONFLICT DO NOTHING""",
    """INSERT INTO subscriptions (chat, topic, edition, told)
        SELECT :new, topic, edition, told FROM subscriptions WHERE chat = :old
        ON CONFLICT DO NOTHING""",
)
EDITION = "SELECT number, day, figures FROM editions WHERE number = :number"
NEWEST = "SELECT number, day, figures FROM editions ORDER BY number DESC LIMIT 1"
PUBLISH = "INSERT INTO editions (number, day, figures) VALUES (:number, :day, :figures)"
FORGET_EDITIONS = """DELETE FROM editions WHERE number < :number
    AND number < (SELECT coalesce(min(edition), :number) FROM subscriptions)"""
WAITING = """SELECT chat, topic, edition, told FROM subscriptions
    WHERE edition < :number AND told <= :since ORDER BY edition, chat"""
CLAIM = """UPDATE subscriptions SET edition = :number, told = :told
    WHERE chat = :chat AND edition = :before"""
COUNTS = "SELECT (SELECT count(*) FROM subscriptions), (SELECT count(DISTINCT chat) FROM choices)"


class Sizes(NamedTuple):
    """How much the state keeps: bytes, subscriptions, and chats that have settings."""

    bytes: int
    subscriptions: int
    chats: int


class Edition(NamedTuple):
    """The figures as they once were: its number, the day it came out, and the figures as text.

    The first edition, of no day, is what there was before anything could change.
    """

    number: int
    day: str
    figures: str


class Waiting(NamedTuple):
    """A subscriber who has not been told of the newest edition, and the last one they had.

    `told` is when that was, in seconds.
    """

    chat: int
    topic: int
    edition: int
    told: int


class Letter(NamedTuple):
    """An update as Telegram handed it over: JSON, when it came in seconds, and how often tried."""

    bot: int
    id: int
    chat: int  # whose letters are dealt with in order
    received: int
    tries: int
    body: str
