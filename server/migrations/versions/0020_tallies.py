"""What each snapshot comes to, for the history of a project, and what a project says to newcomers.

What is told of a snapshot follows from it; of one that cannot be read, nothing is.
"""

from __future__ import annotations

import json
import zlib
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_COMMITS = sa.table("commits", sa.column("id"), sa.column("project_id"))
_SNAPSHOTS = sa.table(
    "snapshots", sa.column("id"), sa.column("commit_id"), sa.column("made"), sa.column("statuses")
)
_TALLIES = sa.table(
    "tallies", *map(sa.column, ("project_id", "snapshot_id", "made", "nodes", "verified", "drift"))
)


def upgrade() -> None:
    op.create_table(
        "tallies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nodes", sa.Integer(), nullable=False),
        sa.Column("verified", sa.Integer(), nullable=False),
        sa.Column("drift", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_tallies_project_id_projects")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.id"], name=op.f("fk_tallies_snapshot_id_snapshots")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tallies")),
        sa.UniqueConstraint("snapshot_id", name=op.f("uq_tallies_snapshot_id")),
    )
    op.create_index(op.f("ix_tallies_project_id"), "tallies", ["project_id"])
    op.create_index(op.f("ix_tallies_project_id_id"), "tallies", ["project_id", "id"])
    op.create_table(
        "introductions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("guidelines", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_introductions_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introductions")),
        sa.UniqueConstraint("project_id", name=op.f("uq_introductions_project_id")),
    )
    _tell_the_past()


def downgrade() -> None:
    op.drop_table("introductions")
    op.drop_table("tallies")


def _tell_the_past() -> None:
    """One snapshot at a time, and oldest first: the numbers of tallies rise as time goes on."""
    connection = op.get_bind()
    joined = _SNAPSHOTS.join(_COMMITS, _SNAPSHOTS.c.commit_id == _COMMITS.c.id)
    known = sa.select(_SNAPSHOTS.c.id, _COMMITS.c.project_id).select_from(joined).order_by(_SNAPSHOTS.c.id)
    for number, project_id in connection.execute(known).all():
        own = sa.select(_SNAPSHOTS.c.made, _SNAPSHOTS.c.statuses).where(_SNAPSHOTS.c.id == number)
        row = connection.execute(own).one()
        if counted := _counted(row.statuses):
            place = {"project_id": project_id, "snapshot_id": number, "made": row.made}
            connection.execute(_TALLIES.insert().values(**place, **counted))


def _counted(packed: bytes) -> dict[str, int] | None:
    """The statuses of nodes as they were kept when this was written."""
    try:
        statuses: dict[str, dict[str, Any]] = json.loads(zlib.decompress(packed))
        every = list(statuses.values())
        return {
            "nodes": len(every),
            "verified": sum(one["verified"] for one in every),
            "drift": sum(len(one["drift"]) for one in every),
        }
    except (zlib.error, ValueError, AttributeError, KeyError, TypeError):
        return None
