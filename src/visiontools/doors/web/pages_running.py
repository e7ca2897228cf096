"""Running something for a page: admitted and counted like the API's runs."""

from __future__ import annotations

from contextlib import aclosing

from visiontools.doors.api.desk import Desk
from visiontools.doors.api.problems import TOO_MANY, ProblemError
from visiontools.doors.api.walking import Claimed, walked
from visiontools.running import Run
from visiontools.types import Finished, Record


async def admit(desk: Desk, owner: str) -> None:
    """Count one run. Raises ProblemError where there is no room, or the owner may not."""
    desk.running.check()
    wait = await desk.budgets.spend(owner)
    if wait is not None:
        raise ProblemError(
            TOO_MANY,
            "You have used up the runs you may start for now.",
            f"Try again in {wait} seconds.",
            retry_after=wait,
        )


async def finished(run: Run, desk: Desk, owner: str) -> Record:
    """The record of a run."""
    async with aclosing(walked(run, Claimed(desk, owner))) as events:
        async for event in events:
            if isinstance(event, Finished):
                return event.record
    raise AssertionError("a run always finishes")
