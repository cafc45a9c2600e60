"""The bot's pace: replies at once, broadcasts evenly, refusals outlasted, nothing said twice."""

from __future__ import annotations

import asyncio
import selectors
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from bot.app import build_application
from bot.config import Secret, Settings
from bot.local_api.chats import ANN, PRIVATE
from bot.local_api.rules import ApiError
from bot.pace import Pace, UnwantedError, Wanted
from bot.retries import seconds
from bot.terminal import Sketches
from bot.vitals import Vitals

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from bot.local_api import LocalBotApi
    from knowledge.base import KnowledgeBase

T = TypeVar("T")
LIMIT = 30
RESERVE = 3


class Hasty(selectors.DefaultSelector):
    """Waits for nothing: where it should, the clock goes on by as much."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "everybody waits for something that never comes"
        self.now += max(0.0, timeout)
        return super().select(0)


class Clock(asyncio.SelectorEventLoop):
    """A loop whose time passes only while all its tasks wait."""

    def __init__(self) -> None:
        self._hasty = Hasty()
        super().__init__(self._hasty)

    def time(self) -> float:
        return self._hasty.now


def wanted() -> bool:
    """Of a broadcast that nobody calls off."""
    return True


class World:
    """Telegram as seen by a Pace: notes what starts when, and refuses what it is told to."""

    def __init__(self, latency: float = 0.05, per_second: int = LIMIT) -> None:
        self.vitals = Vitals()
        self.pace = Pace(per_second, self.vitals, clock=self.now, chance=lambda: 0.5)
        self.latency = latency
        self.started: list[tuple[float, object, str]] = []
        self.failures: dict[object, list[Exception]] = {}

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    def fail(self, chat: object, *errors: Exception) -> None:
        """What the next calls for this chat end in."""
        self.failures.setdefault(chat, []).extend(errors)

    async def call(
        self,
        chat: object,
        text: str = "",
        kind: Wanted | None = None,
        endpoint: str = "sendMessage",
    ) -> Any:
        data = {} if chat is None else {"chat_id": chat}
        return await self.pace.process_request(
            self._answer, (chat, text), {}, endpoint, data, rate_limit_args=kind
        )

    async def _answer(self, chat: object, text: str) -> bool:
        self.started.append((self.now(), chat, text))
        failure = self.failures[chat].pop(0) if self.failures.get(chat) else None
        await asyncio.sleep(self.latency)
        if failure:
            raise failure
        return True

    def times(self, text: str) -> list[float]:
        return [at for at, _, said in self.started if said == text]


def live(life: Coroutine[Any, Any, T]) -> T:
    """Run it in a loop where waiting takes no time."""
    with asyncio.Runner(loop_factory=Clock) as runner:
        return runner.run(life)


def flood(wait: float) -> RetryAfter:
    """Telegram's "Too Many Requests: retry after ..."."""
    return RetryAfter(timedelta(seconds=wait))


def never_sent() -> NetworkError:
    """As python-telegram-bot tells that nobody could be reached."""
    error = NetworkError("httpx.ConnectError: refused")
    error.__cause__ = httpx.ConnectError("refused")
    return error


def cut_off() -> NetworkError:
    """The connection broke after the request was sent; whether it arrived nobody knows."""
    error = NetworkError("httpx.ReadError: ")
    error.__cause__ = httpx.ReadError("")
    return error


def no_connection_free() -> TimedOut:
    """The kind of TimedOut that says for sure that nothing was sent."""
    error = TimedOut("Pool timeout: All connections in the connection pool are occupied.")
    error.__cause__ = httpx.PoolTimeout("")
    return error


def crowded(times: Sequence[float], limit: int) -> list[float]:
    """The starts of those seconds [t, t + 1) that have more than `limit` of the times in them."""
    times = sorted(times)
    return [a for a, b in zip(times, times[limit:], strict=False) if b - a < 1 - 1e-9]


async def broadcast(world: World, chats: int, workers: int = 1000) -> None:
    """Tell every chat the news, some at once."""
    gate = asyncio.Semaphore(workers)

    async def tell(chat: int) -> None:
        async with gate:
            await world.call(chat, "news", wanted)

    await asyncio.gather(*(tell(1000 + number) for number in range(chats)))


async def together(*calls: Coroutine[Any, Any, Any]) -> list[Any]:
    """All at once, in this order; what each gives, or the error it ends in."""
    return await asyncio.gather(*calls, return_exceptions=True)


async def later(at: float, call: Coroutine[Any, Any, T]) -> T:
    """The call, made at a time."""
    await asyncio.sleep(at)
    return await call


async def reply(world: World, chat: int, at: float) -> float:
    """Reply at a time; how long that takes."""
    await asyncio.sleep(at)
    asked = world.now()
    await world.call(chat, "reply")
    return world.now() - asked


def test_a_broadcast_is_fast_even_and_within_the_limit() -> None:
    """600 messages at more than 0.8 of the limit, never two close together."""
    world = World()
    live(broadcast(world, 600))
    times = world.times("news")
    assert len(times) == 600
    assert 599 / (times[-1] - times[0]) >= 0.85 * LIMIT
    assert min(b - a for a, b in pairwise(times)) > 0.5 / LIMIT
    assert crowded(times, LIMIT - RESERVE) == []


SECONDS = st.integers(0, 29_999).map(lambda thousandth: thousandth / 1000)


@settings(max_examples=20)
@given(st.lists(SECONDS, max_size=120))
def test_replies_go_at_once_and_the_broadcast_makes_room(asked: list[float]) -> None:
    """Whenever replies come, none waits, and a full second has had more replies than the reserve
    since its last broadcast message: nothing else fills it."""
    world = World()

    async def life() -> list[float]:
        replies = (reply(world, number, at) for number, at in enumerate(asked))
        news = asyncio.create_task(broadcast(world, 600))
        took = await asyncio.gather(*replies)
        await news
        return took

    took = live(life())
    assert all(each == pytest.approx(world.latency) for each in took)
    assert len(world.times("news")) == 600
    for start in crowded([at for at, _, _ in world.started], LIMIT):
        second = [said for at, _, said in world.started if start <= at < start + 1]
        assert second[-RESERVE - 1 :] == ["reply"] * (RESERVE + 1)


def test_frequent_replies_slow_the_broadcast() -> None:
    """At 20 replies a second, everything together stays below the limit, and both go on."""
    world = World()

    async def life() -> None:
        replies = (reply(world, number, number / 20) for number in range(400))
        await asyncio.gather(broadcast(world, 200), *replies)

    live(life())
    assert crowded([at for at, _, _ in world.started], LIMIT) == []
    during = [at for at in world.times("news") if 2 <= at < 18]
    assert 16 * 4 <= len(during) <= 16 * 8


def test_replies_alone_are_never_spaced() -> None:
    """Telegram limits bulk messages: a hundred who ask at once are answered at once."""
    world = World()
    live(together(*(world.call(number, "reply") for number in range(100))))
    assert set(world.times("reply")) == {0.0}


def test_a_broadcast_waits_for_past_replies_a_second_at_most() -> None:
    """However many came at once, a second later they count no more."""
    world = World()
    replies = [world.call(number, "reply") for number in range(200)]
    live(together(*replies, broadcast(world, 1)))
    assert world.times("news") == [1.0]


@pytest.mark.parametrize("endpoint", ["answerCallbackQuery", "getChat", "deleteMessage"])
def test_what_sends_nothing_is_never_held(endpoint: str) -> None:
    """It takes no room from a broadcast, waits for no chat, and cannot be a broadcast."""
    world = World()
    world.fail(7, flood(30))

    async def life() -> None:
        refused = asyncio.create_task(world.call(7, "refused"))
        await asyncio.sleep(1)
        calls = (world.call(7, "other", wanted, endpoint) for _ in range(200))
        await together(broadcast(world, 30), *calls)
        await refused

    live(life())
    assert set(world.times("other")) == {1.0}
    assert world.times("news")[-1] < 3


@pytest.mark.parametrize("endpoint", ["editMessageText", "copyMessage", "forwardMessage"])
def test_edits_and_copies_count_as_sending(endpoint: str) -> None:
    """A broadcast makes room for them as for any reply, and may consist of them."""
    world = World()
    live(together(*(world.call(number, "news", wanted, endpoint) for number in range(60))))
    assert crowded(world.times("news"), LIMIT - RESERVE) == []


def test_slow_answers_leave_connections_for_replies() -> None:
    """When every answer takes long, broadcasts wait for answers, not only for their turn."""
    world = World(latency=10)
    live(broadcast(world, 90))
    times = world.times("news")
    assert max(sum(1 for at in times if now - 9.99 < at <= now) for now in times) == LIMIT


def test_a_refusal_holds_its_chat_only() -> None:
    """What was refused and what comes later for that chat waits as told; others go at once."""
    world = World()
    world.fail(1, flood(20))
    live(
        together(
            world.call(1, "first"),
            later(5, world.call(1, "second")),
            later(6, world.call(1, "news", wanted)),
            later(7, world.call(2, "other")),
            later(8, world.call(3, "news", wanted)),
        )
    )
    assert [(at, chat, said) for at, chat, said in world.started] == [
        (0, 1, "first"),
        (7, 2, "other"),
        (8, 3, "news"),
        (pytest.approx(20.05, abs=0.001), 1, "first"),
        (pytest.approx(20.07, abs=0.001), 1, "news"),
        (pytest.approx(20.1, abs=0.001), 1, "second"),
    ]


def test_a_broadcast_that_waits_for_its_turn_sees_a_hold() -> None:
    """A chat may be refused meanwhile: nothing is sent to it then, even if that reply gave up."""
    world = World()
    world.fail(1, flood(300))
    last = later(0.01, world.call(1, "last", wanted))
    live(together(world.call(1), broadcast(world, 30), last))
    assert world.times("last") == [pytest.approx(300.05, abs=0.1)]


def test_a_held_message_that_anybody_edits_inline() -> None:
    """A message sent inline has no chat that the bot knows of: it is held by itself."""
    world = World()
    made: list[float] = []

    async def edit(message: str, error: Exception | None = None) -> None:
        errors = [error] if error else []

        async def make() -> bool:
            made.append(world.now())
            if errors:
                raise errors.pop()
            return True

        data = {"inline_message_id": message}
        await world.pace.process_request(make, (), {}, "editMessageText", data, None)

    live(together(edit("a", flood(9)), later(1, edit("a")), later(2, edit("b"))))
    assert made == [0, 2, 9, 9]


def test_two_chats_refused_at_once_pause_broadcasts() -> None:
    """Then the limit is everybody's: broadcasts wait, and replies are still tried."""
    world = World()
    world.fail(1000, flood(5))
    world.fail(1001, flood(5))
    live(together(broadcast(world, 90), later(2, world.call(1, "reply"))))
    paused = [at for at in world.times("news") if 0.2 < at < 5]
    assert paused == []
    assert world.times("reply") == [2]
    assert len({chat for _, chat, said in world.started if said == "news"}) == 90
    assert crowded(world.times("news"), LIMIT - RESERVE) == []


def test_two_chats_refused_at_different_times_pause_nobody() -> None:
    """Two busy groups are no reason to stop telling everybody else."""
    world = World()
    for chat in (1, 2):
        world.fail(chat, flood(30))
    live(
        together(
            world.call(1, "reply"),
            later(2, world.call(2, "reply")),
            later(3, broadcast(world, 10)),
        )
    )
    assert world.times("news")[-1] < 4


def test_a_reply_gives_up_and_then_its_chat_is_left_alone() -> None:
    """Nobody waits for an answer longer than a minute, nor is a chat asked that said when."""
    world = World()
    world.fail(1, flood(300))
    first, second, third = live(
        together(
            world.call(1, "long"), later(10, world.call(1, "soon")), later(270, world.call(1, "ok"))
        )
    )
    assert isinstance(first, RetryAfter)
    assert isinstance(second, RetryAfter)
    assert seconds(second.retry_after) == pytest.approx(290.05)
    assert third is True
    assert [said for _, _, said in world.started] == ["long", "ok"]


def test_a_broadcast_outwaits_any_hold() -> None:
    """Nobody waits for it, so it can wait itself."""
    world = World()
    world.fail(1000, flood(3600))
    live(broadcast(world, 2))
    assert world.times("news")[-1] == pytest.approx(3600.05)


def test_a_call_is_tried_three_times() -> None:
    """One that is refused again and again ends in its error, and the next has a new start."""
    world = World()
    world.fail(1, *[flood(3)] * 3)
    failed, passed = live(together(world.call(1, "a"), later(0.1, world.call(1, "b"))))
    assert isinstance(failed, RetryAfter)
    assert passed is True
    assert [(round(at), said) for at, _, said in world.started] == [
        (0, "a"), (3, "a"), (6, "a"), (9, "b"),
    ]  # fmt: skip


@settings(max_examples=50)
@given(
    st.lists(st.sampled_from(["ok", "flood", "unreachable"]), max_size=8),
    st.sampled_from([None, wanted]),
)
def test_order_in_a_chat_is_kept(fates: list[str], kind: Wanted | None) -> None:
    """Whatever fails meanwhile, messages that were sent one after the other arrive like that."""
    world = World(latency=0)
    errors = {"flood": flood(2), "unreachable": never_sent()}
    arrived: list[int] = []

    async def send(number: int) -> None:
        waiting = [errors[fate]] if (fate := fates[number]) in errors else []

        async def make() -> bool:
            if waiting:
                raise waiting.pop()
            arrived.append(number)
            return True

        await world.pace.process_request(make, (), {}, "sendMessage", {"chat_id": 1}, kind)

    async def others() -> None:  # between the first half and the second, so that those wait
        if kind:
            await broadcast(world, 100)

    half = len(fates) // 2
    before, after = ([send(n) for n in part] for part in (range(half), range(half, len(fates))))
    live(together(*before, others(), *after))
    assert arrived == list(range(len(fates)))


CERTAIN = [never_sent, no_connection_free, *(
    lambda said=said: NetworkError(said)
    for said in ("Internal Server Error", "Bad Gateway (502). Parsing ...", "Service Unavailable")
)]  # fmt: skip
UNCERTAIN = [TimedOut, cut_off, lambda: NetworkError("Gateway Timeout")]
FINAL = [
    lambda: BadRequest("Message is not modified"),
    lambda: NetworkError("Request Entity Too Large"),
]


@pytest.mark.parametrize("endpoint", ["sendMessage", "editMessageText", "getChat", "setMyName"])
@pytest.mark.parametrize("error", CERTAIN)
def test_what_never_arrived_is_said_again(error: Callable[[], Exception], endpoint: str) -> None:
    """After half a second and then a whole one, give or take chance; then it fails."""
    world = World(latency=0)
    world.fail(1, error(), error())
    assert live(world.call(1, endpoint=endpoint)) is True
    assert [at for at, _, _ in world.started] == [0, 0.5, 1.5]
    world = World(latency=0)
    world.fail(1, error(), error(), error())
    with pytest.raises(NetworkError):
        live(world.call(1, endpoint=endpoint))


@pytest.mark.parametrize("error", UNCERTAIN)
def test_nothing_is_said_twice(error: Callable[[], Exception]) -> None:
    """What may have arrived is repeated only where twice does no harm."""
    for endpoint, again in {
        "sendMessage": False, "sendPhoto": False, "copyMessage": False, "createForumTopic": False,
        "editMessageText": True, "answerCallbackQuery": True, "setMyCommands": True,
        "deleteMessage": True,
    }.items():  # fmt: skip
        world = World()
        world.fail(1, error())
        (result,) = live(together(world.call(1, endpoint=endpoint)))
        assert (result is True) == again, endpoint
        assert len(world.started) == 1 + again, endpoint


@pytest.mark.parametrize("error", FINAL)
def test_a_refusal_for_good_is_told_at_once(error: Callable[[], Exception]) -> None:
    """What Telegram has read and turned down would be turned down again."""
    world = World()
    world.fail(1, error())
    with pytest.raises(NetworkError):
        live(world.call(1, endpoint="editMessageText"))
    assert len(world.started) == 1


def test_the_first_request_has_the_patience_of_the_start() -> None:
    """The start repeats getMe by itself, and says at once that nobody can be reached."""
    world = World()
    world.fail(None, never_sent())
    with pytest.raises(NetworkError):
        live(world.call(None, endpoint="getMe"))
    assert len(world.started) == 1


@settings(max_examples=30)
@given(st.dictionaries(st.integers(0, 59), SECONDS.map(lambda at: at / 6), max_size=30))
def test_who_is_cancelled_leaves_no_gap_and_blocks_nobody(given_up: dict[int, float]) -> None:
    """Whenever a message is given up, in its turn, in the air or held, all others arrive."""
    world = World(latency=0.5)
    for chat in range(0, 60, 10):
        world.fail(chat, flood(1))

    async def life() -> list[Any]:
        tasks = [asyncio.create_task(world.call(n % 50, "news", wanted)) for n in range(60)]
        for number, at in given_up.items():
            asyncio.get_running_loop().call_later(at, tasks[number].cancel)
        results = await asyncio.gather(*tasks, return_exceptions=True)
        start = world.now()
        await world.call(99, "last", wanted)
        assert world.now() - start < 2
        return results

    results = live(life())
    assert all(results[n] is True for n in range(60) if n not in given_up)


def test_a_hold_is_forgotten_when_it_is_over() -> None:
    """A year of refusals leaves nothing in memory."""
    world = World()

    async def life() -> None:
        for chat in range(300):
            world.fail(chat, flood(1), flood(90))
            await together(world.call(chat))
            await asyncio.sleep(100)

    live(life())
    assert len(world.pace._holds) <= 1


def test_a_stop_waits_for_no_hold() -> None:
    """Whoever stops the bot does not wait a minute for a reply that Telegram does not want."""
    world = World()
    world.fail(1, flood(50))
    refused, _, ended = live(
        together(world.call(1, "a"), later(1, world.pace.shutdown()), later(2, world.call(1, "b")))
    )
    assert isinstance(refused, RetryAfter)
    assert isinstance(ended, RetryAfter)
    assert world.times("b") == []


def test_the_bot_speaks_at_this_pace(api: LocalBotApi, kb: KnowledgeBase) -> None:
    """The application's own calls pass here: a refused reply arrives late, a broadcast evenly."""
    world = World()
    settings = Settings(token=Secret("1:test"))

    async def life() -> list[float]:
        made = build_application(settings, kb, request=api, easel=Sketches(), pace=world.pace)
        async with made as application:
            api.chats.join(PRIVATE, ANN)
            api.refuse("sendMessage", ApiError(429, "Too Many Requests", retry_after=3))
            await application.bot.send_message(PRIVATE.id, "reply")
            times = [world.now()]
            for _ in range(2 * LIMIT):
                await application.bot.send_message(PRIVATE.id, "news", rate_limit_args=wanted)
                times.append(world.now())
            api.refuse("getUpdates", ApiError(502, "Bad Gateway"))
            with pytest.raises(NetworkError):
                await application.bot.get_updates()
            return times

    times = live(life())
    assert times[0] == 3
    assert times[-1] - times[0] >= 2
    said = [
        (call.parameters["text"], bool(call.error))
        for call in api.calls
        if "text" in call.parameters
    ]
    assert said == [("reply", True), ("reply", False), *[("news", False)] * (2 * LIMIT)]
    assert [call.method for call in api.calls].count("getUpdates") == 1


def test_a_broadcast_can_be_called_off_until_its_turn() -> None:
    """It is asked for the last time just before it is sent, so that what decides is up to date."""
    world = World()
    asked: list[tuple[float, int]] = []

    async def send(number: int) -> bool:
        def still() -> bool:
            asked.append((world.now(), number))
            return number % 2 == 0

        try:
            await world.call(number, "news", still)
        except UnwantedError:
            return False
        return True

    async def all_of_them() -> list[bool]:
        return list(await asyncio.gather(*(send(number) for number in range(20))))

    assert live(all_of_them()) == [number % 2 == 0 for number in range(20)]
    sent = world.times("news")
    assert [at for at, number in asked if number % 2 == 0] == sent


def test_refusals_and_second_tries_are_counted() -> None:
    """A call that is refused and then made again is one of each; one that is not repeated, none."""
    world = World()
    world.fail(1, flood(2), never_sent())
    world.fail(2, cut_off())
    live(together(world.call(1), world.call(2)))
    assert len(world.started) == 4
    assert (world.vitals.refused, world.vitals.repeated) == (1, 2)
