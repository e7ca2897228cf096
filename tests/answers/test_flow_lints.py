"""Each fault of a diagram is found, named, and found only where it is."""

from __future__ import annotations

import pytest
from tests.answers.flow_graphs import graph

from visiontools.answers.flow_lints import lint

CLEAN = (
    "s:Start/oval d:Done?/diamond w:Work e:End/oval",
    "s>d d>w:No w>d d>e:Yes",
)


def test_a_clean_diagram_has_no_findings() -> None:
    assert lint(graph(*CLEAN)) == ()


@pytest.mark.parametrize(
    ("code", "severity", "nodes", "shapes", "arrows"),
    [
        ("no_start", "warning", ("a",), "a:Work e:End/oval", "a>e"),
        ("no_start", "error", ("a", "b"), "a:Work b:Rest e:End/oval", "a>e b>e"),
        ("several_starts", "warning", ("s", "t"), "s:Start/oval t:Call/oval e:End/oval", "s>e t>e"),
        ("start_without_exit", "error", ("s",), "s:Start/oval a:Work", "a>s"),
        ("no_end", "warning", ("a",), "s:Start/oval a:Work", "s>a"),
        ("no_end", "error", (), "s:Start/oval a:Work", "s>a a>a"),
        ("end_with_exit", "warning", ("e",), "s:Start/oval e:End/oval a:Work", "s>e e>a a>e"),
        ("unreachable", "error", ("a",), "s:Start/oval a:Work e:End/oval", "s>e a>e"),
        ("isolated", "error", ("a",), "s:Start/oval a:Work e:End/oval", "s>e"),
        ("dead_end", "error", ("a",), "s:Start/oval d:Ok?/diamond a:Work e:End/oval",
         "s>d d>a:No d>e:Yes"),
        ("decision_needs_two_exits", "error", ("d",), "s:Start/oval d:Ok?/diamond e:End/oval",
         "s>d d>e:Yes"),
        ("exit_unlabelled", "warning", ("d",), "s:Start/oval d:Ok?/diamond a:Work e:End/oval",
         "s>d d>a d>e:Yes a>e"),
        ("exits_same_label", "error", ("d",), "s:Start/oval d:Ok?/diamond a:Work e:End/oval",
         "s>d d>a:yes d>e:Yes a>e"),
        ("several_exits", "warning", ("p",), "s:Start/oval p:Work a:Rest e:End/oval",
         "s>p p>a p>e a>e"),
        ("endless_loop", "error", ("a", "b"),
         "s:Start/oval d:Ok?/diamond a:Work b:Rest e:End/oval", "s>d d>a:No d>e:Yes a>b b>a"),
        ("empty_label", "warning", ("a",), "s:Start/oval a: e:End/oval", "s>a a>e"),
        ("duplicate_label", "warning", ("a", "b"), "s:Start/oval a:Work b:work e:End/oval",
         "s>a a>b b>e"),
    ],
)  # fmt: skip
def test_a_fault_is_found(
    code: str, severity: str, nodes: tuple[str, ...], shapes: str, arrows: str
) -> None:
    (found,) = [one for one in lint(graph(shapes, arrows)) if one.code == code]
    assert (found.severity, found.nodes) == (severity, nodes)
    assert found.message.endswith(".")


def test_two_ends_of_the_same_word_are_no_fault() -> None:
    made = graph("s:Start/oval d:Ok?/diamond e:End/oval f:End/oval", "s>d d>e:Yes d>f:No")
    assert lint(made) == ()


def test_errors_come_first() -> None:
    severities = [one.severity for one in lint(graph("a: b:Work c:Work", "a>b"))]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
