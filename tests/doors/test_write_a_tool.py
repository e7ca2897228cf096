"""docs/write-a-tool.md is true: what it says to type and to test works as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from visiontools.registry import load_tools
from visiontools.tooling import Tool

PAGE = (Path(__file__).parents[2] / "docs" / "write-a-tool.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def birds(cli: Any) -> str:
    assert cli("new-tool", "birds").status == 0
    return "birds"


def test_the_test_on_the_page_passes(birds: str, tmp_path: Path) -> None:
    (code,) = blocks("python")
    names: dict[str, Any] = {}
    exec(compile(code, "write-a-tool.md", "exec"), names)
    tests = [value for name, value in names.items() if name.startswith("test_")]
    for each in tests:
        each(tmp_path)
    assert tests


def test_the_commands_on_the_page_work(cli: Any, home: Path, picture: str) -> None:
    for line in filter(None, "\n".join(blocks("sh")).splitlines()):
        words = line.partition("#")[0].replace("photo.jpg", picture).split()
        target = home / words.pop() if ">" in words else None
        said = cli(*(word for word in words[1:] if word != ">"))
        assert said.status == 0, (line, said.err)
        if target is not None:
            target.write_text(said.out.replace('"name": ""', '"name": "robin"').replace("1", "2"))


def test_every_part_of_a_tool_is_on_the_page() -> None:
    public = {name for name in vars(Tool) if not name.startswith("_")} | set(Tool.__annotations__)
    for name in public:
        assert f"`{name}" in PAGE, name


@pytest.mark.parametrize("name", ["none", "true", "thing", "answer", "bar", "import", "class_"])
def test_whatever_a_tool_is_called_it_loads(cli: Any, home: Path, name: str) -> None:
    assert cli("new-tool", name).status == 0
    found = load_tools(home / "tools")
    assert found.problems == ()
    assert found[name].observation.model_validate({"things": [{"name": "a", "count": 1}]})
