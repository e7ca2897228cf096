"""Opening what is kept, with a sentence for a person where it cannot be."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DatabaseError

from visiontools.errors import ConfigurationError
from visiontools.settings import Settings
from visiontools.store.records import Records

if TYPE_CHECKING:
    from visiontools.pipeline import Pipeline


@asynccontextmanager
async def opened_pipeline(settings: Settings) -> AsyncIterator[Pipeline]:
    """The pipeline; ConfigurationError where its data folder cannot be used."""
    from visiontools.pipeline import Pipeline

    async with AsyncExitStack() as stack:
        with _explained(settings):
            pipeline = await stack.enter_async_context(Pipeline.open(settings))
        yield pipeline


@asynccontextmanager
async def opened_records(settings: Settings) -> AsyncIterator[Records]:
    """The records alone, without tools and endpoints; errors as for the pipeline."""
    with _explained(settings):
        records = Records(settings.data_folder)
    try:
        yield records
    finally:
        await records.close()


@contextmanager
def _explained(settings: Settings) -> Iterator[None]:
    try:
        yield
    except (OSError, DatabaseError) as error:
        reason = getattr(error, "strerror", None) or getattr(error, "orig", None) or error
        raise ConfigurationError(
            f"The data folder {settings.data_folder} cannot be used: {reason}.",
            next="Name another with VISIONTOOLS_DATA_FOLDER, or data_folder in visiontools.toml.",
        ) from None
