"""Results as a log of Inspect (UK AI Security Institute), for its viewer: ``inspect view``.

Inspect is an extra, and is imported where a log is written and nowhere else: it takes seconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from visiontools.errors import ConfigurationError, StorageError
from visiontools.evals.compare import GOOD
from visiontools.evals.figures import figures, groups
from visiontools.evals.results import Result

LOGS = "logs"
SCORER = "visiontools"


def write_log(results: Sequence[Result], out: Path) -> Path:
    """One log for each set, tool and endpoint, in ``logs``; returns that folder.

    Raises ConfigurationError where Inspect is not installed, StorageError where nothing can be
    written.
    """
    api = inspect_log_api()
    folder = out / LOGS
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for group in groups(results):
            first = group[0]
            name = f"{first.tool}_{first.data}_{first.endpoint}.eval"
            api.write_eval_log(_log(api, group), str(folder / name))
    except OSError as error:
        raise StorageError(
            f"{folder} cannot be written: {error.strerror or error}.", next="Name another --out."
        ) from None
    return folder


def inspect_log_api() -> Any:
    """``inspect_ai.log``, imported now. Raises ConfigurationError where it is not installed."""
    try:
        from inspect_ai import log
    except ModuleNotFoundError:
        raise ConfigurationError(
            "Writing a log for Inspect needs Inspect.",
            next="Install it: pip install 'visiontools[eval]'",
        ) from None
    return log


def _log(api: Any, group: Sequence[Result]) -> Any:
    first = group[0]
    spec = api.EvalSpec(
        created=dt.datetime.now(dt.UTC).isoformat(),
        task=f"visiontools/{first.tool}",
        task_args={"data": first.data, "endpoint": first.endpoint},
        dataset=api.EvalDataset(
            name=first.data, samples=len(group), sample_ids=[each.case for each in group]
        ),
        model=first.model,
        config=api.EvalConfig(),
    )
    row = figures(group)
    metrics = {
        "right": sum(each.verdict in GOOD for each in group) / len(group),
        "facts_told": row.facts.rate or 0.0,
        "accepted_but_wrong": row.wrong_facts.rate or 0.0,
        "accepted_but_wrong_at_most": row.wrong_facts.most if row.wrong_facts.total else 0.0,
    }
    scores = api.EvalScore(
        name=SCORER,
        scorer=SCORER,
        metrics={name: api.EvalMetric(name=name, value=value) for name, value in metrics.items()},
    )
    return api.EvalLog(
        status="success",
        eval=spec,
        results=api.EvalResults(
            total_samples=len(group), completed_samples=len(group), scores=[scores]
        ),
        samples=[_sample(api, each) for each in group],
    )


def _sample(api: Any, result: Result) -> Any:
    return api.EvalSample(
        id=result.case,
        epoch=1,
        input=f"{result.tool}: {result.condition or result.case}",
        target=result.expected,
        scores={SCORER: score_of(result)},
        metadata={"record": result.record, "outcome": result.outcome, "repairs": result.repairs},
        total_time=result.seconds,
    )


def score_of(result: Result) -> Any:
    """The verdict as Inspect's score: 1 where it is right, with the reasons."""
    from inspect_ai.scorer import Score

    return Score(
        value=1 if result.verdict in GOOD else 0,
        answer=result.verdict,
        explanation="; ".join(result.why) or result.outcome,
        metadata={"right": result.right, "wrong": result.wrong, "missing": result.missing},
    )
