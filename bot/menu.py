"""Menu: the commands there are, and those that people see, by what they want most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.questions import BY_COMMAND
from bot.questions.about import About, Ask, Help, Privacy, Start
from bot.questions.backtest import Backtest
from bot.questions.bill import Bill
from bot.questions.budget import Budget
from bot.questions.capability import Capability
from bot.questions.chat import ChatSettings, Forget, Subscribe, Unsubscribe
from bot.questions.check import Check
from bot.questions.cite import Cite
from bot.questions.compare import Compare
from bot.questions.cost import Cost
from bot.questions.decline import Decline
from bot.questions.halving import Halving
from bot.questions.price import Price
from bot.questions.project import Project
from bot.questions.scorecard import Scorecard
from bot.questions.series import Series
from bot.questions.sources import Sources
from bot.questions.studies import Studies
from bot.questions.study import Study
from bot.questions.when import When
from bot.views import VIEWS, Chart, Why

if TYPE_CHECKING:
    from bot.questions.base import Question

COMMANDS: dict[str, type[Question]] = {**BY_COMMAND, **VIEWS}
MENU: tuple[type[Question], ...] = (
    Cost,
    Price,
    Bill,
    Decline,
    Project,
    When,
    Halving,
    Budget,
    Capability,
    Studies,
    Study,
    Compare,
    Check,
    Scorecard,
    Backtest,
    Chart,
    Why,
    Cite,
    Series,
    Sources,
    Ask,
    Help,
    About,
    ChatSettings,
    Subscribe,
    Unsubscribe,
    Privacy,
    Forget,
    Start,
)


def closest(name: str) -> str | None:
    """The listed command that a mistyped one is nearly the same as, if there is one."""
    from difflib import get_close_matches  # here, because commands are seldom mistyped

    listed = [command for command, kind in COMMANDS.items() if kind.listed]
    return next(iter(get_close_matches(name, listed, 1, 0.75)), None)
