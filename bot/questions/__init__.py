"""All kinds of question. Their order breaks ties."""

from bot.questions.about import About, Ask, Help, Outside, Privacy, Start
from bot.questions.backtest import Backtest
from bot.questions.base import Question
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
from bot.questions.manners import NeverMind, Thanks
from bot.questions.price import Price
from bot.questions.project import Project
from bot.questions.scorecard import Scorecard
from bot.questions.series import Series
from bot.questions.sources import Sources
from bot.questions.studies import Studies
from bot.questions.study import Study
from bot.questions.when import When

QUESTIONS: tuple[type[Question], ...] = (
    ChatSettings,
    Unsubscribe,
    Subscribe,
    Forget,
    Capability,
    Study,
    Studies,
    Cite,
    Compare,
    Check,
    Decline,
    Halving,
    When,
    Budget,
    Cost,
    Price,
    Bill,
    Project,
    Scorecard,
    Backtest,
    About,
    Series,
    Sources,
    Ask,
    Thanks,
    NeverMind,
    Help,
    Privacy,
    Start,
    Outside,
)
BY_COMMAND: dict[str, type[Question]] = {kind.command: kind for kind in QUESTIONS}
