"""Files that are attached and not sent yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="uploads_pk"),
    )
    op.create_index("uploads_by_owner", "uploads", ["owner", "created"])
    op.create_index("uploads_by_hash", "uploads", ["owner", "sha256"])


def downgrade() -> None:
    op.drop_table("uploads")
