"""The answer of Code Generation, as programs get it, and how a person sees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from visiontools.answers.flow_kinds import Kind
from visiontools.answers.flow_lints import Severity
from visiontools.tooling import Answer
from visiontools.types import Provenance
from visiontools.views.blocks import (
    Arrow,
    Block,
    Code,
    Diagram,
    Items,
    Notice,
    Shape,
    Step,
    Text,
)

_KINDS: dict[Kind, str] = {"input_output": "input/output"}
_SHAPES: dict[Kind, Shape] = {
    "start": "rounded",
    "end": "rounded",
    "process": "box",
    "decision": "diamond",
    "input_output": "slanted",
    "subprocess": "double",
    "other": "box",
}


class FlowNode(BaseModel):
    """One step; ``id`` is the observer's, made safe, and ``label`` its text on one line."""

    id: str
    label: Annotated[str, Provenance.READ]
    kind: Annotated[Kind, Provenance.INFERRED]


class FlowEdge(BaseModel):
    """One arrow between two nodes."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    source: Annotated[str, Provenance.READ] = Field(alias="from")
    target: Annotated[str, Provenance.READ] = Field(alias="to")
    label: Annotated[str | None, Provenance.READ] = None


class FlowLint(BaseModel):
    """Something about the diagram to put right, or to know."""

    code: str
    severity: Severity
    message: str
    nodes: list[str] = Field(default_factory=list, description="ids of the nodes it is about")


class TraceStep(BaseModel):
    """One step of the trial run; ``answer`` is the exit taken where there are several."""

    node: str
    label: str
    answer: str | None = None


class FlowTrace(BaseModel):
    """A trial run in the sandbox; ``outcome`` is where it ended, null if it was stopped."""

    steps: list[TraceStep]
    outcome: str | None
    error: str | None = None


class FlowAnswer(Answer):
    """The diagram as a graph, what is wrong with it, and what it becomes."""

    model_config = ConfigDict(serialize_by_alias=True)

    nodes: list[FlowNode]
    edges: list[FlowEdge]
    lints: list[FlowLint]
    summary: str
    mermaid: str
    python: str
    trace: FlowTrace | None = Field(default=None, description="present where it was tried")


def show(answer: FlowAnswer) -> Sequence[Block]:
    """The answer for a person: the summary, what to mind, the steps, the code, the trial."""
    return [
        Text(answer.summary),
        *(
            Notice(lint.message, "note" if lint.severity == "note" else "warning")
            for lint in answer.lints
        ),
        _drawn(answer),
        Code(answer.mermaid, "mermaid", "Mermaid"),
        Code(answer.python, "python", "Python"),
        *_trial(answer.trace),
    ]


def _drawn(answer: FlowAnswer) -> Diagram:
    steps = tuple(
        Step(node.id, node.label, _KINDS.get(node.kind, node.kind), _SHAPES[node.kind])
        for node in _in_walking_order(answer)
    )
    arrows = tuple(Arrow(edge.source, edge.target, edge.label or "") for edge in answer.edges)
    return Diagram("Steps", steps, arrows)


def _in_walking_order(answer: FlowAnswer) -> list[FlowNode]:
    """As the arrows lead from the start, one branch after the other; the unreached come last."""
    nodes = {node.id: node for node in answer.nodes}
    ways: dict[str, list[str]] = {}
    for edge in answer.edges:
        ways.setdefault(edge.source, []).append(edge.target)
    entered = {edge.target for edge in answer.edges}
    first = [id for id in nodes if nodes[id].kind == "start"]
    first += [id for id in nodes if id not in entered]
    walked: dict[str, FlowNode] = {}
    for begin in (*first, *nodes):
        waiting = [begin]
        while waiting:
            id = waiting.pop()
            if id not in walked:
                walked[id] = nodes[id]
                waiting += reversed(ways.get(id, []))
    return list(walked.values())


def _trial(trace: FlowTrace | None) -> Iterator[Block]:
    if trace is None:
        return
    if trace.error:
        yield Notice(f"The trial run failed: {trace.error}", "warning")
    items = [
        f"{step.label or step.node}" + (f": {step.answer}" if step.answer else "")
        for step in trace.steps
    ]
    if trace.outcome is not None:
        items.append(f"ended at {trace.outcome}")
    elif not trace.error:
        items.append("stopped here, it would go on")
    yield Items(tuple(items), "Trial run with stand-ins for the steps", numbered=True)
