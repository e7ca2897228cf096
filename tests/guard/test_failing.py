"""A guard that is down, slow, crowded or babbling: blocked, unless the operator chose otherwise."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from visiontools.telemetry.facts import facts_of
from visiontools.testing.model_server import ModelServer
from visiontools.types import Finished, Outcome

from .conftest import DISHES, REPLY, SEEN, Open, asking, record_of

FAILURES: list[tuple[Callable[[ModelServer], object], str]] = [
    (lambda guard: guard.hang(), "within 0.4 s"),
    (lambda guard: guard.say_raw("I think this is fine."), "something else than a verdict"),
    (lambda guard: guard.say_raw("unsafe\nS99"), "something else than a verdict"),
    (lambda guard: guard.say_raw(""), "without words"),
    (lambda guard: guard.fail(429, "slow down", retry_after=60), "overloaded"),
    (lambda guard: guard.fail(500, "out of memory"), "out of memory"),
    (lambda guard: guard.fail(404, "The model `g` does not exist"), "unknown"),
    (lambda guard: guard.reset(), "broke the connection off"),
]


@pytest.mark.parametrize(("how", "words"), FAILURES)
async def test_no_verdict_means_blocked_within_the_guards_own_deadline(
    opened: Open,
    model: ModelServer,
    guard: ModelServer,
    how: Callable[[ModelServer], object],
    words: str,
) -> None:
    how(guard)
    model.say(SEEN).say(DISHES).say(REPLY)
    pipeline = await opened(deadline_s=0.4)
    began = time.monotonic()
    record = await record_of(pipeline, asking())
    assert time.monotonic() - began < 5
    assert record.outcome is Outcome.BLOCKED
    assert "the guard gave no verdict on what was asked" in record.message
    assert words in record.message
    assert (record.guard.input, record.guard.output) == ("unavailable", "off")
    assert record.answer is None
    assert len(await pipeline.records.pictures(record)) == 1, "nothing was found against it"


async def test_a_guard_that_is_not_running_is_said_to_be(opened: Open, model: ModelServer) -> None:
    model.say(SEEN).say(DISHES).say(REPLY)
    record = await record_of(await opened(endpoint="dead", deadline_s=0.4), asking())
    assert record.outcome is Outcome.BLOCKED
    assert "No connection to http://127.0.0.1:9/v1 (endpoint 'dead')" in record.message


async def test_a_guard_that_dies_after_its_first_verdict_blocks_the_answer(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    guard.say_raw("safe").hang()
    model.say(SEEN).say(DISHES).say(REPLY)
    record = await record_of(await opened(deadline_s=0.4), asking())
    assert record.outcome is Outcome.BLOCKED
    assert "gave no verdict on the answer" in record.message
    assert (record.guard.input, record.guard.output) == ("passed", "unavailable")
    assert record.answer is None
    told = facts_of(Finished(record=record))
    assert (told["guard_input"], told["guard_output"]) == ("passed", "unavailable"), "for alarms"


async def test_on_a_private_machine_the_operator_may_let_it_pass_and_the_record_says_so(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    guard.say_raw("Hm?")
    model.say(SEEN).say(DISHES).say(REPLY).say(SEEN).say(DISHES).say(REPLY)
    pipeline = await opened(on_failure="allow")
    record = await record_of(pipeline, asking())
    assert record.outcome in (Outcome.ANSWERED, Outcome.PARTLY)
    assert (record.guard.input, record.guard.output) == ("unavailable", "unavailable")
    failed = {check.name: check.detail for check in record.checks if not check.ok}
    assert "there is no verdict" in failed["guard_input"]
    assert "there is no verdict" in failed["guard_output"]
    again = await record_of(pipeline, asking())
    assert again.id != record.id, "an unchecked answer is not served again"


async def test_a_verdict_against_it_blocks_though_failures_pass(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    guard.say_raw("unsafe\nS3")
    model.say(SEEN).say(DISHES).say(REPLY)
    record = await record_of(await opened(on_failure="allow"), asking())
    assert record.outcome is Outcome.BLOCKED


async def test_a_crowded_guard_is_waited_for(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    guard.fail(429, "slow down").say_raw("safe")
    model.say(SEEN).say(DISHES).say(REPLY)
    record = await record_of(await opened(), asking())
    assert (record.guard.input, record.guard.output) == ("passed", "passed")
