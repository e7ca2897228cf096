"""Opening what is kept; ConfigurationError where it cannot be used."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from visiontools.settings import Settings
from visiontools.store.records import Records

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from visiontools.pipeline import Pipeline


def opened_pipeline(settings: Settings) -> AbstractAsyncContextManager[Pipeline]:
    """The pipeline, imported now that it is used."""
    from visiontools.pipeline import Pipeline

    return Pipeline.open(settings)


@asynccontextmanager
async def opened_records(settings: Settings) -> AsyncIterator[Records]:
    """The records alone, without tools and endpoints."""
    records = Records.open(settings.kept)
    try:
        yield records
    finally:
        await records.close()
