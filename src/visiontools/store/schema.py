"""The tables, the same for every door and in both databases.

Records are kept as JSON beside what is searched by. Whoever changes a table adds a migration
(``migrations/versions``) and sets ``VERSION`` to it: docs/database.md tells how.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from visiontools.store.columns import Json, Moment, Name

VERSION = "0002"
"""The newest migration: what this program reads and writes."""

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_%(column_0_name)s_fk",
        "uq": "%(table_name)s_%(column_0_name)s_key",
        "ix": "%(table_name)s_by_%(column_0_name)s",
    }
)

version = Table(
    "visiontools_version",
    MetaData(),
    Column("version_num", String(32)),
    PrimaryKeyConstraint("version_num", name="visiontools_version_pkc"),
)
"""Which migration the tables are of; Alembic keeps it, and makes it by itself."""


def _id(name: str = "id") -> Column[str]:
    return Column(name, Name(36), primary_key=True)


def _owner() -> Column[str]:
    return Column("owner", Name(200), nullable=False)


records = Table(
    "records",
    metadata,
    _id(),
    _owner(),
    Column("created", Moment, nullable=False),
    Column("tool", Name(40), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("reuse_key", String(64)),
    Column("body", Text, nullable=False),
    Index("records_by_owner", "owner", "created"),
    Index("records_by_reuse_key", "owner", "reuse_key"),
)

pictures = Table(
    "record_pictures",
    metadata,
    Column("record_id", Name(36), ForeignKey("records.id"), primary_key=True),
    Column("position", String(3), primary_key=True),
    _owner(),
    Column("sha256", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Index("record_pictures_by_hash", "owner", "sha256"),
)

users = Table(
    "users",
    metadata,
    _id(),
    Column("name", Name(200), nullable=False),
    Column("login", Name(200), unique=True),
    Column("password_hash", String(500)),
    Column("issuer", Name(300)),
    Column("subject", Name(300)),
    Column("disabled", Boolean, nullable=False),
    Column("created", Moment, nullable=False),
    UniqueConstraint("issuer", "subject"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    _owner(),
    Column("created", Moment, nullable=False),
    Column("expires", Moment, nullable=False, index=True),
    Column("last_seen", Moment, nullable=False),
    Index("sessions_by_owner", "owner"),
)

api_keys = Table(
    "api_keys",
    metadata,
    _id(),
    _owner(),
    Column("name", Name(200), nullable=False),
    Column("secret_sha256", String(64), nullable=False, unique=True),
    Column("scopes", Json, nullable=False),
    Column("created", Moment, nullable=False),
    Column("expires", Moment),
    Column("revoked", Moment),
    Column("last_used", Moment),
    Index("api_keys_by_owner", "owner", "created"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("owner", Name(200), primary_key=True),
    Column("key_sha256", String(64), primary_key=True),
    Column("request_sha256", String(64), nullable=False),
    Column("holder", String(36), nullable=False),
    Column("claimed", Moment, nullable=False, index=True),
    Column("record_id", Name(36)),
)

budgets = Table(
    "budgets",
    metadata,
    Column("owner", Name(200), primary_key=True),
    Column("span_s", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("count", Integer, nullable=False),
)

threads = Table(
    "threads",
    metadata,
    _id(),
    _owner(),
    Column("name", Text),
    Column("created", Moment, nullable=False),
    Column("changed", Moment, nullable=False),
    Column("body", Json, nullable=False),
    Index("threads_by_owner", "owner", "changed"),
)

steps = Table(
    "steps",
    metadata,
    _id(),
    Column("thread_id", Name(36), ForeignKey("threads.id", ondelete="CASCADE"), nullable=False),
    _owner(),
    Column("created", Moment, nullable=False),
    Column("record_id", Name(36)),
    Column("body", Json, nullable=False),
    Index("steps_by_thread", "thread_id", "created"),
    Index("steps_by_record", "owner", "record_id"),
)

elements = Table(
    "elements",
    metadata,
    _id(),
    Column("thread_id", Name(36), ForeignKey("threads.id", ondelete="CASCADE"), nullable=False),
    Column("step_id", Name(36)),
    _owner(),
    Column("created", Moment, nullable=False),
    Column("record_id", Name(36)),
    Column("position", Integer),
    Column("body", Json, nullable=False),
    Index("elements_by_thread", "thread_id", "created"),
    Index("elements_by_record", "owner", "record_id"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("step_id", Name(36), ForeignKey("steps.id", ondelete="CASCADE"), primary_key=True),
    _owner(),
    Column("value", Integer, nullable=False),
    Column("comment", Text),
    Column("changed", Moment, nullable=False),
)

uploads = Table(
    "uploads",
    metadata,
    _id(),
    _owner(),
    Column("created", Moment, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("name", Name(200), nullable=False),
    Column("gone", Boolean, nullable=False),
    Index("uploads_by_owner", "owner", "created"),
    Index("uploads_by_hash", "owner", "sha256"),
)
