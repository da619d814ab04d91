"""What lets a command read only what it concerns: indexes, and what the contents of a snapshot come to."""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_RUNNING = "ended IS NULL AND paused IS NULL"
# Index -> its table and columns, and the rows that it is for.
_INDEXES: dict[str, tuple[str, list[str], str | None]] = {
    "ix_claims_running": ("claims", ["expires"], _RUNNING),
    "ix_task_requests_expires": ("task_requests", ["expires"], None),
    "ix_credit_project_id_at": ("credit", ["project_id", "at"], None),
    "ix_credit_about": ("credit", ["project_id", "about"], "about IS NOT NULL"),
    "ix_credit_told": ("credit", ["project_id", "by_id"], "by_id IS NOT NULL"),
}
_SNAPSHOTS = sa.table(
    "snapshots",
    sa.column("id", sa.Integer),
    *(sa.column(name, sa.LargeBinary) for name in ("graph", "facts", "statuses")),
    sa.column("allowed", sa.JSON),
    sa.column("digest", sa.String),
)


def upgrade() -> None:
    for name, (table, columns, rows) in _INDEXES.items():
        where = sa.text(rows) if rows else None
        op.create_index(name, table, columns, unique=False, sqlite_where=where, postgresql_where=where)
    op.add_column("snapshots", sa.Column("digest", sa.String(64), nullable=False, server_default=""))
    connection = op.get_bind()
    for number in connection.execute(sa.select(_SNAPSHOTS.c.id)).scalars().all():
        own = _SNAPSHOTS.c.id == number
        row = connection.execute(sa.select(_SNAPSHOTS).where(own)).one()
        digest = _digest(row.graph, row.facts, row.statuses, json.dumps(row.allowed).encode("ascii"))
        connection.execute(_SNAPSHOTS.update().where(own).values(digest=digest))


def downgrade() -> None:
    op.drop_column("snapshots", "digest")
    for name, (table, _, _) in _INDEXES.items():
        op.drop_index(name, table)


def _digest(*parts: bytes) -> str:
    """As it was defined when this was written."""
    each = b"".join(hashlib.sha256(part).digest() for part in parts)
    return hashlib.sha256(each).hexdigest()
