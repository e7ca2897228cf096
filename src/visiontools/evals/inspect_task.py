"""The evaluation as a task of Inspect, for those who drive everything with it.

::

    inspect eval visiontools/tool --model none/none -T tool=diet -T data=labels -T endpoint=box

The solver is the one pipeline, the scores are those of ``visiontools eval``; answers are kept in
``out`` and not asked for again. Imported by Inspect itself, through an entry point.
"""

from __future__ import annotations

from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ModelOutput
from inspect_ai.scorer import Score, Scorer, Target, accuracy, scorer, stderr
from inspect_ai.solver import Generate, Solver, TaskState, solver

from visiontools.evals.cases import Case
from visiontools.evals.inspect_log import score_of
from visiontools.evals.results import Result
from visiontools.evals.runner import Plan, measure
from visiontools.evals.sets import cases_named
from visiontools.observers import READER
from visiontools.registry import load_tools
from visiontools.settings import Settings

_RESULT = "visiontools"


@task
def tool(
    tool: str,
    data: str = "labels",
    endpoint: str = READER,
    limit: int | None = None,
    seed: int = 1,
    out: str = "evaluation",
) -> Task:
    """One tool by one endpoint on one set of data."""
    settings = Settings.load()
    cases = cases_named(data, load_tools(settings.tools_folder), tool, limit, seed)
    plan = Plan(settings=settings, out=Path(out), endpoints=(endpoint,))
    samples = [
        Sample(input=f"{tool}: {case.condition or case.id}", target=case.truth.expected, id=case.id)
        for case in cases
    ]
    return Task(
        dataset=MemoryDataset(samples, name=data),
        solver=pipeline_run(data, {case.id: case for case in cases}, plan),
        scorer=truth(),
        name=f"{tool}_{data}_{endpoint}",
    )


@solver
def pipeline_run(data: str, cases: dict[str, Case], plan: Plan) -> Solver:
    """Run a case through the pipeline; its result goes along to the scorer."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        measured = await measure(data, [cases[str(state.sample_id)]], plan)
        result = measured.results[0]
        state.store.set(_RESULT, result)
        state.output = ModelOutput.from_content(result.model, result.outcome)
        state.completed = True
        return state

    return solve


@scorer(metrics=[accuracy(), stderr()], name="visiontools")
def truth() -> Scorer:
    """The verdict, which was reached as the case was run."""

    async def score(state: TaskState, target: Target) -> Score:
        result: Result = state.store.get(_RESULT)
        judged: Score = score_of(result)
        return judged

    return score
