"""What a process opens when it starts to serve, and closes when it stops."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI

from visiontools.doors.api.desk import Desk
from visiontools.doors.web.signin.reception import Parts, Reception
from visiontools.pipeline import Pipeline
from visiontools.settings import Settings
from visiontools.sign_in_settings import check_sign_in_stays
from visiontools.telemetry.tracing import check_traces_stay, tracing_from_environment


def lifespan_with(settings: Settings) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """One pipeline for all requests of the process, as ``app.state.pipeline``.

    It is closed when the last run has its record: what still runs then is cancelled.
    """
    if settings.local_only:
        check_sign_in_stays(settings.web.sign_in, settings.web.oidc)
        check_traces_stay()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        parts: Parts = getattr(app.state, "sign_in_parts", Parts())
        async with (
            tracing_from_environment() as tracing,
            Pipeline.open(settings, tracing) as pipeline,
            Reception.open(settings.web, pipeline.records.database, parts) as reception,
        ):
            app.state.tracing = tracing
            app.state.reception = reception
            app.state.pipeline = pipeline
            app.state.desk = desk = Desk.set_up(settings.web, pipeline.database)
            try:
                yield
            finally:
                await desk.running.stop()

    return lifespan
