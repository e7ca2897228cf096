"""Walking a run for a request: counted, remembered under its key, ended when its client leaves."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from visiontools.doors.api.desk import Desk
from visiontools.doors.api.problems import IN_PROGRESS, KEY_REUSED, MALFORMED, ProblemError
from visiontools.running import Run
from visiontools.store.idempotency import Conflict, Fresh, Same
from visiontools.store.idempotency import Running as StillRunning
from visiontools.types import Event, Finished, Outcome

KEY_HEADER = "Idempotency-Key"
_LONGEST_KEY = 255


@dataclass(frozen=True, slots=True)
class Claimed:
    """A key an owner's request holds until its run is over; without a key nothing is held."""

    desk: Desk
    owner: str
    key: str | None = None

    async def finish(self, finished: Finished | None) -> None:
        """Remember the record. What was cancelled may be asked again: its client may be back."""
        if self.key is None:
            return
        if finished is None or finished.record.outcome is Outcome.CANCELLED:
            await self.desk.idempotency.forget(self.owner, self.key)
        else:
            await self.desk.idempotency.finish(self.owner, self.key, finished.record.id)


async def claim(desk: Desk, owner: str, key: str | None, digest: str) -> Claimed | str:
    """Hold the key for this request, or the id of the record it led to before.

    Raises ProblemError where the key is no key, is in use, or was used for something else.
    """
    if key is None:
        return Claimed(desk, owner)
    if not key or len(key) > _LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise ProblemError(
            MALFORMED,
            f"{KEY_HEADER} takes 1 to {_LONGEST_KEY} printable ASCII characters.",
            "Send a random UUID.",
        )
    match await desk.idempotency.begin(owner, key, digest):
        case Fresh():
            return Claimed(desk, owner, key)
        case Same(record_id):
            return record_id
        case StillRunning():
            raise ProblemError(
                IN_PROGRESS,
                "The first request with this key is still running.",
                "Send it again in a moment for its record.",
                retry_after=1,
            )
        case Conflict():
            raise ProblemError(
                KEY_REUSED,
                "This key was sent before with another request.",
                "Send a new key with each new request.",
            )


async def walked(run: Run, claimed: Claimed) -> AsyncGenerator[Event]:
    """The events of a run, its end counted and remembered before it is told."""
    desk = claimed.desk
    finished: Finished | None = None
    try:
        with desk.running.hold(run):
            async with aclosing(aiter(run)) as events:  # type: ignore[type-var]
                async for event in events:
                    if isinstance(event, Finished):
                        finished = event
                        break
                    yield event
    finally:
        await claimed.finish(finished)
    assert finished is not None
    desk.ended(claimed.owner, run, finished)
    yield finished
