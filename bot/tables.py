"""Tables: the schema of the state, and every statement on it."""

from __future__ import annotations

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
)
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
    """INSERT INTO subscriptions SELECT :new, topic, edition FROM subscriptions WHERE chat = :old
        ON CONFLICT DO NOTHING""",
)
EDITION = "SELECT number, day, figures FROM editions WHERE number = :number"
NEWEST = "SELECT number, day, figures FROM editions ORDER BY number DESC LIMIT 1"
PUBLISH = "INSERT INTO editions (number, day, figures) VALUES (:number, :day, :figures)"
FORGET_EDITIONS = """DELETE FROM editions WHERE number < :number
    AND number < (SELECT coalesce(min(edition), :number) FROM subscriptions)"""
WAITING = """SELECT chat, topic, edition FROM subscriptions WHERE edition < :number
    ORDER BY edition, chat"""
CLAIM = """UPDATE subscriptions SET edition = :number WHERE chat = :chat AND edition = :before"""
