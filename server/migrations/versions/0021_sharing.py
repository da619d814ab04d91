"""What people share: in datasets that are published, and accounts elsewhere. How long checks took."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("dataset", "linked"):
        op.add_column("people", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("snapshots", sa.Column("seconds", sa.Float(), nullable=True))


def downgrade() -> None:
    op.drop_column("snapshots", "seconds")
    for name in ("linked", "dataset"):
        op.drop_column("people", name)
