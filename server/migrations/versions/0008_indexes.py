"""Indexes for what pages ask of large tables, constraints on what a few words may be, who was forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Index -> its table and columns: what is listed newest first is read from its end.
_INDEXES = {
    "ix_events_project_id_id": ("events", ["project_id", "id"]),
    "ix_events_node_id_id": ("events", ["node_id", "id"]),
    "ix_notices_person_id_id": ("notices", ["person_id", "id"]),
    "ix_reports_project_id_id": ("reports", ["project_id", "id"]),
    "ix_claim_members_since": ("claim_members", ["since"]),
    "ix_outbox_number": ("outbox", ["number"]),
}
_WAITING = "sent IS NULL AND failed IS NULL"
_CHECKS = {
    "people": ("ck_people_role", "role IN ('onlooker', 'contributor', 'maintainer')"),
    "identities": ("ck_identities_value", "kind <> '' AND value <> ''"),
    "outbox": ("ck_outbox_channel", "channel IN ('direct', 'stream', 'reaction')"),
}


def upgrade() -> None:
    op.add_column("people", sa.Column("erased", sa.DateTime(timezone=True), nullable=True))
    for name, (table, columns) in _INDEXES.items():
        op.create_index(name, table, columns, unique=False)
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text(_WAITING),
        postgresql_where=sa.text(_WAITING),
    )
    for table, (name, rule) in _CHECKS.items():
        with op.batch_alter_table(table) as batch:
            batch.create_check_constraint(op.f(name), rule)


def downgrade() -> None:
    for table, (name, _) in _CHECKS.items():
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(name), type_="check")
    op.drop_column("people", "erased")
    op.drop_index("ix_outbox_waiting", "outbox")
    for name, (table, _) in _INDEXES.items():
        op.drop_index(name, table)
