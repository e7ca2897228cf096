"""Running something for a page: admitted and counted like the API's runs."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from visiontools.doors.api.depends import Owner, SharedDesk
from visiontools.doors.api.desk import Desk
from visiontools.doors.api.walking import Claimed, walked
from visiontools.running import Run
from visiontools.types import Finished, Record


@dataclass(frozen=True, slots=True)
class Room:
    """Room for one run of the owner's, held until the page is sent."""

    desk: Desk
    owner: str

    async def record(self, run: Run) -> Record:
        """The record of the run."""
        async with aclosing(walked(run, Claimed(self.desk, self.owner))) as events:
            async for event in events:
                if isinstance(event, Finished):
                    return event.record
        raise AssertionError("a run always finishes")


async def _room(owner: Owner, desk: SharedDesk) -> AsyncGenerator[Room]:
    """Raises ProblemError where there is no room, or the owner may not have a run now."""
    with desk.running.place():
        await desk.charge(owner)
        yield Room(desk, owner)


FreeRoom = Annotated[Room, Depends(_room)]
