"""First tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True)),
        sa.Column("revoked", sa.DateTime(timezone=True)),
        sa.Column("last_used", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="api_keys_pk"),
        sa.UniqueConstraint("secret_sha256", name="api_keys_secret_sha256_key"),
    )
    op.create_index("api_keys_by_owner", "api_keys", ["owner", "created"])
    op.create_table(
        "budgets",
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("span_s", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "span_s", name="budgets_pk"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("key_sha256", sa.String(length=64), nullable=False),
        sa.Column("request_sha256", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=36), nullable=False),
        sa.Column("claimed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_id", sa.String(length=36)),
        sa.PrimaryKeyConstraint("owner", "key_sha256", name="idempotency_keys_pk"),
    )
    op.create_index("idempotency_keys_by_claimed", "idempotency_keys", ["claimed"])
    op.create_table(
        "records",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tool", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reuse_key", sa.String(length=64)),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="records_pk"),
    )
    op.create_index("records_by_owner", "records", ["owner", "created"])
    op.create_index("records_by_reuse_key", "records", ["owner", "reuse_key"])
    op.create_table(
        "sessions",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_sha256", name="sessions_pk"),
    )
    op.create_index("sessions_by_expires", "sessions", ["expires"])
    op.create_index("sessions_by_owner", "sessions", ["owner"])
    op.create_table(
        "threads",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="threads_pk"),
    )
    op.create_index("threads_by_owner", "threads", ["owner", "changed"])
    op.create_table(
        "users",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("login", sa.String(length=200)),
        sa.Column("password_hash", sa.String(length=500)),
        sa.Column("issuer", sa.String(length=300)),
        sa.Column("subject", sa.String(length=300)),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="users_pk"),
        sa.UniqueConstraint("issuer", "subject", name="users_issuer_key"),
        sa.UniqueConstraint("login", name="users_login_key"),
    )
    op.create_table(
        "elements",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("thread_id", sa.String(length=36), nullable=False),
        sa.Column("step_id", sa.String(length=36)),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_id", sa.String(length=36)),
        sa.Column("position", sa.Integer()),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name="elements_thread_id_fk", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="elements_pk"),
    )
    op.create_index("elements_by_record", "elements", ["owner", "record_id"])
    op.create_index("elements_by_thread", "elements", ["thread_id", "created"])
    op.create_table(
        "record_pictures",
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.String(length=3), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="record_pictures_record_id_fk"),
        sa.PrimaryKeyConstraint("record_id", "position", name="record_pictures_pk"),
    )
    op.create_index("record_pictures_by_hash", "record_pictures", ["owner", "sha256"])
    op.create_table(
        "steps",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("thread_id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_id", sa.String(length=36)),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name="steps_thread_id_fk", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="steps_pk"),
    )
    op.create_index("steps_by_record", "steps", ["owner", "record_id"])
    op.create_index("steps_by_thread", "steps", ["thread_id", "created"])
    op.create_table(
        "feedback",
        sa.Column("step_id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text()),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["step_id"], ["steps.id"], name="feedback_step_id_fk", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("step_id", name="feedback_pk"),
    )


def downgrade() -> None:
    for table in (
        "feedback",
        "steps",
        "record_pictures",
        "elements",
        "users",
        "threads",
        "sessions",
        "records",
        "idempotency_keys",
        "budgets",
        "api_keys",
    ):
        op.drop_table(table)
