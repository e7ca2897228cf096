"""The tables, the same for every door. Records are kept as JSON beside what is searched by."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, Index, MetaData, String, Table, Text

metadata = MetaData()

records = Table(
    "records",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("tool", String(40), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("reuse_key", String(64)),
    Column("body", Text, nullable=False),
    Index("records_by_owner", "owner", "created"),
    Index("records_by_reuse_key", "owner", "reuse_key"),
)

pictures = Table(
    "record_pictures",
    metadata,
    Column("record_id", String(36), ForeignKey("records.id"), primary_key=True),
    Column("position", String(3), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Index("record_pictures_by_hash", "owner", "sha256"),
)
