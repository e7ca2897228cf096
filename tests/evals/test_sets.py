"""The data sets: the same seed makes the same cases, and every truth fits its tool."""

from __future__ import annotations

import io
from itertools import islice
from pathlib import Path

import pytest
from PIL import Image

from visiontools.errors import ConfigurationError, UsageError
from visiontools.evals.cases import Case
from visiontools.evals.hub import LAYOUTS, Layout, _case
from visiontools.evals.sets import SETS, cases_named, sets_for
from visiontools.evals.sets_fridge import DRAWINGS, composed
from visiontools.evals.sets_injected import CANARY, ORDERS
from visiontools.registry import load_tools

BROWSER = {"diagrams-held-out", "fridge-composed"}
"""Sets that are drawn in a browser, of packages the tests do not want."""
FEW = {"threads": 1, "injected": 5}


def made(name: str, seed: int = 4) -> list[Case]:
    return list(islice(SETS[name].make(6, seed), FEW.get(name, 3)))


@pytest.mark.parametrize("name", sorted(set(SETS) - BROWSER))
def test_a_seed_makes_the_same_cases_whose_truth_fits(name: str) -> None:
    if SETS[name].missing():
        pytest.fail(f"the machine that runs the tests cannot make {name}")
    tools = load_tools()
    cases = made(name)
    assert [case.digest for case in cases] == [case.digest for case in made(name)]
    assert {case.digest for case in cases} != {case.digest for case in made(name, 5)}
    assert len({case.id for case in cases}) == len(cases)
    for case in cases:
        assert case.tool in SETS[name].tools
        if case.truth.observation is not None:
            tools[case.tool].observation.model_validate(case.truth.observation)
        tools[case.tool].options.model_validate(case.options)
        for upload in case.uploads:
            if not upload.name.endswith(".txt"):
                Image.open(io.BytesIO(upload.data)).verify()


def test_every_set_has_a_card_that_says_it_all() -> None:
    for each in SETS.values():
        assert all(text for _, text in each.card.lines()), each.name
        assert each.card.title


def test_no_order_names_what_it_asks_for() -> None:
    assert not any(CANARY in order.casefold() for order in ORDERS.values())
    orders = [case for case in made("injected") if case.truth.canary]
    assert len(orders) == 5


def test_a_set_is_made_for_the_tool_that_is_asked_about() -> None:
    tools = load_tools()
    cases = cases_named("wrong-kind", tools, "diet", 3, 1)
    assert [case.tool for case in cases] == ["diet"] * 3
    assert {each.name for each in sets_for("invite")} >= {"invites", "injected"}


def test_what_is_no_set_is_said() -> None:
    tools = load_tools()
    with pytest.raises(UsageError, match="no data set or folder named 'nothing'"):
        cases_named("nothing", tools, "diet", None, 1)
    with pytest.raises(UsageError, match="has nothing for invite"):
        cases_named("labels", tools, "invite", None, 1)
    with pytest.raises(UsageError, match="laid out is not known"):
        cases_named("hf:somebody/something", tools, None, None, 1)


def test_a_public_set_says_what_it_needs() -> None:
    with pytest.raises(ConfigurationError, match="pip install datasets"):
        cases_named("hf:HuggingFaceM4/ChartQA", load_tools(), None, 2, 1)


@pytest.mark.parametrize(
    ("name", "row", "ask", "reply"),
    [
        ("HuggingFaceM4/ChartQA", {"query": "How many?", "label": ["14"]}, "How many?", ("14",)),
        ("lmms-lab/DocVQA", {"question": "Who?", "answers": ["Ed", "ed"]}, "Who?", ("Ed", "ed")),
        ("lmms-lab/VQAv2", {"question": "Red?", "answers": [{"answer": "yes"}, {"answer": "no"}]},
         "Red?", ("yes", "no")),
        ("lmms-lab/ai2d", {"question": "What is it?", "options": ["leaf", "root"], "answer": "1"},
         "What is it? A: leaf; B: root. Answer with the letter.", ("B",)),
    ],
)  # fmt: skip
def test_rows_of_public_sets_become_questions(
    name: str, row: dict[str, object], ask: str, reply: tuple[str, ...]
) -> None:
    layout = LAYOUTS[name]
    case = _case({**row, layout.picture: Image.new("RGB", (8, 8))}, layout, "caption", 3)
    assert (case.ask, case.truth.reply, case.truth.by) == (ask, reply, layout.by)
    assert case.uploads[0].data.startswith(b"\x89PNG")


def test_a_public_set_that_changed_is_said() -> None:
    with pytest.raises(ConfigurationError, match="no column 'question'"):
        _case({"image": None}, Layout("test", "exact"), "caption", 0)


def test_a_fridge_holds_what_its_truth_says(tmp_path: Path) -> None:
    fridge = load_tools()["fridge"]
    for number in range(20):
        page, seen = composed(number, tmp_path)
        assert composed(number, tmp_path) == (page, seen)
        fridge.observation.model_validate(seen, extra="forbid")
        pieces = sum(item["quantity"] or 1 for item in seen["inventory"])
        assert page.count("<img ") == pieces
        assert len(seen["inventory"]) >= 4
    assert len({drawing.food for drawing in DRAWINGS}) == len(DRAWINGS)


def test_a_set_that_cannot_be_made_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError, match="apt install openclipart-svg chromium"):
        cases_named("fridge-composed", load_tools(), "fridge", 1, 1)
    assert "fridge-composed" not in {each.name for each in sets_for("fridge")}
