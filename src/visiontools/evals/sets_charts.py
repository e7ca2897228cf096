"""Sets of charts, tables and receipts, drawn by seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from visiontools.evals.cases import Card, Case, DataSet, Truth, held
from visiontools.types import Upload


def charts(count: int, seed: int) -> Iterator[Case]:
    """Bar charts, charts with a bar left out, and tables; every second is spoilt."""
    return _drawn(count, seed, ("drawn", "table", "erased"))


def receipts(count: int, seed: int) -> Iterator[Case]:
    """Receipts, every second with a total that is not what its lines add up to."""
    return _drawn(count, seed, ("receipt", "false_total"))


def _drawn(count: int, seed: int, names: Sequence[str]) -> Iterator[Case]:
    from visiontools.evals.charts import RENDERERS, plan
    from visiontools.evals.labels_faults import spoil

    for job in plan(count, seed, names):
        data, truth = RENDERERS[job.renderer](job.seed)
        if job.fault != "clean":
            data = spoil(data, job.fault, job.seed)
        yield Case(
            id=f"{job.renderer}-{job.seed}-{job.fault}",
            tool="chart",
            load=held(Upload(data, f"{job.renderer}.png")),
            truth=Truth(observation=truth.model_dump(mode="json", by_alias=True)),
            condition=f"{job.renderer.replace('_', ' ')}, {job.fault}",
        )


CHARTS = DataSet(
    "charts",
    ("chart",),
    Card(
        "Drawn charts and tables",
        "Bar charts with printed values or an axis to read them off, some with a bar left out, and "
        "tables; half of them spoilt by blur, JPEG, turning, skew, shadow or shrinking.",
        "Drawn by visiontools.evals.charts from a seed, with invented figures.",
        "Every value with whose it is. An estimate may be off by 1.5 % of the largest value.",
        "Bars and tables only: no lines, pies or scatter plots.",
        "Made by this program; fonts by their own free licences.",
    ),
    charts,
    60,
)
RECEIPTS = DataSet(
    "receipts",
    ("chart",),
    Card(
        "Drawn receipts",
        "Receipts of six countries; half of them have a total that is not the sum of their lines.",
        "Drawn by visiontools.evals.charts from a seed, with invented shops and goods.",
        "Every amount, date and currency, as printed: a false total is copied, and a check has to "
        "say that it is false.",
        "Flat paper; crumpled and faded ones are harder.",
        "Made by this program; fonts by their own free licences.",
    ),
    receipts,
    40,
)
