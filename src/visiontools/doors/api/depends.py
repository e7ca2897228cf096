"""What a request handler is given: whose request it is, and what to serve it with."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from visiontools.doors.api.desk import Desk
from visiontools.doors.identity import identity_in
from visiontools.pipeline import Pipeline


async def owner(request: Request) -> str:
    """Whose records the request may see and make."""
    return identity_in(request.scope).owner


async def pipeline(request: Request) -> Pipeline:
    """The pipeline this process opened when it started."""
    opened: Pipeline = request.app.state.pipeline
    return opened


async def desk(request: Request) -> Desk:
    """What the requests of this process share."""
    shared: Desk = request.app.state.desk
    return shared


Owner = Annotated[str, Depends(owner)]
OpenPipeline = Annotated[Pipeline, Depends(pipeline)]
SharedDesk = Annotated[Desk, Depends(desk)]
