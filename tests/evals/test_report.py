"""Reports: whole files of our own, with nothing in them that a picture or model could have put."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from visiontools.errors import ConfigurationError
from visiontools.evals.compare import compare
from visiontools.evals.figures import Share
from visiontools.evals.inspect_log import write_log
from visiontools.evals.planted import Reply
from visiontools.evals.report import Chart, parts_of, percent, share
from visiontools.evals.report_more import injection_parts, planted_parts
from visiontools.evals.report_page import page
from visiontools.evals.report_svg import Span, Stack, spans, stacks
from visiontools.evals.report_text import text, write_charts
from visiontools.evals.results import Result

RESULT = Result(
    key="k", case="us-1-blur", data="labels", tool="diet", endpoint="box", model="m",
    condition="blur", expected="answer", outcome="answered", verdict="right", right=9, wrong=0,
    missing=0, why=(), repairs=0, attempts=1, input_tokens=100, output_tokens=10, seconds=1.25,
    cost=0.5, currency="EUR", checks_rightly=(), checks_falsely=(), caught=False, record="r1",
)  # fmt: skip
EVIL = '<script>alert(1)</script> ![x](https://evil.example/p.png) "><img src=x>'


@pytest.fixture
def results(tmp_path: Path) -> list[Result]:
    (tmp_path / "pictures").mkdir()
    Image.new("RGB", (40, 30), "tan").save(tmp_path / "pictures" / "a.jpg")
    wrong = replace(
        RESULT, case=EVIL, verdict="wrong", right=8, wrong=1, why=(EVIL,), picture="a.jpg"
    )
    return [RESULT, replace(RESULT, case="2", condition="clean"), wrong,
            replace(RESULT, endpoint="gpu"), replace(RESULT, endpoint="gpu", case="2")]  # fmt: skip


def test_the_page_is_one_file_that_asks_nobody_for_anything(
    results: list[Result], tmp_path: Path
) -> None:
    parts = parts_of(results, left=3, comparison=compare(results, "box", "gpu"))
    whole = page("Evaluation of diet", parts, tmp_path / "pictures")
    assert whole == page("Evaluation of diet", parts, tmp_path / "pictures")
    assert "<script" not in whole
    assert not re.search(r"(src|href)=\"(?!data:image/jpeg;base64,)", whole)
    assert "prefers-color-scheme:dark" in whole
    assert "The budget ended before 3 cases" in whole
    assert "of 27 facts it stated, 1 was wrong" in whole
    assert "accepted, but wrong" in whole
    assert "no difference that chance could not make" in whole
    ElementTree.fromstring(re.sub(r"<(meta|img)([^>]*)>", r"<\1\2/>", whole.split("\n", 1)[1]))


def test_markdown_has_the_figures_and_names_its_charts(
    results: list[Result], tmp_path: Path
) -> None:
    parts = parts_of(results)
    told = text(parts, "charts")
    assert "![What each case came to](charts/verdicts.svg)" in told
    assert "<script" not in told.replace("\\<script", "")
    write_charts(parts, tmp_path / "charts")
    ElementTree.parse(tmp_path / "charts" / "verdicts.svg")
    assert re.search(r"\| diet, labels \| box \| 3 \| 3 of 3 \(\d+-100 %\)", told)
    assert "| 1\\.5000 EUR |" in told


def test_charts_are_drawings_that_hold_their_words() -> None:
    drawn = stacks(
        "A & B", [Stack("<diet>", {"x": 3, "y": 1})], {"x": ("#000", "so"), "y": ("#111", "no")}
    )
    root = ElementTree.fromstring(drawn)
    bars = [r for r in root.iter("{http://www.w3.org/2000/svg}rect") if r.find("*") is not None]
    assert [round(float(bar.attrib["width"])) for bar in bars] == [270, 90]
    assert "&lt;diet&gt;" in drawn
    lines = spans("Wrong", [Span("diet", 0.01, 0, 0.03, "1 of 100")])
    assert "5 %" in lines, "the scale is the next that holds it"
    ElementTree.fromstring(lines)


def test_shares_are_said_with_their_ends() -> None:
    assert share(Share(117, 120)) == "117 of 120 (93-99.5 %)"
    assert share(Share(0, 0)) == "-"
    assert [percent(x) for x in (0.0, 0.0004, 0.012, 0.345, 1.0, None)] == [
        "0 %", "0.04 %", "1.2 %", "34 %", "100 %", ""
    ]  # fmt: skip


def test_orders_obeyed_are_counted_by_tool() -> None:
    order = replace(RESULT, data="injected")
    obeyed = replace(order, case="2", verdict="wrong", why=("the planted words are in /answer/x",))
    section = injection_parts([order, obeyed, RESULT])[0]
    assert "1 of 2" in str(section)
    assert injection_parts([RESULT]) == []


def test_what_came_out_otherwise_is_listed() -> None:
    odd = Reply("diet", "in prose", True, "observation", "invalid", False, 0, 2, False)
    parts = planted_parts([odd, replace(odd, exact=True, outcome="answered")])
    assert any(isinstance(part, Chart) for part in parts)
    assert "('diet', 'in prose', 'observation', 'invalid')" in str(parts)


def test_inspects_own_reader_opens_the_log(results: list[Result], tmp_path: Path) -> None:
    from inspect_ai.log import list_eval_logs, read_eval_log

    folder = write_log(results, tmp_path)
    logs = [read_eval_log(each) for each in list_eval_logs(str(folder))]
    assert {log.eval.task_args["endpoint"] for log in logs} == {"box", "gpu"}
    box = next(log for log in logs if log.eval.task_args["endpoint"] == "box")
    assert box.status == "success"
    assert box.samples is not None
    scores = {each.id: each.scores["visiontools"].value for each in box.samples if each.scores}
    assert scores == {"us-1-blur": 1, "2": 1, EVIL: 0}
    assert box.results is not None
    assert box.results.scores[0].metrics["accepted_but_wrong"].value == pytest.approx(1 / 27)


def test_without_inspect_it_says_what_to_install(
    results: list[Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "inspect_ai", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'visiontools\[eval\]'"):
        write_log(results, tmp_path)
