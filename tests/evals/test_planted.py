"""Garbled replies: what is planted comes out, nothing else, and the counting is honest."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from visiontools.evals.planted import SEEN, Counts, Reply, run_planted
from visiontools.evals.planted_faults import cut, draft_of, enumerated, required_left_out
from visiontools.evals.planted_habits import AS_IT_STANDS, HABITS, OTHERWISE
from visiontools.evals.planted_seen import MAKERS, planted
from visiontools.registry import load_tools
from visiontools.settings import Settings

REPLY = Reply("fridge", "in a fence", True, "observation", "partly", True, 0, 0, False)


async def test_the_bar_holds_on_a_small_sample(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path)
    replies = await run_planted(settings, tmp_path / "out", ["messages", "fridge"], 1, 3)
    every = Counts.of([each for each in replies if each.habit != SEEN])
    often = Counts.of([each for each in replies if each.habit == SEEN])
    assert every.holds, [each for each in replies if not each.as_planned]
    assert often.holds
    assert every.recoverable > 60
    assert every.unrecoverable > 25
    assert {each.outcome for each in replies} >= {"refused", "invalid", "blocked", "cannot_tell"}


def test_what_misses_the_bar_is_counted() -> None:
    assert Counts.of([REPLY] * 50).holds
    assert Counts.of([REPLY] * 99 + [replace(REPLY, exact=False)]).holds
    assert not Counts.of([REPLY] * 9 + [replace(REPLY, exact=False)]).holds
    assert not Counts.of([REPLY, replace(REPLY, invented=1)]).holds
    ended = replace(REPLY, recoverable=False, planned="refused", outcome="refused", exact=False)
    assert Counts.of([ended]).holds
    assert not Counts.of([ended, replace(ended, outcome="answered")]).holds


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_what_is_planted_fits_the_tool_and_comes_again(name: str) -> None:
    tools = load_tools()
    seen = [each for each in planted(tools, 2, 5) if each.tool == name]
    assert seen == [each for each in planted(tools, 2, 5) if each.tool == name]
    assert len({json.dumps(each.observation) for each in seen}) == len(seen)
    for each in seen:
        tools[name].observation.model_validate(each.observation, extra="forbid")


def test_every_tool_of_ours_is_planted_for() -> None:
    assert set(load_tools()) == set(MAKERS)


def test_a_plain_parser_takes_what_stands_as_json_and_nothing_else() -> None:
    tools = load_tools()
    each = next(p for p in planted(tools, 1, 1) if p.tool == "diet")
    schema = tools["diet"].observation.model_json_schema()
    for habit in HABITS:
        said = habit.says(each.observation, schema, random.Random(1))
        assert said, habit.name
        try:
            told = json.loads(said[0].text)
        except ValueError:
            told = None
        if habit in AS_IT_STANDS:
            assert set(told) == set(each.observation)
        else:
            assert told != each.observation, habit.name
    assert len(AS_IT_STANDS) + len(OTHERWISE) == len({habit.name for habit in HABITS})


def test_faults_change_a_copy_and_one_thing() -> None:
    tools = load_tools()
    each = next(p for p in planted(tools, 2, 1) if p.tool == "car_damage")
    before = json.dumps(each.observation)
    schema = tools["car_damage"].observation.model_json_schema()
    for made in (draft_of(each.observation), enumerated(each.observation, schema),
                 required_left_out(each.observation, schema)):  # fmt: skip
        assert made is not None
        assert json.dumps(made) != before
    assert json.dumps(each.observation) == before


@pytest.mark.parametrize("text", ['{"a": "bc", "d": [1, 2]}', '{"a": 1, "bcd": "efg", "h": "i"}'])
def test_what_is_cut_ends_inside_a_text(text: str) -> None:
    assert text.startswith(cut(text))
    assert cut(text).count('"') % 2 == 1
