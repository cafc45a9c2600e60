"""Question: everything a person can ask is one, and every one has one spelling as a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self, cast, dataclass_transform

from msgspec import NODEFAULT, Struct, StructMeta
from msgspec.structs import replace

from knowledge.errors import NumberError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.answer import Answer, Block
    from bot.slots import Slot
    from knowledge.base import KnowledgeBase

MAX_COMMAND_BYTES = 48  # base64url of this fits a deep link (64), and this a button (64)


class _Field(NamedTuple):
    """A field of a question, until its class is made."""

    slot: Slot[Any]
    default: Any


def slot(kind: Slot[Any], *, default: Any = NODEFAULT) -> Any:
    """A field that is read from and said as `kind`; without a default it must be given."""
    return _Field(kind, default)


class Kind(StructMeta):
    """Makes a class a kind of question: its fields are said and read by their slots."""

    def __new__(
        cls, name: str, bases: tuple[type, ...], members: dict[str, Any], **options: Any
    ) -> Kind:
        """TypeError at once when a field has no slot, and the kind no spelling of its own."""
        own = {key: value for key, value in members.items() if isinstance(value, _Field)}
        for key, declared in own.items():
            del members[key]
            if declared.default is not NODEFAULT:
                members[key] = declared.default
        kind = super().__new__(cls, name, bases, members, kw_only=True, **options)
        made = cast("type[Question]", kind)
        said = dict(made.slots) | {key: declared.slot for key, declared in own.items()}
        fields = set(made.__struct_fields__)
        if untyped := said.keys() - fields:
            raise TypeError(f"{name}.{min(untyped)} is no field: say its type")
        if (unsaid := fields - said.keys()) and made.as_command is Question.as_command:
            raise TypeError(f"{name}.{min(unsaid)} has no slot: declare it with slot(...)")
        made.slots = tuple(said.items())
        given = [key for key in made.required if key not in own]
        made.required = (*given, *(key for key in own if key not in members))
        made.reads = frozenset(said.values())
        made.telling = frozenset(slot for key, slot in said.items() if key in made.bare)
        return made


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(slot,))
class Question(Struct, metaclass=Kind, frozen=True):
    """A kind of question. Subclasses are frozen records whose fields are slots.

    `cues` are groups of words; a group counts once however many of its words are said, and only
    the first group speaks for the kind without a value. `bare` names the slots whose values alone,
    without any cue, mean this kind. `examples` are tests.
    """

    command: ClassVar[str]
    usage: ClassVar[str] = ""
    summary: ClassVar[str]
    cues: ClassVar[tuple[str, ...]] = ()
    bare: ClassVar[tuple[str, ...]] = ()
    along: ClassVar[tuple[str, ...]] = ()  # slots that may come along with a bare one
    examples: ClassVar[tuple[str, ...]] = ()
    free: ClassVar[bool] = False  # words beside the values are no mistake in its command
    chatter: ClassVar[bool] = False  # goes unanswered beside anything else that is asked
    market: ClassVar[bool] = False  # whether it speaks of what tokens are sold for
    listed: ClassVar[bool] = True  # in the command menu and the help
    charted: ClassVar[bool] = False  # whether `bot.pictures` has pictures of its kind
    slots: ClassVar[tuple[tuple[str, Slot[Any]], ...]] = ()  # the fields, as a command says them
    required: ClassVar[tuple[str, ...]] = ()  # the fields that must be given
    reads: ClassVar[frozenset[Slot[Any]]] = frozenset()  # the slots alone
    telling: ClassVar[frozenset[Slot[Any]]] = frozenset()  # the slots of the `bare` fields

    @classmethod
    def alone(cls, values: Mapping[str, Any]) -> bool:
        """Whether these values, without any cue, mean this kind."""
        return any(name in cls.bare for name in values) and all(
            name in cls.bare or name in cls.along for name in values
        )

    @classmethod
    def told(cls, values: Mapping[str, Any]) -> bool:
        """Whether these values mean this kind beside a cue of a group after the first."""
        return bool(values)

    @classmethod
    def plain(cls, values: Mapping[str, Any]) -> bool:
        """Whether these values mean this kind whatever else is said."""
        return False

    @classmethod
    def whole(cls, values: Mapping[str, Any]) -> bool:
        """Whether these values, without any cue, are a question in full that follows up nothing.

        Most are as good as an answer: 'gpt-4o' after another model's price in 2023.
        """
        return False

    @classmethod
    def check(cls, values: Mapping[str, Any]) -> None:
        """Raises NumberError where these values are impossible, whatever is still lacking."""

    @classmethod
    def offered(cls, missing: str, values: Mapping[str, Any], kb: KnowledgeBase) -> dict[str, Any]:
        """What the missing field may be beside these values, by label; {} where that is open."""
        return {}

    @property
    def wants(self) -> str | None:
        """The field that its answer asks for, if it does: a bare value that follows is that."""
        return None

    @property
    def pictured(self) -> bool:
        """Whether there is a picture of it, where there are pictures of its kind."""
        return True

    def computed_from(self, kb: KnowledgeBase) -> KnowledgeBase:
        """The knowledge base that it is answered from: on the series that it names, if any.

        Raises NumberError where that series is not there any more.
        """
        series: str | None = getattr(self, "series", None)
        if series is None:
            return kb
        if series not in {own.id for own in kb.own_series()}:
            raise NumberError(
                f"the series {series} is not here any more; /series lists those that are"
            )
        return kb.on(series)

    def answer(self, kb: KnowledgeBase) -> Answer:
        """The answer from the knowledge base. Raises NumberError when there is no such number."""
        raise TypeError(f"{type(self).__name__} must say how it is answered")

    def caption(self, kb: KnowledgeBase) -> Answer:
        """The answer as it stands under a picture: all its numbers, in few words."""
        return self.answer(kb)

    def brief(self, answer: Answer, kb: KnowledgeBase) -> tuple[Block, ...]:
        """What of its answer stays where short ones are wanted."""
        return tuple(block for block in answer.blocks if not block.detail)

    def followed(self, values: Mapping[str, Any]) -> Self:
        """This question with other values, as a follow-up asks it."""
        return replace(self, **values)

    def times(self, number: float) -> Self | None:
        """This question of so many times as much; None where it is of no amount."""
        return None

    def as_command(self) -> str:
        """The one spelling: understanding it gives this question again."""
        return spelled(type(self), {f: getattr(self, f) for f, _ in self.slots})


class Unfinished(Struct, frozen=True):
    """A question that lacks a value, with those that were given; what is said next may add it."""

    kind: type[Question]
    values: tuple[tuple[str, Any], ...]
    missing: str
    chatter: ClassVar[bool] = False

    def as_command(self) -> str:
        return spelled(self.kind, dict(self.values))

    def with_value(self, said: str) -> str:
        """The command of the finished question, the missing value as people would write it."""
        command = f"/{self.kind.command}"
        return f"{command} {said}{self.as_command().removeprefix(command)}"


Asked = Question | Unfinished


def spelled(kind: type[Question], values: Mapping[str, Any]) -> str:
    """The command line of a kind with these values; None stands for none."""
    given = [(s, value) for f, s in kind.slots if (value := values.get(f)) is not None]
    full = " ".join([f"/{kind.command}", *(s.say(value) for s, value in given)])
    if len(full.encode()) <= MAX_COMMAND_BYTES:
        return full
    brief = (s.brief(value) if s.brief else s.say(value) for s, value in given)
    return " ".join([f"/{kind.command}", *brief])
