"""A dead endpoint is left alone for a while; one question at a time finds out if it lives again."""

from __future__ import annotations

import pytest

from visiontools.answers.label import SeenLabels
from visiontools.errors import InvalidAnswerError, ServerFaultError, UnreachableError
from visiontools.models import breaker
from visiontools.models.breaker import Breaker
from visiontools.models.question import Question, Tally
from visiontools.testing.model_server import ModelServer

from .conftest import GOOD, PICTURE, client_for

DEAD = UnreachableError("Nothing accepts connections.")


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(breaker, "time", clock)
    return clock


def broken(*errors: Exception) -> Breaker:
    made = Breaker("box")
    for error in errors:
        made.note(error)  # type: ignore[arg-type]
    return made


def test_it_says_for_how_long_and_what_went_wrong(clock: Clock) -> None:
    made = broken(DEAD, ServerFaultError("It failed."), DEAD)
    clock.now += 5
    with pytest.raises(UnreachableError, match=r"'box' is left alone for 10 s.*Nothing accepts"):
        made.check()


def test_two_failures_are_no_proof(clock: Clock) -> None:
    broken(DEAD, DEAD).check()


def test_any_answer_shows_that_it_lives(clock: Clock) -> None:
    broken(DEAD, DEAD, InvalidAnswerError("nonsense"), DEAD, DEAD).check()


def test_after_the_rest_one_tries_and_the_others_wait_for_it(clock: Clock) -> None:
    made = broken(DEAD, DEAD, DEAD)
    clock.now += 16
    made.check()
    with pytest.raises(UnreachableError):
        made.check()
    made.note(None)
    made.check()
    made.check()


def test_a_try_that_fails_begins_another_rest(clock: Clock) -> None:
    made = broken(DEAD, DEAD, DEAD)
    clock.now += 16
    made.check()
    made.note(DEAD)
    clock.now += 14
    with pytest.raises(UnreachableError):
        made.check()
    clock.now += 2
    made.check()


async def test_a_client_stops_asking_a_dead_server_and_comes_back(
    server: ModelServer, clock: Clock
) -> None:
    server.reset()
    client = client_for(server)
    question = Question("What is it?", SeenLabels, (PICTURE,))
    for _ in range(3):
        with pytest.raises(ServerFaultError):
            await client.ask(question, Tally())
    asked = len(server.requests)
    with pytest.raises(UnreachableError, match="left alone"):
        await client.ask(question, Tally())
    assert len(server.requests) == asked
    clock.now += 16
    server.say(GOOD).say(GOOD)
    await client.ask(question, Tally())
    await client.close()
