"""Who is in the private channels of projects."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "insiders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insiders")),
        sa.UniqueConstraint("room", "account", name=op.f("uq_insiders_room_account")),
    )
    op.create_index(op.f("ix_insiders_account"), "insiders", ["account"])


def downgrade() -> None:
    op.drop_table("insiders")
