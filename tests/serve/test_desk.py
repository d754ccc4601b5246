"""So many questions at a time, in order, and not for ever."""

import asyncio
import threading
import time

import pytest

from bot.serve.desk import Desk
from bot.serve.errors import RequestError


def test_questions_are_answered_in_the_order_in_which_they_came() -> None:
    async def run() -> list[int]:
        desk, order = Desk(100, 1.0), list[int]()
        await asyncio.gather(*(desk.work(lambda n=n: order.append(n), length=10) for n in range(20)))  # type: ignore[misc]
        desk.close()
        return order

    assert asyncio.run(run()) == list(range(20))


def test_between_two_questions_the_server_looks_for_news() -> None:
    async def run() -> list[str]:
        desk, heard = Desk(100, 1.0), list[str]()

        async def news() -> None:
            for _ in range(4):
                heard.append("news")
                await asyncio.sleep(0)

        work = [desk.work(lambda: heard.append("question"), length=10) for _ in range(4)]
        await asyncio.gather(*work, news())
        desk.close()
        return heard

    heard = asyncio.run(run())
    assert not any(heard[at : at + 2] == ["question", "question"] for at in range(4))


def test_an_error_belongs_to_its_question_alone() -> None:
    async def run() -> list[object]:
        desk = Desk(100, 1.0)
        work = [desk.work(lambda n=n: 1 // n, length=10) for n in (1, 0, 1)]  # type: ignore[misc]
        results = await asyncio.gather(*work, return_exceptions=True)
        desk.close()
        return [type(result) for result in results]

    assert asyncio.run(run()) == [int, ZeroDivisionError, int]


def test_who_has_left_is_not_answered() -> None:
    async def run() -> list[str]:
        desk, answered = Desk(100, 1.0), list[str]()
        first = asyncio.create_task(desk.work(lambda: answered.append("first"), length=1))
        left = asyncio.create_task(desk.work(lambda: answered.append("left"), length=1))
        last = asyncio.create_task(desk.work(lambda: answered.append("last"), length=1))
        asyncio.get_running_loop().call_soon(left.cancel)
        await asyncio.gather(first, left, last, return_exceptions=True)
        desk.close()
        return answered

    assert asyncio.run(run()) == ["first", "last"]


def test_when_all_places_are_taken_the_next_is_turned_away() -> None:
    desk = Desk(2, 1.0)
    with desk.place(), desk.place():
        with pytest.raises(RequestError) as caught, desk.place():
            pass
        assert (caught.value.status, caught.value.body.code, caught.value.headers) == (503, "busy", {"Retry-After": "1"})
        with pytest.raises(RequestError):
            desk.check()
    desk.check()
    assert desk.taken == 0


def test_more_may_wait_while_a_pack_changes_and_until_it_has_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.serve.desk._SETTLED", 0.01)

    async def run() -> list[bool]:
        desk, found = Desk(1, 1.0), list[bool]()

        def takes_another() -> bool:
            try:
                desk.check()
            except RequestError:
                return False
            return True

        with desk.place():
            found.append(takes_another())
            with desk.change():
                found.append(takes_another())
            found.append(takes_another())
            await asyncio.sleep(0.1)
            found.append(takes_another())
        return found

    assert asyncio.run(run()) == [False, True, True, False]


def test_a_long_text_does_not_hold_up_a_short_one() -> None:
    async def run() -> str:
        desk, released = Desk(10, 30.0), threading.Event()
        long = asyncio.create_task(desk.work(lambda: released.wait(30) and "long", length=5000))
        short = await desk.work(lambda: "short", length=10)
        assert not long.done()
        released.set()
        assert await long == "long"
        desk.close()
        return short

    assert asyncio.run(run()) == "short"


def test_a_long_text_that_takes_too_long_is_given_up() -> None:
    async def run() -> None:
        desk = Desk(10, 0.01)
        try:
            await desk.work(lambda: time.sleep(0.2), length=5000)
        finally:
            desk.close()

    with pytest.raises(RequestError) as caught:
        asyncio.run(run())
    assert (caught.value.status, caught.value.body.code) == (503, "timeout")
