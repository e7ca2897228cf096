"""What people put right, saved as cases: a folder that ``--data FOLDER`` takes as it is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

from visiontools.errors import StorageError
from visiontools.store.records import Records
from visiontools.types import Record

_MOST = 10_000
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg"}


async def save_corrections(records: Records, owner: str, tool: str | None, folder: Path) -> int:
    """Write the newest correction of each picture; returns how many cases were written.

    Pictures are as they were prepared, without metadata. A record whose picture is not kept any
    more is left out. Raises StorageError where the folder cannot be written.
    """
    found = await records.list(owner, tool=tool, limit=_MOST)
    lines: dict[str, str] = {}
    try:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        for record in _newest(found):
            files = await _files(records, record, folder)
            if files:
                lines[" ".join((record.tool, *files))] = _line(record, files)
        path = folder / "cases.jsonl"
        whole = "".join(f"{line}\n" for line in lines.values())
        await asyncio.to_thread(path.write_text, whole, encoding="utf-8")
    except OSError as error:
        raise StorageError(
            f"{folder} cannot be written: {error.strerror or error}.", next="Name another folder."
        ) from None
    return len(lines)


def _newest(found: Sequence[Record]) -> list[Record]:
    """The corrected ones, oldest first, so that the newest is the one that stays."""
    return [record for record in reversed(found) if record.corrections and record.observation]


async def _files(records: Records, record: Record, folder: Path) -> list[str]:
    """The names of the record's pictures and texts, written into the folder."""
    written = []
    for picture in await records.pictures(record):
        name = f"{picture.sha256[:16]}.{_ENDINGS[picture.media_type]}"
        await asyncio.to_thread((folder / name).write_bytes, picture.data)
        written.append(name)
    for text in await records.texts(record):
        name = f"{text.sha256[:16]}.json"
        await asyncio.to_thread((folder / name).write_bytes, text.data)
        written.append(name)
    return written


def _line(record: Record, files: Sequence[str]) -> str:
    observation = {k: v for k, v in (record.observation or {}).items() if k != "proposal"}
    case = {
        "id": record.id[:8],
        "tool": record.tool,
        "files": list(files),
        "options": record.request.options,
        "observation": observation,
        "condition": "put right by a person",
    }
    return json.dumps(case, ensure_ascii=False)
