"""The Mermaid text holds the graph again, whatever the labels are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.answers.flow_graphs import diagrams, graph

from visiontools.answers.flow import normalise
from visiontools.answers.flow_mermaid import drawn, escape, mermaid, parse, unescape
from visiontools.answers.graph import SeenDiagram


@given(diagrams())
def test_what_is_written_is_read_back(seen: SeenDiagram) -> None:
    made = normalise(seen).graph
    assert parse(mermaid(made)) == drawn(made)


@given(st.text())
def test_an_escaped_text_cannot_leave_its_quotes(text: str) -> None:
    escaped = escape(text)
    assert unescape(escaped) == text
    assert not set(escaped) & set('"<>&`*~\\\n\r')


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("In stock?", "In stock?"),
        ('say "hi" #1', "say #34;hi#34; #35;1"),
        ("a\nb", "a#10;b"),
        ("1. Begin", "1#46; Begin"),
        ("- item", "#45; item"),
        ("_x_ re-order order_id", "#95;x#95; re-order order_id"),
        ("style: #", "style#58; #35;"),
        ("$5 or $$x$$", "$5 or #36;#36;x#36;#36;"),
        ("fa:fa-car", "fa#58;fa-car"),
        ("Größe ≥ 在庫", "Größe ≥ 在庫"),
    ],
)
def test_only_what_means_something_is_escaped(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_every_kind_has_its_shape() -> None:
    made = graph(
        "s:Start/oval i:Read/parallelogram d:Ok?/diamond p:Work u:Sub/double_box e:End/oval",
        "s>i i>d d>p:Yes d>u:No p>e u>e",
    )
    text = mermaid(made)
    for part in ('s(["Start"])', 'i[/"Read"/]', 'd{"Ok?"}', 'p["Work"]', 'u[["Sub"]]'):
        assert part in text
    assert 'd -->|"Yes"| p' in text


@pytest.mark.parametrize("line", ['    a["x" ]', "    a --> ", "    click a", '    a["x"}'])
def test_the_parser_refuses_everything_else(line: str) -> None:
    with pytest.raises(ValueError, match="not a line"):
        parse(f"flowchart TD\n{line}\n")
