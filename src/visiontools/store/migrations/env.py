"""Run by Alembic for each walk over the migrations; ``versions.migrate`` gives the connection."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from visiontools.store.schema import metadata, version


def _plain(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Types as the database knows them: a migration must mean the same for ever."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=version.name,
    render_as_batch=True,  # SQLite changes a table by making it anew
    render_item=_plain,
)
context.run_migrations()
