"""Webhooks of forges: their secrets, what they told, pull requests, and syncs that are wanted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "projects", sa.Column("forge_comments", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    _make_hooks()
    _make_deliveries()
    _make_pull_requests()
    op.create_table(
        "wanted_syncs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        _moment("asked", nullable=False),
        _moment("due"),
        _moment("begun"),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("why", sa.String(300), nullable=True),
        _belongs("wanted_syncs", "project_id", "projects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wanted_syncs")),
        sa.UniqueConstraint("project_id", name=op.f("uq_wanted_syncs_project_id")),
    )


def downgrade() -> None:
    for name in ("wanted_syncs", "pull_request_tasks", "pull_requests", "deliveries", "hooks"):
        op.drop_table(name)
    op.drop_column("projects", "forge_comments")


def _make_hooks() -> None:
    op.create_table(
        "hooks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("forge", sa.String(20), nullable=False),
        sa.Column("secret", sa.String(100), nullable=False),
        _moment("made", nullable=False),
        _moment("used"),
        _moment("ends"),
        _belongs("hooks", "project_id", "projects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hooks")),
    )
    op.create_index(op.f("ix_hooks_project_id"), "hooks", ["project_id"])
    _partial("uq_hooks_live", "hooks", ["project_id", "forge"], "ends IS NULL", unique=True)


def _make_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("forge", sa.String(20), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.Column("event", sa.String(100), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        _moment("received", nullable=False),
        _moment("due"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        _moment("dead"),
        sa.Column("why", sa.String(300), nullable=True),
        _belongs("deliveries", "project_id", "projects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("project_id", "key", name=op.f("uq_deliveries_project_id_key")),
        sa.UniqueConstraint("project_id", "digest", name=op.f("uq_deliveries_project_id_digest")),
    )
    for column in ("project_id", "received"):
        op.create_index(op.f(f"ix_deliveries_{column}"), "deliveries", [column])
    for column in ("due", "dead"):
        _partial(f"ix_deliveries_{column}", "deliveries", [column], f"{column} IS NOT NULL")


def _make_pull_requests() -> None:
    op.create_table(
        "pull_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("standing", sa.String(20), nullable=False),
        sa.Column("sha", sa.String(64), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        _moment("at", nullable=False),
        sa.CheckConstraint(
            "standing IN ('draft', 'open', 'merged', 'closed')", name=op.f("ck_pull_requests_standing")
        ),
        _belongs("pull_requests", "project_id", "projects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pull_requests")),
        sa.UniqueConstraint("project_id", "link", name=op.f("uq_pull_requests_project_id_link")),
    )
    for column in ("project_id", "sha"):
        op.create_index(op.f(f"ix_pull_requests_{column}"), "pull_requests", [column])
    op.create_table(
        "pull_request_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pull_request_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        _belongs("pull_request_tasks", "pull_request_id", "pull_requests"),
        _belongs("pull_request_tasks", "task_id", "tasks"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pull_request_tasks")),
        sa.UniqueConstraint(
            "pull_request_id", "task_id", name=op.f("uq_pull_request_tasks_pull_request_id_task_id")
        ),
    )
    op.create_index(op.f("ix_pull_request_tasks_task_id"), "pull_request_tasks", ["task_id"])


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _belongs(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    said = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=said, postgresql_where=said)
