"""A tool is one file: built in, from a package, or in the user's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from visiontools.errors import UsageError
from visiontools.registry import load_tools

TOOL = """
from visiontools.tooling import Answer, Case, Decision, Observation, Tool
from visiontools.types import Outcome

class Seen(Observation):
    birds: int | None = None

class Counted(Answer):
    birds: int | None

class Birds(Tool):
    name = "{name}"
    title = "Count birds"
    summary = "How many birds are there?"
    needs = "birds"
    observation = Seen
    answer = Counted
    prompt = "Count the birds."

    def decide(self, seen, case):
        return Decision(Outcome.ANSWERED, "Counted.", Counted(birds=seen.birds))

    def show(self, answer):
        return []
"""


def _write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)


def test_a_file_in_the_users_folder_is_a_tool(tmp_path: Path) -> None:
    _write(tmp_path, "birds.py", TOOL.format(name="birds"))
    tools = load_tools(tmp_path)
    assert tools.find("birds").title == "Count birds"
    assert not tools.problems


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import nothing_of_that_name", "nothing_of_that_name"),
        ("def broken(:", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("x = 1", "defines no tool"),
        (TOOL.format(name="Not a name"), "is no tool name"),
        (TOOL.format(name="diet"), "exists already"),
        (TOOL.format(name="birds").replace("    needs = ", "    need = "), "its needs"),
    ],
)
def test_a_file_that_fails_is_named_with_the_reason_and_the_others_load(
    tmp_path: Path, text: str, said: str
) -> None:
    _write(tmp_path, "bad.py", text)
    _write(tmp_path, "good.py", TOOL.format(name="good"))
    tools = load_tools(tmp_path)
    assert "good" in tools
    assert "diet" in tools
    (problem,) = tools.problems
    assert "bad.py" in problem
    assert said in problem


def test_a_misspelt_name_gets_the_nearest_one() -> None:
    with pytest.raises(UsageError, match="Did you mean 'diet'"):
        load_tools().find("diett")


def test_the_four_first_tools_are_there_and_say_what_they_need() -> None:
    tools = load_tools()
    assert {"car_damage", "diet", "flow_diagram", "fridge"} <= set(tools)
    assert not tools.problems
    for tool in tools.values():
        assert tool.observation.model_json_schema()["properties"]
        assert tool.answer.model_json_schema()["properties"]
