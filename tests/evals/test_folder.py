"""People's own pictures: what fits becomes cases, what does not is named by its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from visiontools.errors import UsageError
from visiontools.evals.folder import read_folder
from visiontools.registry import Tools, load_tools

ROW = {"nutrient": "energy", "amount": 42, "unit": "kcal", "basis": "per_100ml"}
LESS = {"goal": "less_sugar"}
SEEN = {"products": [{"rows": [ROW]}]}


@pytest.fixture(scope="module")
def tools() -> Tools:
    return load_tools()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.png", "b.png"):
        Image.new("RGB", (40, 30), "tan").save(tmp_path / name)
    return tmp_path


def lines(folder: Path, *rows: Any) -> Path:
    text = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    (folder / "cases.jsonl").write_text(text + "\n", encoding="utf-8")
    return folder


def test_a_line_says_what_is_handed_in_and_what_is_right(folder: Path, tools: Tools) -> None:
    rows = [
        {"file": "a.png", "observation": SEEN, "condition": "flash"},
        {"files": ["a.png", "b.png"], "answer": {"/choice/index": 0}, "options": LESS},
        {"file": "b.png", "/choice/index": None, "expected": "none", "id": "dark"},
        {"file": "b.png", "ask": "Which?", "reply": ["the first", "A"], "by": "anls"},
    ]  # fmt: skip
    cases = read_folder(lines(folder, *rows), tools, "diet")
    assert [case.id for case in cases] == ["1-a.png", "2-a.png-b.png", "dark", "4-b.png"]
    assert cases[0].condition == "flash"
    assert cases[0].truth.observation is not None
    assert [upload.name for upload in cases[1].uploads] == ["a.png", "b.png"]
    assert cases[1].options == LESS
    assert cases[2].truth.expected == "none"
    assert cases[3].truth.reply == ("the first", "A")


def test_csv_says_the_same_with_a_column_each(folder: Path, tools: Tools) -> None:
    (folder / "seen.json").write_text(json.dumps(SEEN))
    (folder / "cases.csv").write_text(
        "file,tool,observation,/choice/index,/damage_visible,option.goal,expected\n"
        "a.png,diet,seen.json,1,,less_sugar,\n"
        "b.png,car_damage,,,no,,\n"
        "b.png,fridge,,,,,none\n",
        encoding="utf-8-sig",
    )
    cases = read_folder(folder, tools, None)
    assert [case.tool for case in cases] == ["diet", "car_damage", "fridge"]
    assert cases[0].truth.answer == {"/choice/index": 1}
    assert cases[0].options == {"goal": "less_sugar"}
    assert cases[1].truth.answer == {"/damage_visible": "no"}
    assert [case.tool for case in read_folder(folder, tools, "fridge")] == ["fridge"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"file": "c.png", "expected": "none"}, "there is no file c.png"),
        ({"file": "../../etc/passwd", "expected": "none"}, "is not in the folder"),
        ({"expected": "none"}, "it names no file"),
        ({"file": "a.png"}, "does not say what is right"),
        ({"file": "a.png", "expected": "maybe"}, "'answer' or 'none'"),
        ({"file": "a.png", "truth": 1}, "no such name is known here: truth"),
        ({"file": "a.png", "tool": "birds", "expected": "none"}, "which tool?"),
        (
            {"file": "a.png", "expected": "none", "options": {"goal": "joy"}},
            "options do not fit: goal",
        ),
        ({"file": "a.png", "observation": {"products": 3}}, "observation does not fit: products"),
        ({"file": "a.png", "observation": {"product": []}}, "no such name is known here"),
        ({"file": "a.png", "observation": "none.json"}, "there is no file none.json"),
        ({"file": "a.png", "reply": "x"}, "asks nothing"),
        ({"file": "a.png", "ask": "x?", "reply": "x", "by": "bleu"}, "no measure of replies"),
    ],
)
def test_what_does_not_fit_is_named_by_its_line(
    folder: Path, tools: Tools, row: dict[str, Any], said: str
) -> None:
    good = {"file": "a.png", "expected": "none"}
    with pytest.raises(UsageError, match=r"line 2: ") as error:
        read_folder(lines(folder, good, row), tools, "diet")
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "is no JSON"), ("[1]", "is no object"), ("", "has no case")],
)
def test_what_is_no_list_of_objects_is_said(
    folder: Path, tools: Tools, text: str, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        read_folder(lines(folder, text), tools, "diet")


def test_two_cases_of_one_id_are_told(folder: Path, tools: Tools) -> None:
    row = {"file": "a.png", "expected": "none", "id": "x"}
    with pytest.raises(UsageError, match="two cases of one id: x"):
        read_folder(lines(folder, row, row), tools, "diet")


def test_an_empty_folder_says_what_to_write(tmp_path: Path, tools: Tools) -> None:
    with pytest.raises(UsageError, match=r"cases.jsonl or cases.csv"):
        read_folder(tmp_path, tools, "diet")
