"""Tries a generated program in the sandbox, with stand-ins for its steps."""

from __future__ import annotations

from dataclasses import dataclass

from visiontools.answers.flow import Graph
from visiontools.answers.flow_program import plan
from visiontools.answers.flow_trace import TakeTurns, Walk, walk
from visiontools.sandbox import Limits, run_sandboxed

_MOST_STEPS = 200
_ENOUGH = "enough steps"


@dataclass(frozen=True, slots=True)
class Trial:
    """What the program did, what the graph says it should do, and why it failed, if it did."""

    done: Walk
    wanted: Walk
    error: str | None = None

    @property
    def ok(self) -> bool:
        return self.error is None and self.done == self.wanted


def try_program(source: str, graph: Graph) -> Trial:
    """Run the program unchanged but for its steps, which only write down that they were called.

    Decisions take their first exit the first time they are asked, then the next. After 200 steps
    it is stopped. Raises ConfigurationError where the sandbox is not installed.
    """
    parts = plan(graph)
    turns = TakeTurns({id: [way.answer for way in ways] for id, ways in parts.ways.items()})
    steps: list[tuple[str, str]] = []

    def stand_in(node: str) -> str | bool:
        if len(steps) >= _MOST_STEPS:
            raise RuntimeError(_ENOUGH)
        answer = turns(node)
        steps.append((node, answer))
        found = parts.conditions.get(node)
        return answer == found.yes if found else answer

    replaced = [
        f'def {name}(state):\n    return stand_in("{id}")' for id, name in parts.names.items()
    ]
    result = run_sandboxed(
        [source, "\n".join(replaced), "run()"],
        inputs={"__name__": "flow"},
        functions={"stand_in": stand_in},
        limits=Limits(calls=_MOST_STEPS * 4),
    )
    outcome = result.value if result.ok and isinstance(result.value, str) else None
    stopped = not result.ok and _ENOUGH in (result.error or "") and len(steps) >= _MOST_STEPS
    error = None if result.ok or stopped else result.error
    return Trial(Walk(tuple(steps), outcome), walk(graph, _MOST_STEPS), error)
