"""Whether what the database tells of and what the picture store has belong together.

After a restore they may not: the two are backed up one after the other.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, func, select, union_all

from visiontools.errors import DamagedError
from visiontools.store import rows
from visiontools.store.database import Database
from visiontools.store.pictures import PictureStore
from visiontools.store.pictures.places import path_of
from visiontools.store.schema import pictures, records, uploads

T = TypeVar("T")
R = TypeVar("R")

_AT_ONCE = 10
"""Pictures read, or deleted, at the same time."""

Shown = dict[tuple[str, str], list[str]]
"""The records that show a picture, by its owner and SHA-256."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """A picture or text that cannot be shown, and the records that would."""

    records: tuple[str, ...]
    sha256: str
    damaged: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """``records`` show ``pictures`` (texts are counted, too); ``strays`` are shown by none."""

    records: int
    pictures: int
    lacking: tuple[Lacking, ...]
    strays: tuple[str, ...]


async def check(database: Database, shelf: PictureStore) -> Checked:
    """Read every picture a record shows, and find those that none does.

    Raises ConfigurationError where database or store cannot be used.
    """
    names = await shelf.names()  # first: a picture's row is there before it
    shown = await database.read(_shown)
    known = await database.read(_known)

    async def looked(one: tuple[str, str]) -> Lacking | None:
        damaged = await _damaged(shelf, *one)
        return None if damaged is None else Lacking(tuple(shown[one]), one[1], damaged)

    found = await _each(shown, looked)
    return Checked(
        records=await database.read(_records),
        pictures=len(shown),
        lacking=tuple(one for one in found if one is not None),
        strays=tuple(sorted(set(names) - known)),
    )


async def delete_strays(database: Database, shelf: PictureStore, names: Iterable[str]) -> None:
    """Delete these pictures for good, but for any that a record shows by now."""

    async def drop(name: str) -> None:
        async def known() -> bool:
            return name in await database.read(_known, name.rpartition("/")[2])

        await shelf.drop(name, known)

    await _each(names, drop)


async def _each(items: Iterable[T], work: Callable[[T], Awaitable[R]]) -> list[R]:
    """Do it for all, a few at the same time."""
    slots = asyncio.Semaphore(_AT_ONCE)

    async def one(item: T) -> R:
        async with slots:
            return await work(item)

    return await asyncio.gather(*map(one, items))


async def _damaged(shelf: PictureStore, owner: str, sha256: str) -> bool | None:
    """None where it is there as it was kept; else whether it is damaged, not gone."""
    try:
        await shelf.get(owner, sha256)
    except FileNotFoundError:
        return False
    except DamagedError:
        return True
    return None


def _shown(connection: Connection) -> Shown:
    query = (
        select(pictures.c.owner, pictures.c.sha256, pictures.c.record_id)
        .join(records, records.c.id == pictures.c.record_id)
        .where(rows.STANDS)
        .order_by(records.c.created, records.c.id)
    )
    shown: Shown = defaultdict(list)
    for owner, sha256, record_id in connection.execute(query):
        shown[owner, sha256].append(record_id)
    return dict(shown)


def _known(connection: Connection, sha256: str | None = None) -> set[str]:
    """The names of all pictures the database tells of, also of what is being deleted."""
    queries = [select(table.c.owner, table.c.sha256) for table in (pictures, uploads)]
    if sha256 is not None:
        queries = [query.where(query.selected_columns.sha256 == sha256) for query in queries]
    return {path_of(owner, digest) for owner, digest in connection.execute(union_all(*queries))}


def _records(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(records).where(rows.STANDS)) or 0
