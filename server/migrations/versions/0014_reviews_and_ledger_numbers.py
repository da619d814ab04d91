"""Since when reviewers owe the holders of a claim a word.

What is in review already counts from when its clock stopped.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("claims", sa.Column("owed", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE claims SET owed = paused WHERE ended IS NULL "
        "AND task_id IN (SELECT id FROM tasks WHERE state = 'in review')"
    )


def downgrade() -> None:
    op.drop_column("claims", "owed")
