"""The door for Python scripts: one function, one record."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from os import PathLike
from pathlib import Path
from typing import Any

from visiontools.errors import UsageError
from visiontools.pipeline import Pipeline
from visiontools.settings import Settings
from visiontools.types import Record, Request, Upload


def run(
    tool: str,
    *pictures: str | PathLike[str] | bytes,
    ask: str | None = None,
    options: Mapping[str, Any] | None = None,
    endpoint: str | None = None,
    observation: Mapping[str, Any] | None = None,
    again: bool = False,
    local_only: bool = False,
    settings: Settings | None = None,
) -> Record:
    """Run a tool on pictures or texts (paths, or the bytes of files) and return the record.

    Whatever the picture or the model does is an outcome of the record. Raises UsageError where
    the call makes no sense: no such tool, file, option or endpoint. Opens and closes everything
    it needs. Where an event loop runs, as in a notebook, that loop waits; there, and for many
    runs, ``Pipeline`` is better.
    """
    request = Request(
        tool=tool,
        uploads=tuple(_upload(picture) for picture in pictures),
        ask=ask,
        options=options or {},
        endpoint=endpoint,
        observation=observation,
        again=again,
        local_only=local_only,
    )
    running = _run(request, settings or Settings.load())
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(running)
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, running).result()


async def _run(request: Request, settings: Settings) -> Record:
    async with Pipeline.open(settings) as pipeline:
        return await pipeline.run(request).record()


def _upload(picture: str | PathLike[str] | bytes) -> Upload:
    if isinstance(picture, bytes):
        return Upload(picture)
    path = Path(picture)
    try:
        return Upload(path.read_bytes(), path.name)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
