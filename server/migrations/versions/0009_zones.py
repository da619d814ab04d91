"""The time zone in which a person reads and writes dates; NULL is UTC."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("zone", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("people", "zone")
