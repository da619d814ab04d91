"""Co-holders, requests, linked pull requests, informal work and pieces; rules for claims by project."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# A column that refers to a table: SQLite adds no constraint afterwards, so both come in one statement.
_REFERRING = (
    ("task_events", "other_id", "people"),
    ("tasks", "parent_id", "tasks"),
)


def upgrade() -> None:
    for table, column, target in _REFERRING:
        name = op.f(f"fk_{table}_{column}")
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES {target} (id)"
        )
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    for table, new in _columns():
        op.add_column(table, new)
    _members()
    _requests()
    _links()
    # Finished work has landed; whether its node is verified with all below it, the next sync says.
    op.execute("UPDATE tasks SET state = 'landed' WHERE state = 'verified'")


def downgrade() -> None:
    """Events of kinds that are new stay, as all events do; an older program cannot read them."""
    op.execute("UPDATE tasks SET state = 'verified' WHERE state = 'landed'")
    for table in ("task_links", "task_requests", "claim_members"):
        op.drop_table(table)
    for table, column in _columns():
        op.drop_column(table, column.name)
    for table, name, _ in reversed(_REFERRING):
        op.drop_index(op.f(f"ix_{table}_{name}"), table)
        op.drop_column(table, name)


def _columns() -> tuple[tuple[str, sa.Column[Any]], ...]:
    return (
        ("task_events", sa.Column("note", sa.Text(), nullable=True)),
        ("task_events", sa.Column("link", sa.Text(), nullable=True)),
        ("tasks", sa.Column("title", sa.Text(), nullable=True)),
        ("tasks", sa.Column("size", sa.String(length=1), nullable=True)),
        ("tasks", sa.Column("tags", sa.Text(), nullable=False, server_default="")),
        ("claims", sa.Column("snoozed", sa.DateTime(timezone=True), nullable=True)),
        ("claims", sa.Column("stuck", sa.Text(), nullable=True)),
        ("projects", sa.Column("policy", sa.JSON(), nullable=True)),
    )


def _members() -> None:
    op.create_table(
        "claim_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_members_claim_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_claim_members_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_members")),
    )
    op.create_index(op.f("ix_claim_members_claim_id"), "claim_members", ["claim_id"], unique=False)
    op.create_index(op.f("ix_claim_members_person_id"), "claim_members", ["person_id"], unique=False)
    op.create_index(
        "uq_claim_members_live",
        "claim_members",
        ["claim_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.execute(
        "INSERT INTO claim_members (claim_id, person_id, since, ended) "
        "SELECT id, person_id, since, ended FROM claims"
    )


def _requests() -> None:
    op.create_table(
        "task_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_requests_task_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_task_requests_person_id")),
        sa.ForeignKeyConstraint(["other_id"], ["people.id"], name=op.f("fk_task_requests_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_requests")),
        sa.UniqueConstraint(
            "task_id",
            "kind",
            "person_id",
            "other_id",
            name=op.f("uq_task_requests_task_id_kind_person_id_other_id"),
        ),
    )
    for column in ("task_id", "person_id", "other_id"):
        op.create_index(op.f(f"ix_task_requests_{column}"), "task_requests", [column], unique=False)


def _links() -> None:
    op.create_table(
        "task_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_links_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_links")),
        sa.UniqueConstraint("task_id", "link", name=op.f("uq_task_links_task_id_link")),
    )
    op.create_index(op.f("ix_task_links_link"), "task_links", ["link"], unique=False)
    op.create_index(op.f("ix_task_links_task_id"), "task_links", ["task_id"], unique=False)
