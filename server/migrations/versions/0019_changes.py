"""What transactions changed, and what snapshots count: so that no page reads all there is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_GENERAL = sa.text("project_id IS NULL")


def upgrade() -> None:
    op.add_column("snapshots", sa.Column("counts", sa.JSON(), nullable=True))
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=16), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_changes_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_changes_project_id_number")),
    )
    op.create_index(op.f("ix_changes_project_id"), "changes", ["project_id"])
    op.create_index(
        "uq_changes_of_all",
        "changes",
        ["number"],
        unique=True,
        sqlite_where=_GENERAL,
        postgresql_where=_GENERAL,
    )


def downgrade() -> None:
    op.drop_table("changes")
    op.drop_column("snapshots", "counts")
