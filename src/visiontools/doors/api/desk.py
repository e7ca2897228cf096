"""What the requests of one process share, beside the pipeline."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from visiontools.doors.api.metrics import Metrics
from visiontools.doors.api.problems import TOO_MANY, ProblemError
from visiontools.doors.api.running import Running
from visiontools.running import Run
from visiontools.store.budgets import Budgets
from visiontools.store.database import Database
from visiontools.store.idempotency import Idempotency
from visiontools.telemetry.facts import facts_of
from visiontools.types import Finished
from visiontools.web_settings import WebSettings

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where runs are admitted; they are counted and remembered for all processes together."""

    web: WebSettings
    running: Running
    budgets: Budgets
    idempotency: Idempotency
    metrics: Metrics

    @classmethod
    def set_up(cls, web: WebSettings, database: Database) -> Desk:
        """One for this process."""
        running = Running(web.concurrent_runs)
        return cls(
            web=web,
            running=running,
            budgets=Budgets(database, web.runs_per_minute, web.runs_per_day),
            idempotency=Idempotency(database),
            metrics=Metrics(lambda: len(running)),
        )

    async def charge(self, owner: str) -> None:
        """Count one run. Raises ProblemError (429) where the owner may not have one now."""
        wait = await self.budgets.spend(owner)
        if wait is not None:
            raise ProblemError(
                TOO_MANY,
                "You have used up the runs you may start for now.",
                f"Ask again in {wait} seconds.",
                retry_after=wait,
            )

    def ended(self, owner: str, run: Run, finished: Finished) -> None:
        """Count a run that has its record, and write a line in the log: figures, no content."""
        self.metrics.ended(finished.record, reused=finished.reused)
        facts = facts_of(finished)
        told = {**facts, "duration_ms": round(run.took_ms, 1), "user": owner}
        more = {"facts": told, "trace_id": run.trace_id}
        _log.info("Ran %s: %s", facts["tool"], facts["outcome"], extra=more)
