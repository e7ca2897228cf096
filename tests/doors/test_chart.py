"""Charts at the command line and for programs: bars, a computed reply, a sheet, the schemas."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def given(home: Path) -> tuple[str, ...]:
    seen = str(EXAMPLES / "chart_bars.observation.json")
    return ("run", "chart", str(EXAMPLES / "chart_bars.png"), "--observation", seen)


def test_bars_are_drawn_and_a_question_is_computed(cli: Any, given: tuple[str, ...]) -> None:
    done = cli(*given, "--ask", "How much did it grow from Jan to May?")
    assert done.status == 0, done.err
    assert "From Jan (42) to May (121): +79, that is +188.1 %." in done.out
    assert "It stands on" in done.out
    assert "Bicycles sold in 2025, drawn anew" in done.out
    drawn = {line.split()[0]: line.count("█") for line in done.out.splitlines() if "█" in line}
    assert list(drawn) == ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]
    assert max(drawn, key=lambda month: drawn[month]) == "May"


def test_a_further_question_needs_no_model_and_a_strange_one_is_said(
    cli: Any, given: tuple[str, ...]
) -> None:
    record = cli(*given, "--json").json
    done = cli("ask", record["id"][:8], "What is the average?")
    assert done.status == 0, done.err
    assert "Average of 6 values: 83.33." in done.out
    strange = cli("ask", record["id"][:8], "Why did it fall?", "--json").json
    assert strange["outcome"] == "partly"
    assert "What can be asked is" in strange["reply"]["text"]
    assert strange["reply"]["grounds"] == []


def test_a_record_is_printed_for_a_spreadsheet(cli: Any, given: tuple[str, ...]) -> None:
    record = cli(*given, "--json").json
    done = cli("records", "show", record["id"][:8], "--csv")
    assert done.status == 0, done.err
    rows = list(csv.reader(io.StringIO(done.out)))
    assert rows[0] == ["series", "category", "x", "value", "unit", "source", "printed"]
    assert rows[5][1:4] == ["May", "", "121"]


def test_the_template_is_taken_and_the_schemas_are_told(
    cli: Any, given: tuple[str, ...], home: Path
) -> None:
    template = cli("run", "chart", "--observation", "template")
    (home / "seen.json").write_text(template.out)
    empty = cli(*given[:-1], str(home / "seen.json"))
    assert empty.status == 10, empty.err
    (told,) = cli("tools", "chart", "--json").json
    assert "series" in told["observation_schema"]["properties"]
    assert "doubts" in told["answer_schema"]["properties"]
