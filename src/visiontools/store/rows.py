"""Records and pictures as rows of the database, and back; the statements about them."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json
from sqlalchemy import Connection, Select, bindparam, delete, select, update

from visiontools.store.conversation_rows import forget_records
from visiontools.store.inserting import Inserting
from visiontools.store.schema import pictures, records, uploads
from visiontools.types import Picture, Record, Source, TextInput

_log = logging.getLogger(__name__)
_ID_LENGTH = 36
_BEING_DELETED = ""
"""The body of a record whose text is gone, and whose pictures are about to go."""
STANDS = records.c.body != _BEING_DELETED
# Made once, since every run asks or does these.
_STANDING = select(records.c.id).where(records.c.id.in_(bindparam("ids", expanding=True)), STANDS)
_REUSABLE = (
    select(records.c.body)
    .where(
        records.c.owner == bindparam("owner"),
        records.c.reuse_key == bindparam("reuse_key"),
        STANDS,
    )
    .order_by(records.c.created.desc())
    .limit(1)
)
_add_records = Inserting(records)
_add_pictures = Inserting(pictures)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is written for one run; texts are kept as pictures are.

    ``reuse_key`` is None where the run must not be reused.
    """

    record: Record
    pictures: tuple[Picture | TextInput, ...] = ()
    reuse_key: str | None = None

    @property
    def record_row(self) -> dict[str, Any]:
        record = self.record
        return {
            "id": record.id,
            "owner": record.owner,
            "created": record.created,
            "tool": record.tool,
            "outcome": record.outcome.value,
            "reuse_key": self.reuse_key,
            "body": record.model_dump_json(),
        }

    @property
    def picture_rows(self) -> list[dict[str, Any]]:
        return [
            {
                "record_id": self.record.id,
                "position": f"{position:03}",
                "owner": self.record.owner,
                "sha256": picture.sha256,
                "body": _described(picture),
            }
            for position, picture in enumerate(self.pictures)
        ]


def read(body: str) -> Record | None:
    """A record, or None for one that another version wrote in a way this one does not know."""
    try:
        return Record.model_validate_json(body)
    except ValidationError:
        _log.warning("A record written by another version of visiontools was left out.")
        return None


def is_being_deleted(body: str) -> bool:
    """Whether this is what is left of a record whose deletion was not finished."""
    return body == _BEING_DELETED


def _described(picture: Picture | TextInput) -> str:
    if isinstance(picture, TextInput):
        return json.dumps({"text": picture.source, "notes": picture.notes})
    told = {
        "media_type": picture.media_type,
        "width": picture.width,
        "height": picture.height,
        "sources": picture.sources,
        "notes": picture.notes,
    }
    return to_json(told).decode()


def picture_of(body: str, data: bytes, sha256: str) -> Picture:
    """The picture a row describes, with its bytes."""
    told = json.loads(body)
    sources = tuple(Source(**source) for source in told.pop("sources"))
    notes = tuple(told.pop("notes"))
    return Picture(data=data, sha256=sha256, sources=sources, notes=notes, **told)


def is_text(body: str) -> bool:
    """Whether a row describes a text and no picture."""
    return "text" in json.loads(body)


def text_of(body: str, data: bytes, sha256: str) -> TextInput:
    """The text a row describes, with its bytes."""
    told = json.loads(body)
    return TextInput(data, sha256, told["text"], tuple(told["notes"]))


def ending_of(body: str) -> str:
    """How the name of a file with the picture ends: "png" or "jpeg"."""
    return str(json.loads(body)["media_type"]).removeprefix("image/")


def add(connection: Connection, batch: Sequence[Kept]) -> None:
    """Write new records. IntegrityError where an id is taken."""
    _add_records(connection, [kept.record_row for kept in batch])
    shown = [row for kept in batch for row in kept.picture_rows]
    if shown:
        _add_pictures(connection, shown)


def add_missing(connection: Connection, batch: Sequence[Kept]) -> None:
    """Write what of the records was not written, after nobody said whether it was."""
    ids = connection.scalars(
        select(records.c.id).where(records.c.id.in_([kept.record.id for kept in batch]))
    )
    have = set(ids)
    missing = [kept for kept in batch if kept.record.id not in have]
    if missing:
        add(connection, missing)


def standing(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Which of the records are there, and not being deleted by anybody."""
    return set(connection.scalars(_STANDING, {"ids": ids}))


def reusable(connection: Connection, owner: str, reuse_key: str) -> Record | None:
    """The newest record that answers the same request, if this version can read it."""
    body = connection.scalar(_REUSABLE, {"owner": owner, "reuse_key": reuse_key})
    return None if body is None else read(body)


def named(connection: Connection, owner: str, prefix: str) -> list[tuple[str, str]]:
    """Id and unread body of the record of that id, or of at most two whose ids begin so."""
    query = select(records.c.id, records.c.body).where(records.c.owner == owner).limit(2)
    exact = connection.execute(query.where(records.c.id == prefix)).all()
    if exact or len(prefix) >= _ID_LENGTH:
        return [(row.id, row.body) for row in exact]
    begins = records.c.id.startswith(prefix, autoescape=True)
    return [(row.id, row.body) for row in connection.execute(query.where(begins))]


def read_all(connection: Connection, query: Select[Any]) -> list[Record]:
    """The records of these bodies, but for those this version cannot read."""
    found = [read(body) for body in connection.scalars(query)]
    return [record for record in found if record is not None]


def strings(connection: Connection, query: Select[Any]) -> list[str]:
    """What a query for one column of text finds."""
    return list(connection.scalars(query))


def is_shown(connection: Connection, owner: str, sha256: str) -> bool:
    """Whether a record of this owner that stands shows the picture, or it waits to be sent."""
    query = (
        select(pictures.c.record_id)
        .join(records, records.c.id == pictures.c.record_id)
        .where(pictures.c.owner == owner, pictures.c.sha256 == sha256, STANDS)
    )
    if connection.scalar(query.limit(1)) is not None:
        return True
    waiting = (uploads.c.owner == owner, uploads.c.sha256 == sha256, uploads.c.gone.is_(False))
    return connection.scalar(select(uploads.c.id).where(*waiting).limit(1)) is not None


def rewrite(connection: Connection, record: Record) -> None:
    """Replace what a record says, unless it is being deleted."""
    mine = update(records).where(records.c.id == record.id, STANDS)
    connection.execute(mine.values(body=record.model_dump_json()))


def blank(connection: Connection, owner: str, ids: Sequence[str]) -> dict[str, set[str]]:
    """Delete the text of these records of the owner; the hashes of the pictures each shows.

    What conversations tell of them goes, too. The rows stay until the pictures are gone: they
    are what knows of them.
    """
    mine = records.c.id.in_(ids), records.c.owner == owner
    # Writing comes first: from here on nobody else writes until all is done.
    connection.execute(update(records).where(*mine).values(body=_BEING_DELETED, reuse_key=None))
    found = connection.scalars(select(records.c.id).where(*mine)).all()
    shows: dict[str, set[str]] = {record_id: set() for record_id in found}
    query = select(pictures.c.record_id, pictures.c.sha256).where(pictures.c.record_id.in_(found))
    for record_id, sha256 in connection.execute(query):
        shows[record_id].add(sha256)
    forget_records(connection, owner, found)
    return shows


def pictures_of(connection: Connection, record: Record) -> Sequence[tuple[str, str]]:
    """The hash of each picture the record shows, and what describes it, in their order."""
    query = (
        select(pictures.c.sha256, pictures.c.body)
        .where(pictures.c.record_id == record.id, pictures.c.owner == record.owner)
        .order_by(pictures.c.position)
    )
    return [(row.sha256, row.body) for row in connection.execute(query)]


def remove(connection: Connection, ids: Sequence[str]) -> None:
    """Delete the rows of records whose text and pictures are gone."""
    connection.execute(delete(pictures).where(pictures.c.record_id.in_(ids)))
    connection.execute(delete(records).where(records.c.id.in_(ids)))
