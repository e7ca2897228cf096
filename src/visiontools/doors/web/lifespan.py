"""What a process opens when it starts to serve, and closes when it stops."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI

from visiontools.pipeline import Pipeline
from visiontools.settings import Settings


def lifespan_with(settings: Settings) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """One pipeline for all requests of the process, as ``app.state.pipeline``."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with Pipeline.open(settings) as pipeline:
            app.state.pipeline = pipeline
            yield

    return lifespan
