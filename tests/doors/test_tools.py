"""`visiontools tools`, `new-tool`, and the template for a person's observation."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from visiontools.doors.cli.filled import filled_in
from visiontools.doors.cli.template import fields, template
from visiontools.pointers import resolve
from visiontools.registry import load_tools

BUILT_IN = sorted(load_tools())
EXAMPLES = Path(__file__).parents[2] / "examples"


def test_every_tool_is_listed_with_its_schemas(cli: Any, shelf: str) -> None:
    listed = cli("tools", "--json").json
    assert [each["name"] for each in listed] == sorted([*BUILT_IN, shelf])
    for each in listed:
        assert each["observation_schema"]["type"] == "object"
        assert each["answer_schema"]["type"] == "object"
        assert each["options_schema"]["type"] == "object"


def test_a_person_sees_what_each_needs_and_its_options(cli: Any, shelf: str) -> None:
    said = cli("tools")
    assert said.status == 0
    assert "shelf: Shelf" in said.out
    assert "a picture of things that can be counted" in said.out
    assert "at_least=1: leave out things seen less often" in said.out
    assert max(map(len, said.out.splitlines())) <= 80


def test_a_width_of_nothing_shows_them_all_the_same(
    cli: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = cli("tools").out
    monkeypatch.setenv("COLUMNS", "0")
    assert cli("tools").out == usual


def test_the_new_tool_is_where_the_program_says(cli: Any, home: Path) -> None:
    said = cli("new-tool", "my_shelf")
    assert said.status == 0
    assert Path(said.out.strip()) == home / "tools" / "my_shelf.py"
    assert "visiontools run my_shelf" in said.err


def test_a_program_is_told_where_the_new_tool_is(cli: Any, home: Path) -> None:
    said = cli("new-tool", "my_shelf", "--json")
    assert said.json == {"name": "my_shelf", "path": str(home / "tools" / "my_shelf.py")}


def test_a_tool_is_never_written_over(cli: Any, shelf: str, home: Path) -> None:
    path = home / "tools" / "shelf.py"
    path.write_text("# broken, but mine")
    said = cli("new-tool", "shelf")
    assert said.status == 2
    assert path.read_text() == "# broken, but mine"


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_built_in_name_is_taken(cli: Any, name: str) -> None:
    said = cli("new-tool", name)
    assert said.status == 2
    assert "exists already" in said.err


@pytest.mark.parametrize(
    ("name", "near"),
    [("My-Shelf", "'my_shelf' would be one"), ("../x1", "'x1' would be one"), ("1", ""), ("", "")],
)
def test_a_bad_name_is_refused(cli: Any, home: Path, name: str, near: str) -> None:
    said = cli("new-tool", name)
    assert (said.status, said.out) == (2, "")
    assert near in said.err
    assert not (home / "tools").exists()


def test_a_folder_that_cannot_be_written_is_explained(
    cli: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "file").write_text("")
    monkeypatch.setenv("VISIONTOOLS_TOOLS_FOLDER", str(home / "file" / "tools"))
    said = cli("new-tool", "shelf")
    assert said.status == 2
    assert "cannot be written" in said.err


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_template_fits_its_tool_strictly(name: str) -> None:
    tool = load_tools()[name]
    made = template(tool)
    proposal = made.pop("proposal", None)
    seen = tool.observation.model_validate(made, extra="forbid")
    wanted = tool.proposal(seen, tool.options())
    assert (proposal is None) == (wanted is None)
    if wanted is not None:
        wanted.schema.model_validate(proposal, extra="forbid")


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_field_of_a_template_is_explained(name: str) -> None:
    tool = load_tools()[name]
    made = template(tool)
    told = [pointer for pointer, allowed, _ in fields(tool) if allowed]
    assert told
    inside = 0
    for pointer in told:
        try:
            resolve(made, pointer)
            inside += 1
        except KeyError:  # below an object that is null, or in a list that is empty, to begin with
            assert not resolve(made, pointer.rsplit("/", 1)[0])
    assert inside


def test_a_template_nobody_filled_in_says_that_nothing_can_be_told(
    cli: Any, shelf: str, picture: str
) -> None:
    said = cli("run", shelf, "--observation", "template")
    assert said.status == 0
    assert json.loads(said.out)["things"] == [{"name": "", "count": 1}]
    assert "/things/0/name" in said.err
    ran = cli("run", shelf, picture, "--observation", "-", stdin=said.out.encode())
    assert ran.status == 10
    assert "put in what you see" in ran.err


@pytest.mark.parametrize("name", BUILT_IN)
def test_no_built_in_tool_takes_the_template_for_an_answer(
    cli: Any, home: Path, name: str, picture: str
) -> None:
    (home / "note.txt").write_text("See you on Friday.")
    handed_in = picture if "picture" in load_tools()[name].takes else "note.txt"
    said = cli("run", name, "--observation", "template")
    ran = cli("run", name, handed_in, "--observation", "-", "--json", stdin=said.out.encode())
    assert (ran.status, ran.json["outcome"]) == (10, "cannot_tell")


def test_what_is_left_as_the_template_has_it_was_not_said() -> None:
    diet = load_tools()["diet"]
    said = template(diet)
    said["products"][0]["name"] = "Cola"
    said["products"].append({"name": None})
    kept, left = filled_in(diet, said)
    assert kept["products"] == [
        {
            "name": "Cola",
            "serving": None,
            "container": None,
            "servings_per_container": None,
            "rows": [],
        },
        {"name": None},
    ]
    assert left == ["/products/0/serving", "/products/0/container", "/products/0/rows/0"]


def test_an_example_of_a_dish_is_no_dish() -> None:
    fridge = load_tools()["fridge"]
    said = template(fridge)
    said["inventory"][0]["name"] = "tomato"
    kept, left = filled_in(fridge, said)
    assert [item["name"] for item in kept["inventory"]] == ["tomato"]
    assert "proposal" not in kept
    assert left == ["/proposal/dishes/0"]
    said["proposal"] = {"dishes": []}
    assert filled_in(fridge, said)[0]["proposal"] == {"dishes": []}


@pytest.mark.parametrize("name", BUILT_IN)
def test_what_a_person_wrote_is_kept_as_it_is(name: str) -> None:
    for path in EXAMPLES.glob(f"{name.removesuffix('_diagram')}*.observation.json"):
        said = json.loads(path.read_text("utf-8"))
        assert filled_in(load_tools()[name], said) == (said, [])


@pytest.mark.parametrize("odd", [{"products": None}, {"products": [1, [], {"rows": 3}]}, {"x": {}}])
def test_whatever_is_said_is_left_to_the_schema_to_refuse(odd: dict[str, Any]) -> None:
    assert filled_in(load_tools()["diet"], odd) == (odd, [])


def test_the_written_tool_is_an_ordinary_file(cli: Any, shelf: str, home: Path) -> None:
    mode = (home / "tools" / "shelf.py").stat().st_mode
    assert stat.S_ISREG(mode)
    assert not mode & stat.S_IXUSR


def test_one_tool_can_be_asked_for(cli: Any) -> None:
    said = cli("tools", "flow_diagram")
    assert "flow_diagram: Code Generation" in said.out
    assert "try=false: true runs the program" in said.out
    assert "diet" not in said.out
    assert [each["name"] for each in cli("tools", "diet", "--json").json] == ["diet"]
    said = cli("tools", "dite")
    assert (said.status, said.out) == (2, "")
    assert "Did you mean 'diet'?" in said.err


def test_defaults_are_shown_as_they_are_written(cli: Any) -> None:
    assert "staples=water,salt,pepper" in cli("tools", "fridge").out
