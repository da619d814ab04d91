"""Channels of projects, accounts that write to the bot, and messages that are edited after they went out."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_OUTBOX: dict[str, sa.types.TypeEngine[Any]] = {
    "next": sa.Text(),
    "floor": sa.Integer(),
    "turn": sa.Integer(),
}
_BEFORE = "sent IS NULL AND failed IS NULL"
_SINCE = f"({_BEFORE}) OR next IS NOT NULL"


def upgrade() -> None:
    for name, kind in _OUTBOX.items():
        op.add_column("outbox", sa.Column(name, kind, nullable=True))
    _index_waiting(_SINCE)
    op.create_table(
        "channels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("folded", sa.String(200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("private", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("progress", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("topic", sa.String(200), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_channels_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
        sa.UniqueConstraint("folded", name=op.f("uq_channels_folded")),
        sa.UniqueConstraint("number", name=op.f("uq_channels_number")),
    )
    op.create_index(op.f("ix_channels_project_id"), "channels", ["project_id"])
    op.create_index(
        "uq_channels_progress",
        "channels",
        ["project_id"],
        unique=True,
        sqlite_where=sa.text("progress"),
        postgresql_where=sa.text("progress"),
    )
    op.create_table(
        "visitors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_visitors_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitors")),
        sa.UniqueConstraint("account", name=op.f("uq_visitors_account")),
    )
    op.create_index(op.f("ix_visitors_project_id"), "visitors", ["project_id"])


def downgrade() -> None:
    op.drop_table("visitors")
    op.drop_table("channels")
    _index_waiting(_BEFORE)
    for name in _OUTBOX:
        op.drop_column("outbox", name)


def _index_waiting(where: str) -> None:
    rule = sa.text(where)
    op.drop_index("ix_outbox_waiting", "outbox")
    op.create_index("ix_outbox_waiting", "outbox", ["id"], sqlite_where=rule, postgresql_where=rule)
