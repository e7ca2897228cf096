"""What the requests of one process share, beside the pipeline."""

from __future__ import annotations

from dataclasses import dataclass

from visiontools.doors.api.metrics import Metrics
from visiontools.doors.api.problems import TOO_MANY, ProblemError
from visiontools.doors.api.running import Running
from visiontools.store.budgets import Budgets
from visiontools.store.database import Database
from visiontools.store.idempotency import Idempotency
from visiontools.web_settings import WebSettings


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
