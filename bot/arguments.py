"""What a kind is given without a sentence around it: a command's arguments, or a follow-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from bot.billed import BILLABLE, USED
from bot.capabilities import CAPABILITY
from bot.hearing import hear
from bot.lexicon import ANCHORS, DOMAIN, NEUTRAL, STOP, plain_stems
from bot.selling import MODEL, WHAT
from bot.titles import STUDIES, STUDY
from bot.understand import fill

if TYPE_CHECKING:
    from bot.hearing import Heard
    from bot.questions.base import Question, Unfinished
    from bot.slots import Mention
    from bot.vocabulary import Context


NAMING = (STUDY, STUDIES, CAPABILITY, MODEL, WHAT, USED, BILLABLE)


class Arguments(Struct, frozen=True):
    """The values read for a kind, and the words that could not be."""

    values: dict[str, Any]
    unread: tuple[str, ...]

    def same(self, asked: Unfinished) -> bool:
        """Whether just these values were given to the unfinished question."""
        return not self.unread and self.values == dict(asked.values)

    def missing(self, kind: type[Question]) -> tuple[str, ...]:
        return tuple(name for name in kind.required if name not in self.values)


def read_arguments(kind: type[Question], context: Context, *, commanded: bool = True) -> Arguments:
    """Values with their signs first, then what is left as bare values, field by field.

    Only a command is given its values so bare; of a follow-up only what names a study, a model or a
    level, and how many tokens.
    """
    if len(kind.required) == 1 and " " not in context.said.text:
        only = kind.required[0]
        value = dict(kind.slots)[only].bare(context.said.text, context)
        if value is not None:
            return Arguments({only: value}, ())
    heard = hear(context, kind)
    values, accepted = fill(kind, heard)
    rest = _rest(heard, [m for _, m in accepted], frozenset() if commanded else plain_stems())
    for name, kind_of_value in kind.slots:
        if rest and name not in values and (commanded or kind_of_value in NAMING):
            bare = kind_of_value.bare(rest, context)
            if bare is not None:
                values[name], rest = bare, ""
    in_order = {name: values[name] for name, _ in kind.slots if name in values}
    asking = {kind} if commanded else {k for k, *_ in heard.cues}
    return Arguments(in_order, () if kind.free else _telling(rest, heard, asking))


def _rest(heard: Heard, accepted: list[Mention[Any]], plain: frozenset[str]) -> str:
    """The message without the values accepted and without words that carry nothing."""
    text = list(heard.context.said.text)
    for mention in accepted:
        text[mention.start : mention.end] = " " * (mention.end - mention.start)
    for word in heard.words:
        if (
            (word.stem in STOP or word.stem in NEUTRAL or word.stem in plain)
            and not word.text.isdigit()
            and word.text not in "$#"
            and "-" not in text[max(0, word.start - 1) : word.start]  # the end of 'command-a'
        ):
            text[word.start : word.end] = " " * (word.end - word.start)
    return " ".join("".join(text).split()).strip(" ?!.,;:")


def _telling(rest: str, heard: Heard, asking: set[type[Question]]) -> tuple[str, ...]:
    cues = {
        w.text
        for k, _, start, end in heard.cues
        if k in asking
        for w in heard.context.said.between(start, end)
    }
    left = set(rest.replace(",", " ").split()) - cues
    return tuple(
        w.text
        for w in heard.words
        if w.text in left and w.stem not in DOMAIN and w.stem not in ANCHORS
    ) or tuple(t for t in rest.split() if any(c.isdigit() for c in t))
