"""The generated program walks exactly as the graph, whatever the diagram says."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from tests.answers.flow_graphs import diagrams, graph

from visiontools.answers.flow import Graph, normalise
from visiontools.answers.flow_program import plan
from visiontools.answers.flow_python import python, python_state_machine
from visiontools.answers.flow_trace import steps_of_graph, steps_of_program
from visiontools.answers.graph import SeenDiagram

SLOW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


ORDER = (
    "a:Start/oval b:In_stock?/diamond c:Order_more d:Ship e:End/oval",
    "a>b b>d:Yes b>c:No c>b d>e",
)
IRREDUCIBLE = (
    "s:Start/oval q:Left?/diamond a:A_step b:B_step r:Done?/diamond e:End/oval",
    "s>q q>a:Yes q>b:No a>b b>r r>a:No r>e:Yes",
)


@SLOW
@given(diagrams())
def test_the_program_walks_as_the_graph_for_every_answer(seen: SeenDiagram) -> None:
    made = normalise(seen).graph
    wanted = steps_of_graph(plan(made))
    assert steps_of_program(python(made), plan(made)) == wanted
    assert steps_of_program(python_state_machine(made), plan(made)) == wanted


@SLOW
@given(diagrams())
def test_labels_are_only_ever_texts_and_docstrings(seen: SeenDiagram) -> None:
    made = normalise(seen).graph
    source = python(made)
    compile(source, "flow.py", "exec")
    module = ast.parse(source)
    kinds = {type(node) for node in module.body}
    assert kinds <= {ast.Expr, ast.ImportFrom, ast.Assign, ast.FunctionDef, ast.If}
    assert sum(isinstance(node, ast.ImportFrom) for node in ast.walk(module)) == 2
    said = {f.name: ast.get_docstring(f) for f in module.body if isinstance(f, ast.FunctionDef)}
    names = plan(made).names
    for node in made.nodes:
        if node.id in names and node.label:
            docstring = said[names[node.id]] or ""
            assert "".join(docstring.split()) == "".join(ast.literal_eval(repr(node.label)).split())


def test_a_wait_loop_becomes_a_while() -> None:
    source = python(graph(*ORDER))
    assert (
        '    while in_stock(state) == "No":\n        order_more(state)\n    ship(state)' in source
    )


def test_a_comparison_becomes_a_condition_on_the_state() -> None:
    made = graph("a:x_>_10?/diamond b:Stop/oval c:Go", "a>b:Yes a>c:No c>a")
    source = python(made)
    assert 'return bool(state["x"] > 10)' in source
    assert "while not x_above_10(state):" in source


def test_an_irreducible_graph_becomes_a_state_machine() -> None:
    source = python(graph(*IRREDUCIBLE))
    assert "match at:" in source


def test_the_check_notices_a_program_that_goes_elsewhere() -> None:
    made = graph(*ORDER)
    wrong = python(made).replace('== "No"', '== "Yes"')
    assert steps_of_program(wrong, plan(made)) != steps_of_graph(plan(made))


def test_a_real_run_takes_the_steps_in_order() -> None:
    made, done, answers = graph(*ORDER), [], iter(["No", "Yes"])
    space: dict[str, object] = {"__name__": "flow"}
    exec(compile(python(made), "flow.py", "exec"), space)
    space["in_stock"] = lambda state: next(answers)
    space["order_more"] = lambda state: done.append("more")
    space["ship"] = lambda state: done.append("ship")
    run = space["run"]
    assert callable(run)
    assert run() == "End"
    assert done == ["more", "ship"]


@pytest.mark.parametrize(
    "made",
    [
        graph(*ORDER),
        graph(*IRREDUCIBLE),
        graph("a:Phone/oval b:Mail/oval c:Which?/diamond d:One e:Two f:Three",
              "a>c b>c c>d:1 c>e:2 c>f:3 d>c e>c"),
        graph('a:x_>_10?/diamond b:"Go" c:One d:Two?/diamond',
              "a>b:Yes a>c:No b>d c>d d>a:1 d>b:2 d>c:3"),
    ],
    ids=["order", "irreducible", "several", "condition"],
)  # fmt: skip
def test_the_program_is_clean_by_ruff_and_mypy(made: Graph, tmp_path: Path) -> None:
    file = tmp_path / "flow.py"
    file.write_text(python(made))
    tools = Path(sys.executable).parent
    for command in (
        [tools / "ruff", "check", "--isolated", "--no-cache", file],
        [tools / "ruff", "format", "--isolated", "--no-cache", "--diff", file],
        [tools / "mypy", "--strict", "--config-file=", f"--cache-dir={tmp_path}/cache", file],
    ):
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
