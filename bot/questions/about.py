"""What the bot is and how to use it: start, help, about, privacy, and what it can't answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answer import Answer, Block, Choice, line
from bot.manner import ELSEWHERE, FOREIGN
from bot.questions.base import Question, slot

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase

STARTERS = (
    Choice("Cost in 2023", "/cost 2023"),
    Choice("Cheaper since 2020?", "/decline 2020 2025"),
    Choice("Cost in 2030?", "/project 2030"),
    Choice("Compare studies", "/compare"),
)
TRY = "Try: “what did a call cost in 2023?”, “cost in 2030?”, “2M tokens a day on gpt-4o”"
SCOPE = (
    "I answer what AI inference cost in a year, how fast that falls, where it goes, what studies"
    " and published estimates say of inference, training, algorithms and hardware, what models cost"
    " at list price, and what your tokens come to."
)


class Start(Question):
    command = "start"
    summary = "what this bot is for"
    chatter = True
    cues = (
        """
        hi, hello, hey, hiya, good morning, good evening, good afternoon, greetings, howdy, hola,
        what's up, whats up, sup, evening, morning
        """,
    )
    examples = ("/start", "hello", "hey there")

    def answer(self, kb: KnowledgeBase) -> Answer:
        series = kb.series()
        return Answer(
            "What does AI cost, and how fast does it fall?",
            (
                line(SCOPE),
                line(
                    f"The costs are the table of one blog post, {series.first_year} to"
                    f" {series.last_year}, which names no source: ask /sources how far to trust"
                    " it. List prices are the market's: /series."
                ),
                line(TRY),
                line("All commands: /help"),
            ),
            choices=STARTERS,
        )


class Help(Question):
    command = "help"
    summary = "all commands"
    cues = (
        """
        help, commands, menu, what can you do, what can you answer, what do you do, what do you
        know, how do i use, how does this work, how do you work, instructions, options, examples,
        capabilities, what sort of questions, what questions, what kind of questions, i'm lost, im
        lost, confused, what can i ask, usage
        """,
    )
    examples = ("/help", "what can you do", "which commands are there?")

    def answer(self, kb: KnowledgeBase) -> Answer:
        from bot.menu import MENU

        lines = [
            line(" ".join(filter(None, [f"/{k.command}", k.usage])), f": {k.summary}") for k in MENU
        ]
        return Answer(
            "Ask in your own words about costs, forecasts, prices, bills and studies or by command",
            (*lines, line(TRY)),
            choices=STARTERS,
        )


class Ask(Question):
    command = "ask"
    usage = "<question>"
    summary = "a question in your own words (in groups)"
    examples = ("/ask",)

    def answer(self, kb: KnowledgeBase) -> Answer:
        return Answer("Ask away", (line(SCOPE), line(TRY)), choices=STARTERS, outcome="asked")


class About(Question):
    command = "about"
    summary = "what this is and how it works"
    cues = (
        """
        who are you, what are you, are you chatgpt, are you gpt, are you a, are you an, is this
        chatgpt, an llm, llm behind, hallucinate, about you, about this bot, are you a bot, are you
        human, are you ai, open source, source code, licence, license, who made you, who built you,
        language model, a human, human, a robot, what is this bot, what is this thing, which
        version, your version, who made this bot
        """,
    )
    examples = ("/about", "who are you?", "are you open source")

    def answer(self, kb: KnowledgeBase) -> Answer:
        blocks: tuple[Block, ...] = (
            line(
                "It reads your question, looks figures up in a small database and computes the"
                " rest; there is no language model in it, so the same question gets the same"
                " numbers."
            ),
            line("Every answer with figures ends with its source and a link that asks it again."),
            line("Free software under the MIT licence."),
            line(f"Data version {kb.version}."),
        )
        return Answer(
            "Costcurve answers what AI costs and where that goes",
            blocks,
            choices=(
                Choice("Sources", "/sources"),
                Choice("Privacy", "/privacy"),
                Choice("Help", "/help"),
            ),
        )


class Privacy(Question):
    command = "privacy"
    summary = "what is kept of what you write"
    cues = (
        """
        privacy, private, personal data, gdpr, do you store, do you keep, do you save, do you log,
        my data, my messages, delete my, know about me, know of me, save my, keep my, store my, log
        my, other users see, can others see, can other people see, see what i ask, logging this, my
        chats, my questions, data safe, logging, log this, who can read, remember me, tracking,
        track me
        """,
    )
    examples = ("/privacy", "do you store my messages?")

    def answer(self, kb: KnowledgeBase) -> Answer:
        return self.answer_keeping(0)

    def answer_keeping(self, days: int) -> Answer:
        """The answer of a bot that keeps what it did not understand for so many days."""
        kept = line(
            f"The beginning of a message that I don't understand is kept for {days} days with its"
            " date, but without your name or chat, so that whoever runs this bot can improve it."
            " Then it is deleted."
        )
        return Answer(
            f"Only what I don't understand is stored, for {days} days"
            if days
            else "Nothing you write is kept once it is answered",
            (
                *([kept] if days else []),
                line(
                    "On Telegram a message waits in my database until it is answered, so that none"
                    " is lost, and a day at most; then its text is deleted, and after that day"
                    " its number."
                ),
                line(
                    "Kept under a chat's number: what it has chosen in /settings, and of a"
                    " subscription its topic and the last change it was told of. /forget deletes"
                    " both, and so does removing or blocking me."
                ),
                line(
                    "In memory only: for ten minutes the last question of each person in a chat,"
                    " so that “and 2022?” can be understood; of the last answers which message"
                    " each one answers, so that an edit can change it; and, without who wrote"
                    " them, the commands that were asked or that a question comes to, and their"
                    " answers, until the bot restarts."
                ),
                line(
                    "Of a picture that was sent, Telegram's id for it is kept for a year, without"
                    " who asked, so that it need not be drawn again."
                ),
                line(
                    "Logs name errors, and of each update its number, the kind of question and what"
                    " came of it, never messages or people. Only a chat in a terminal keeps a"
                    " history, and its pictures and files, on that machine."
                ),
            ),
            choices=(Choice("About", "/about"),),
        )


class Outside(Question):
    """A company's figures, a subscription, another currency: next to the subject only."""

    command = "outside"
    summary = "what cannot be answered"
    listed = False
    cues = (
        """
        subscription, share price, stock price, stock market, market cap, revenue, salary, write
        me, write a, write an, poem, essay
        """,
    )
    bare = ("elsewhere", "foreign")
    examples = (
        "/outside",
        "how much does openai earn",
        "chatgpt plus subscription",
        "€500 a month on gpt-4o",
    )

    elsewhere: str | None = slot(ELSEWHERE, default=None)
    foreign: str | None = slot(FOREIGN, default=None)

    def answer(self, kb: KnowledgeBase) -> Answer:
        if self.foreign:
            return Answer(
                "Prices here are in US dollars only",
                (line("No exchange rates are known here: say it in dollars, such as $500."),),
                choices=STARTERS,
                outcome="refused",
            )
        return Answer(
            "I have no figures of companies, shares or subscriptions",
            (
                line(
                    "I know what inference cost by the post's illustrative table, and the list"
                    " prices of models per million tokens."
                ),
            ),
            choices=STARTERS,
            outcome="refused",
        )
