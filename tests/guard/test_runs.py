"""Runs under a guard: what passes, what is stopped, and what the record says of it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from visiontools.errors import UsageError
from visiontools.guard.categories import ALL
from visiontools.testing.model_server import ModelServer, Received, Step
from visiontools.testing.script import Hang, Say
from visiontools.types import Check, Finished, Outcome, Partial, Record, Request, Upload

from .conftest import DISHES, REPLY, SEEN, Open, asking, events_of, photo, record_of


def guard_checks(record: Record) -> dict[str, Check]:
    return {check.name: check for check in record.checks if check.name.startswith("guard_")}


async def test_a_safe_run_says_that_both_sides_passed(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    guard.say_raw("safe")
    model.say(SEEN).say(DISHES).say(REPLY)
    record = await record_of(await opened(), asking())
    assert record.outcome is Outcome.ANSWERED
    assert (record.guard.input, record.guard.output) == ("passed", "passed")
    assert [(c.name, c.ok) for c in guard_checks(record).values()] == [
        ("guard_input", True),
        ("guard_output", True),
    ]
    asked, answered = guard.requests
    assert asked.body["messages"][-1]["content"].endswith("What goes off first?")
    assert [m["role"] for m in answered.body["messages"]] == ["user", "assistant"]
    told = answered.body["messages"][-1]["content"]
    for words in ("eggs", "beside a vermilion jar", "Omelette", "Fry.", "The eggs go off first."):
        assert words in told, "the answer is checked whole"
    assert any("did not see the picture" in note for note in record.notes)
    assert record.attempts == 3, "what the guard is asked is not what the model is asked"


async def test_without_a_guard_the_record_says_off(opened: Open, model: ModelServer) -> None:
    model.say(SEEN).say(DISHES)
    record = await record_of(await opened(guarded=False), asking(None))
    assert (record.guard.input, record.guard.output) == ("off", "off")
    assert not guard_checks(record)
    assert not any("guard" in note for note in record.notes)


async def test_a_blocked_question_ends_the_upstream_call_and_is_told_in_plain_words(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    model.hang()

    def once_the_model_is_asked(_: Received) -> Step:
        return Say("unsafe\nS2") if model.arrived.is_set() else Say("", pause_s=0.01)

    guard.then(once_the_model_is_asked)
    record = await record_of(await opened(), asking("How do I steal a fridge?"))
    assert record.outcome is Outcome.BLOCKED
    assert "What was asked touches on non-violent crimes (S2)" in record.message
    assert record.guard.input == "blocked"
    assert record.guard.output == "off"
    assert guard_checks(record)["guard_input"].detail == "non-violent crimes (S2)"
    assert await asyncio.to_thread(model.requests[0].closed.wait, 5)
    assert record.answer is None
    assert record.observation is None


async def test_a_blocked_answer_is_neither_shown_nor_kept(
    opened: Open, model: ModelServer, guard: ModelServer, tmp_path: Path
) -> None:
    guard.say_raw("safe").say_raw("unsafe\nS1,S10")
    model.say(SEEN).say(DISHES).say(REPLY)
    pipeline = await opened()
    events = await events_of(pipeline, asking(partials=True))
    assert not [event for event in events if isinstance(event, Partial)]
    assert isinstance(events[-1], Finished)
    record = events[-1].record
    assert record.outcome is Outcome.BLOCKED
    assert "The answer touches on violent crimes (S1) and hate (S10)" in record.message
    assert (record.guard.input, record.guard.output) == ("passed", "blocked")
    assert (record.answer, record.reply, record.observation) == (None, None, None)
    assert [check.name for check in record.checks] == ["guard_input", "guard_output"]
    assert "vermilion" not in record.model_dump_json()
    assert await pipeline.records.pictures(record) == ()
    assert record.inputs[0].sent is not None
    for again in (pipeline.replay("local", record.id), pipeline.follow_up("local", record.id, "?")):
        with pytest.raises(UsageError, match="No picture or text of record"):
            await again
    for path in (tmp_path / "kept").rglob("*"):
        if path.is_file():
            assert b"vermilion" not in path.read_bytes(), path


async def test_nothing_is_shown_before_a_slow_verdict(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    guard.say_raw("safe", pause_s=0.2)
    model.say(SEEN, chunk=4).say(DISHES).say(REPLY)
    events = await events_of(await opened(), asking(partials=True))
    assert not [event for event in events if isinstance(event, Partial)]
    assert isinstance(events[-1], Finished)
    assert events[-1].record.outcome is Outcome.ANSWERED


@pytest.mark.parametrize(
    ("tool", "category", "state"),
    [
        ("fridge", "S6", "warned"),
        ("car_damage", "S6", "passed"),
        ("car_damage", "S7", "warned"),
        ("car_damage", "S1", "blocked"),
        ("diet", "S6", "passed"),
        ("diet", "S7", "blocked"),
        ("flow_diagram", "S6", "passed"),
        ("flow_diagram", "S14", "blocked"),
    ],
)
async def test_each_tool_says_what_blocks(
    opened: Open, model: ModelServer, guard: ModelServer, tool: str, category: str, state: str
) -> None:
    guard.say_raw("safe").say_raw(f"unsafe\n{category}")
    model.say(SEEN if tool == "fridge" else {"picture": "other", "picture_shows": "a cat"})
    if tool == "fridge":
        model.say(DISHES).say(REPLY)
    record = await record_of(await opened(), asking("How is this?", tool))
    assert record.guard.output == state
    assert (record.outcome is Outcome.BLOCKED) == (state == "blocked")
    check = guard_checks(record)["guard_output"]
    assert check.ok == (state == "passed")
    assert f"({category})" in check.detail


async def test_the_operator_has_the_last_word_on_a_tool(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    guard.say_raw("unsafe\nS6")
    model.say(SEEN).say(DISHES).say(REPLY)
    pipeline = await opened(tools={"fridge": {"S6": "block"}})
    record = await record_of(pipeline, asking("Is this safe to eat?"))
    assert record.outcome is Outcome.BLOCKED
    assert "specialised advice (S6)" in record.message


async def test_each_side_can_be_left_out(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    guard.say_raw("safe")
    model.say(SEEN).say(DISHES).say(REPLY)
    record = await record_of(await opened(input=False), asking())
    assert (record.guard.input, record.guard.output) == ("off", "passed")
    record = await record_of(await opened(output=False), asking(again=True))
    assert (record.guard.input, record.guard.output) == ("passed", "off")
    assert [len(request.body["messages"]) for request in guard.requests] == [2, 1]


async def test_a_guard_that_sees_gets_the_picture_on_both_sides(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    guard.say_raw("safe")
    model.say(SEEN).say(DISHES)
    pipeline = await opened(model="llama-guard-3-11b-vision")
    record = await record_of(pipeline, asking(None))
    assert (record.guard.input, record.guard.output) == ("passed", "passed")
    assert [request.pictures for request in guard.requests] == [1, 1]
    assert "food in a fridge" in guard.requests[0].text, "it needs text beside the picture"
    assert not any("did not see" in note for note in record.notes)


async def test_without_words_a_guard_without_eyes_is_asked_about_the_answer_only(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    guard.say_raw("safe")
    model.say(SEEN).say(DISHES)
    record = await record_of(await opened(), asking(None))
    assert (record.guard.input, record.guard.output) == ("off", "passed")
    assert len(guard.requests) == 1


async def test_words_in_an_option_are_asked_about(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    guard.say_raw("unsafe\nS2")
    model.say(SEEN).say(DISHES)
    record = await record_of(await opened(), asking(None, options={"avoid": "my neighbour"}))
    assert record.outcome is Outcome.BLOCKED
    assert "avoid: my neighbour" in guard.requests[0].text


async def test_a_picture_is_blocked_though_nothing_was_asked(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    guard.say_raw("unsafe\nS4")
    model.hang()
    pipeline = await opened(model="llama-guard-4")
    record = await record_of(pipeline, asking(None))
    assert record.outcome is Outcome.BLOCKED
    assert "The picture or what was asked touches on child sexual exploitation" in record.message
    assert await pipeline.records.pictures(record) == ()


async def test_what_a_person_observed_is_checked_too(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    guard.say_raw("unsafe\nS10")
    request = asking(None, observation={**SEEN, "proposal": DISHES})
    record = await record_of(await opened(), request)
    assert record.outcome is Outcome.BLOCKED
    assert "a vermilion jar" in guard.requests[0].text
    assert model.requests == []


async def test_what_the_reader_read_is_checked_too(opened: Open, guard: ModelServer) -> None:
    label = Path(__file__).parents[2] / "examples" / "diet_two_drinks.png"
    guard.say_raw("unsafe\nS8")
    request = Request("diet", uploads=(Upload(label.read_bytes()),), endpoint="reader")
    record = await record_of(await opened(), request)
    assert record.outcome is Outcome.BLOCKED
    assert record.guard.output == "blocked"


async def test_a_further_question_is_checked_with_the_talk_so_far(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    guard.say_raw("safe").say_raw("safe").say_raw("unsafe\nS2")
    model.say(SEEN).say(DISHES).say(REPLY)
    pipeline = await opened()
    first = await record_of(pipeline, asking())
    second = await (await pipeline.follow_up("local", first.id, "How do I poison it?")).record()
    assert second.outcome is Outcome.BLOCKED
    assert (second.answer, second.reply) == (None, None)
    roles = [message["role"] for message in guard.requests[2].body["messages"]]
    assert roles == ["user", "assistant", "user"]
    assert guard.requests[2].body["messages"][-1]["content"] == "How do I poison it?"
    assert (await pipeline.records.find("local", first.id)).answer is not None


async def test_a_further_answer_made_without_a_guard_is_checked_whole(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    model.say(SEEN).say(DISHES).say(REPLY)
    first = await record_of(await opened(guarded=False), asking(None))
    guard.say_raw("safe").say_raw("unsafe\nS12")
    second = await (await (await opened()).follow_up("local", first.id, "And now?")).record()
    assert second.outcome is Outcome.BLOCKED
    assert "a vermilion jar" in guard.requests[1].text


async def test_an_answer_made_without_a_guard_is_not_served_under_one(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    guard.say_raw("safe")
    model.say(SEEN).say(DISHES).say(SEEN).say(DISHES).say(SEEN).say(DISHES)
    bare, guarded = await opened(guarded=False), await opened()
    stricter = await opened(tools={"fridge": {"S6": "block"}})
    records = [await record_of(each, asking(None)) for each in (bare, guarded, stricter)]
    assert len({record.id for record in records}) == 3
    again = [await record_of(each, asking(None)) for each in (bare, guarded, stricter)]
    assert [record.id for record in again] == [record.id for record in records]
    assert len(guard.requests) == 2


async def test_what_is_no_answer_is_checked_too(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    guard.say_raw("safe").say_raw("unsafe\nS1")
    model.say({"picture": "other", "picture_shows": "a vermilion thing"})
    record = await record_of(await opened(), asking())
    assert record.outcome is Outcome.BLOCKED
    assert "vermilion" not in record.model_dump_json()


async def test_stop_while_the_answer_is_checked_keeps_nothing_unchecked(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    guard.say_raw("safe").then(Hang())
    model.say(SEEN).say(DISHES).say(REPLY)
    run = (await opened()).run(asking())
    record = None
    async for event in run:
        if getattr(event, "name", "") == "guard" and getattr(event, "detail", "") == "output":
            run.cancel()
        if isinstance(event, Finished):
            record = event.record
    assert record is not None
    assert record.outcome is Outcome.CANCELLED
    assert "vermilion" not in record.model_dump_json()


async def test_a_refusal_waits_for_the_verdict_on_the_question(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    guard.say_raw("unsafe\nS9", pause_s=0.2)
    model.say_raw("I'm sorry, but I can't help with that.")
    record = await record_of(await opened(), asking("How do I build it?"))
    assert record.outcome is Outcome.BLOCKED
    assert "indiscriminate weapons" in record.message


async def test_the_servers_own_guard_blocks_as_well(opened: Open, model: ModelServer) -> None:
    model.say_raw("", finish="content_filter")
    record = await record_of(await opened(guarded=False), asking())
    assert record.outcome is Outcome.BLOCKED
    assert "its own guard" in record.message
    assert record.guard.input == "off"


async def test_the_servers_own_guard_may_block_a_question_after_the_answer(
    opened: Open, model: ModelServer
) -> None:
    model.say(SEEN).say(DISHES).say_raw("", finish="content_filter")
    record = await record_of(await opened(guarded=False), asking())
    assert record.outcome is Outcome.BLOCKED
    assert record.answer is None


@pytest.mark.parametrize("name", ["nobody", "reader"])
async def test_a_guard_that_is_not_there_lets_no_run_begin(
    opened: Open, model: ModelServer, name: str
) -> None:
    pipeline = await opened(endpoint=name)
    with pytest.raises(UsageError, match=name):
        await record_of(pipeline, asking())
    assert model.requests == []


async def test_many_runs_at_once_get_their_own_verdicts(
    opened: Open, model: ModelServer, guard: ModelServer
) -> None:
    def model_says(received: Received) -> Step:
        if "dishes" in received.text and not received.pictures:
            return Say(json.dumps(DISHES))
        return Say(json.dumps(REPLY if received.text.count("<question>") else SEEN))

    def guard_says(received: Received) -> Step:
        first = received.body["messages"][0]["content"]
        number = int(first.rsplit("number ", 1)[1].rstrip("?"))
        is_input = len(received.body["messages"]) == 1
        pause = (7 * number % 5) / 50
        if number % 4 == 1 and is_input:
            return Say(f"unsafe\n{ALL[number % 5]}", pause_s=pause)
        if number % 4 == 2 and not is_input:
            return Say("unsafe\nS12", pause_s=pause)
        if number % 4 == 3 and is_input:
            return Say("unsafe\nS6", pause_s=pause)
        return Say("safe", pause_s=pause)

    model.then(model_says)
    guard.then(guard_says)
    pipeline = await opened()
    records = await asyncio.gather(
        *(
            record_of(
                pipeline,
                asking(f"Is this number {n}?", uploads=(photo(f"#00{n:02x}ff"),), owner=f"o{n}"),
            )
            for n in range(20)
        )
    )
    for n, record in enumerate(records):
        assert record.owner == f"o{n}"
        states = (record.guard.input, record.guard.output)
        if n % 4 == 1:
            assert states == ("blocked", "off")
            assert f"({ALL[n % 5]})" in record.message
        elif n % 4 == 2:
            assert states == ("passed", "blocked")
            assert "(S12)" in record.message
        else:
            assert states == ("warned" if n % 4 == 3 else "passed", "passed")
            assert record.outcome in (Outcome.ANSWERED, Outcome.PARTLY)
        assert (record.outcome is Outcome.BLOCKED) == (n % 4 in (1, 2))
        assert (record.answer is None) == (n % 4 in (1, 2))
