"""What blocks, what warns and what does not matter, per tool and by the operator's word."""

from __future__ import annotations

from pathlib import Path

import pytest

from visiontools.errors import ConfigurationError
from visiontools.guard.categories import ALL
from visiontools.guard.llama_guard import Verdict
from visiontools.guard.policy import actions, rule
from visiontools.guard.settings import GuardSettings
from visiontools.models.endpoint import Endpoint
from visiontools.pipeline import Pipeline
from visiontools.registry import load_tools
from visiontools.settings import Settings
from visiontools.tooling import GuardPolicy


def test_everything_blocks_but_advice_which_warns() -> None:
    policy = actions(GuardPolicy(), {})
    assert [each for each in ALL if policy[each] != "block"] == ["S6"]
    assert policy["S6"] == "warn"


def test_a_tool_says_what_does_not_block_and_the_operator_has_the_last_word() -> None:
    tool = GuardPolicy(warn=("S7",), ignore=("S6",))
    assert actions(tool, {})["S6"] == "ignore"
    assert actions(tool, {})["S7"] == "warn"
    assert actions(tool, {"S6": "block"})["S6"] == "block"
    assert actions(tool, {"S1": "warn"})["S1"] == "warn"


def test_a_verdict_is_sorted_by_what_it_means() -> None:
    policy = actions(GuardPolicy(warn=("S7",), ignore=("S6",)), {})
    ruling = rule(Verdict(("S2", "S6", "S7")), policy)
    assert (ruling.blocked, ruling.warned, ruling.ignored) == (("S2",), ("S7",), ("S6",))
    assert rule(Verdict(), policy).blocked == ()


@pytest.mark.parametrize("name", ["diet", "car_damage", "fridge", "flow_diagram"])
def test_none_of_the_four_tools_is_blocked_for_giving_advice(name: str, tmp_path: Path) -> None:
    tool = load_tools(tmp_path).find(name)
    assert "S6" not in rule(Verdict(("S6",)), actions(tool.guard, {})).blocked
    for always in ("S1", "S3", "S4", "S9"):
        assert rule(Verdict((always,)), actions(tool.guard, {})).blocked == (always,)


async def test_a_rule_for_a_tool_there_is_not_is_no_rule_and_is_said(tmp_path: Path) -> None:
    guard = GuardSettings(
        endpoint="box", model="llama-guard-3-8b", tools={"frdge": {"S6": "block"}}
    )
    box = Endpoint(url="http://127.0.0.1:9/v1", model="m")
    settings = Settings(data_folder=tmp_path, endpoints={"box": box}, guard=guard)
    with pytest.raises(ConfigurationError, match="tools there are not: frdge"):
        async with Pipeline.open(settings):
            raise AssertionError("nothing may run without the rule")
