"""Keeping runs: records written together, their pictures beside them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.exc import DataError, IntegrityError

from visiontools.errors import ConfigurationError
from visiontools.store import rows
from visiontools.store.database import Database
from visiontools.store.dropping import drop
from visiontools.store.pictures import PictureFolder, PictureStore
from visiontools.store.rows import Kept
from visiontools.store.together import Together
from visiontools.types import Record


@dataclass(frozen=True, slots=True)
class _Put:
    """How it went with a run's pictures: what failed, and whether the record stood after it."""

    stands: bool = True
    failed: ConfigurationError | None = None


class Keeping:
    """``await keeping(kept)`` writes a record and its pictures.

    Records that wait at the same moment share one transaction, and none waits for a bucket. A
    folder is written in the same go of the same thread: that is what a run costs least with.
    """

    def __init__(self, database: Database, shelf: PictureStore) -> None:
        self._database = database
        self._shelf = shelf
        self._folder = shelf if isinstance(shelf, PictureFolder) else None
        self._write = Together[Kept, _Put](lambda batch: database.start(self._written, batch))
        self._stand = Together[str, bool](lambda ids: database.start(self._standing, ids))

    async def __call__(self, kept: Kept) -> Record:
        """The record as it was written; its notes say where its pictures could not be."""
        put = await self._write(kept)
        if self._folder is None and kept.pictures:
            put = await self._put_away(kept)
        record = kept.record
        if not put.stands:  # deleted meanwhile
            hashes = {picture.sha256 for picture in kept.pictures}
            await drop(self._database, self._shelf, record.owner, hashes)
        if put.failed is None:
            return record
        note = f"Of this run only the record was kept. {put.failed}"
        record = record.model_copy(update={"notes": (*record.notes, note)})
        await self._database.write(rows.rewrite, record)
        return record

    async def _put_away(self, kept: Kept) -> _Put:
        putting = [self._shelf.put(kept.record.owner, picture) for picture in kept.pictures]
        came = await asyncio.gather(*putting, return_exceptions=True)
        stands = await self._stand(kept.record.id)
        failed = next((error for error in came if error is not None), None)
        if failed is not None and not isinstance(failed, ConfigurationError):
            raise failed
        return _Put(stands, failed)

    def _written(self, batch: Sequence[Kept]) -> list[_Put | Exception]:
        before = self._database.backend.mark()
        try:
            self._add(batch)
        except (IntegrityError, DataError):
            if len(batch) == 1:
                raise
            return [self._written_alone(kept) for kept in batch]  # the others are to be kept
        if self._folder is None:
            return [_Put()] * len(batch)
        failed = [self._put_here(self._folder, kept) for kept in batch]
        if self._database.backend.mark() == before:  # then nobody can have deleted any
            return [_Put(failed=error) for error in failed]
        stand = self._standing([kept.record.id for kept in batch])
        return [_Put(each is True, error) for each, error in zip(stand, failed, strict=True)]

    def _add(self, batch: Sequence[Kept]) -> None:
        self._database.writing(
            partial(rows.add, batch=batch), again=partial(rows.add_missing, batch=batch)
        )

    def _written_alone(self, kept: Kept) -> _Put | Exception:
        try:
            with self._database.explained():
                (put,) = self._written([kept])
        except Exception as error:
            return error
        return put

    def _put_here(self, folder: PictureFolder, kept: Kept) -> ConfigurationError | None:
        failed = None
        for picture in kept.pictures:
            try:
                folder.put_now(kept.record.owner, picture)
            except ConfigurationError as error:
                failed = failed or error
        return failed

    def _standing(self, ids: Sequence[str]) -> list[bool | Exception]:
        stand = self._database.reading(partial(rows.standing, ids=ids))
        return [record_id in stand for record_id in ids]
