"""Agreements on statements, claims that are paused, and the axioms that a check allowed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLE = "agreement_events"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("prints", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["nodes.id"], name=op.f("fk_agreement_events_node_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_agreement_events_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_events")),
        sa.UniqueConstraint("node_id", "version", name=op.f("uq_agreement_events_node_id_version")),
    )
    op.create_index(op.f("ix_agreement_events_node_id"), _TABLE, ["node_id"], unique=False)
    op.create_index(op.f("ix_agreement_events_person_id"), _TABLE, ["person_id"], unique=False)
    op.add_column("claims", sa.Column("paused", sa.DateTime(timezone=True), nullable=True))
    op.add_column("claims", sa.Column("acknowledged", sa.DateTime(timezone=True), nullable=True))
    op.add_column("snapshots", sa.Column("allowed", sa.JSON(), nullable=True))
    for statement in _triggers(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_column("snapshots", "allowed")
    op.drop_column("claims", "acknowledged")
    op.drop_column("claims", "paused")
    op.drop_table(_TABLE)


def _triggers(dialect: str) -> tuple[str, ...]:
    """The table is append-only, as those of the first migration are."""
    if dialect == "postgresql":
        return (
            f"CREATE TRIGGER {_TABLE}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {_TABLE} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        )
    known = "id = NEW.id OR (node_id = NEW.node_id AND version = NEW.version)"
    replaced = f"INSERT ON {_TABLE} WHEN EXISTS (SELECT 1 FROM {_TABLE} WHERE {known})"  # noqa: S608
    changes = {"update": f"UPDATE ON {_TABLE}", "delete": f"DELETE ON {_TABLE}", "replace": replaced}
    return tuple(
        f"CREATE TRIGGER {_TABLE}_no_{name} BEFORE {change} "
        f"BEGIN SELECT RAISE(ABORT, '{_TABLE} is append-only'); END"
        for name, change in changes.items()
    )
