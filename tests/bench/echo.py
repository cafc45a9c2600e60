"""Echo: the yardstick, a stock python-telegram-bot that polls and says each text again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from telegram.ext import ApplicationBuilder, MessageHandler, filters

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import ContextTypes


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Say it again."""
    if update.effective_message and update.effective_message.text:
        await update.effective_message.reply_text(update.effective_message.text)


def main() -> None:
    """Run as its documentation shows; ECHO_AT_ONCE updates are handled at the same time."""
    builder = (
        ApplicationBuilder()
        .token(os.environ["TELEGRAM_BOT_TOKEN"])
        .base_url(os.environ["TELEGRAM_API_URL"] + "/bot")
        .job_queue(None)
        .concurrent_updates(int(os.environ["ECHO_AT_ONCE"]))
    )
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling(bootstrap_retries=0)


if __name__ == "__main__":
    main()
