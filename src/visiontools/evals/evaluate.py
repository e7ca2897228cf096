"""One evaluation: tools by endpoints on data, with its report in a folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from visiontools.errors import StorageError, UsageError
from visiontools.evals.cases import Case
from visiontools.evals.compare import Comparison, compare
from visiontools.evals.figures import by_group
from visiontools.evals.report import Part, parts_of
from visiontools.evals.report_more import injection_parts
from visiontools.evals.report_page import page
from visiontools.evals.report_text import text, write_charts
from visiontools.evals.results import Result
from visiontools.evals.runner import PICTURES, Plan, Progress, measure
from visiontools.evals.sets import SETS, can_read, cases_named, sets_for
from visiontools.evals.spending import Budget
from visiontools.observers import READER
from visiontools.registry import AnyTool, Tools
from visiontools.settings import Settings

PAGE, TEXT, FIGURES, CHARTS = "report.html", "report.md", "figures.json", "charts"


@dataclass(frozen=True)
class Wanted:
    """What to evaluate. Without ``data`` every set there is for the tool is taken.

    ``compared`` are two of the endpoints; ``again`` measures anew what was measured before.
    """

    tool: str | None
    out: Path
    data: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = (READER,)
    compared: tuple[str, str] | None = None
    limit: int | None = None
    seed: int = 1
    jobs: int = 1
    again: bool = False
    budget: Budget = field(default_factory=Budget)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The results, how many cases the budget left out, and what to report of them."""

    results: tuple[Result, ...]
    left: int
    comparison: Comparison | None
    parts: tuple[Part, ...]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "figures": [row.as_json() for row in by_group(self.results)],
            "left_out": self.left,
            "comparison": asdict(self.comparison) if self.comparison else None,
            "results": [asdict(each) for each in self.results],
        }


async def evaluate(
    wanted: Wanted, settings: Settings, tools: Tools, tell: Callable[[Progress], None]
) -> Evaluation:
    """Measure and report. Raises UsageError where the data or the endpoints make no sense."""
    if wanted.tool is not None:
        _check_eyes(tools.find(wanted.tool), wanted.endpoints)
    wanted.budget.check(wanted.endpoints, (READER,))
    results: list[Result] = []
    left = 0
    for name, cases in _data(wanted, tools):
        plan = Plan(
            settings=settings,
            out=wanted.out,
            endpoints=wanted.endpoints,
            budget=wanted.budget,
            jobs=wanted.jobs,
            again=wanted.again,
            tell=tell,
        )
        measured = await measure(name, cases, plan)
        results += measured.results
        left += measured.left
    comparison = compare(results, *wanted.compared) if wanted.compared else None
    parts = parts_of(results, left=left, comparison=comparison) + injection_parts(results)
    return Evaluation(tuple(results), left, comparison, tuple(parts))


def _check_eyes(tool: AnyTool, endpoints: Sequence[str]) -> None:
    """Measuring the reader on what it cannot read would tell nobody anything."""
    if READER in endpoints and not can_read(tool):
        raise UsageError(
            f"The built-in reader does not serve {tool.name}: there is nothing to measure.",
            next="Name a model with --endpoint; 'visiontools eval "
            f"{tool.name} --data planted' needs none.",
        )


def _data(wanted: Wanted, tools: Tools) -> list[tuple[str, list[Case]]]:
    names = wanted.data
    if not names:
        names = tuple(each.name for each in sets_for(wanted.tool)) if wanted.tool else tuple(SETS)
    if not names:
        raise UsageError(
            f"There is no data set for {wanted.tool}.",
            next="Name a folder of your own with --data: docs/evaluate.md shows how.",
        )
    found = [
        (_called(name), cases_named(name, tools, wanted.tool, wanted.limit, wanted.seed))
        for name in names
    ]
    return [(name, cases) for name, cases in found if cases]


def _called(name: str) -> str:
    """A folder's own name, not where it lies."""
    return name if name in SETS or ":" in name else Path(name).expanduser().resolve().name


def write_report(title: str, evaluation: Evaluation, out: Path) -> Path:
    """Write report.html, report.md with its charts, and figures.json; returns the first."""
    return write_parts(title, evaluation.parts, evaluation.as_json(), out)


def write_parts(title: str, parts: Sequence[Part], told: dict[str, Any], out: Path) -> Path:
    """The same for parts made elsewhere. Raises StorageError where the folder cannot be used."""
    try:
        (out / PAGE).write_text(page(title, parts, out / PICTURES), encoding="utf-8")
        (out / TEXT).write_text(f"# {title}\n\n{text(parts, CHARTS)}", encoding="utf-8")
        write_charts(parts, out / CHARTS)
        figures = json.dumps(told, indent=1, ensure_ascii=False)
        (out / FIGURES).write_text(figures + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(
            f"{out} cannot be written: {error.strerror or error}.", next="Name another --out."
        ) from None
    return out / PAGE
