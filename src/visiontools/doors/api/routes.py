"""The API's routes: versioned ones below ``/api/v1``, and those for whoever watches the server."""

from __future__ import annotations

from fastapi import APIRouter

from visiontools.doors.api import health, records, runs, tools

router = APIRouter(prefix="/api/v1")
for _part in (tools, runs, records):
    router.include_router(_part.router)
watching = health.router
