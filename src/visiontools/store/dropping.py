"""Deleting pictures that no record shows any more."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial

from visiontools.errors import ConfigurationError
from visiontools.store import rows
from visiontools.store.database import Database
from visiontools.store.pictures import PictureStore

_AT_ONCE = 10
"""Pictures deleted at the same time."""


async def drop(
    database: Database, shelf: PictureStore, owner: str, hashes: Iterable[str]
) -> dict[str, ConfigurationError]:
    """Delete the pictures no record that stands shows; why it failed, where it did."""
    slots = asyncio.Semaphore(_AT_ONCE)
    failed: dict[str, ConfigurationError] = {}

    async def one(sha256: str) -> None:
        shown = partial(database.read, rows.is_shown, owner, sha256)
        async with slots:
            try:
                await shelf.delete(owner, sha256, shown)
            except ConfigurationError as error:
                failed[sha256] = error

    await asyncio.gather(*(one(sha256) for sha256 in hashes))
    return failed
