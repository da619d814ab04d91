"""Entries of the ledger that people make, names as people want them, and the leaderboard's switch."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KNOWN = "id = NEW.id OR (project_id = NEW.project_id AND (seq = NEW.seq OR hash = NEW.hash))"
_CHANGES = {
    "update": "UPDATE ON credit",
    "delete": "DELETE ON credit",
    "replace": f"INSERT ON credit WHEN EXISTS (SELECT 1 FROM credit WHERE {_KNOWN})",  # noqa: S608 (a constant)
}
# What only this revision can hold.
_LATER = "act <> 'credited' OR by_id IS NOT NULL OR node_id IS NULL"


def upgrade() -> None:
    op.add_column("people", sa.Column("naming", sa.String(20), nullable=False, server_default="real"))
    op.add_column("people", sa.Column("pseudonym", sa.Text(), nullable=True))
    op.add_column("people", sa.Column("ranked", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column(
        "projects", sa.Column("leaderboard", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    _lift_triggers()
    with op.batch_alter_table("credit") as table:
        table.alter_column("node_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("act", sa.String(20), nullable=False, server_default="credited"))
        table.add_column(sa.Column("about", sa.Integer(), nullable=True))
        table.add_column(sa.Column("by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("method", sa.String(20), nullable=True))
        table.add_column(sa.Column("tools", sa.JSON(), nullable=False, server_default="[]"))
        table.create_foreign_key(op.f("fk_credit_by_id"), "people", ["by_id"], ["id"])
        pair = (["project_id", "about"], ["project_id", "seq"])
        table.create_foreign_key(op.f("fk_credit_project_id_about"), "credit", *pair)
    _set_triggers()


def downgrade() -> None:
    _refuse_to_lose()
    _lift_triggers()
    with op.batch_alter_table("credit") as table:
        table.drop_constraint(op.f("fk_credit_project_id_about"), type_="foreignkey")
        table.drop_constraint(op.f("fk_credit_by_id"), type_="foreignkey")
        for column in ("tools", "method", "by_id", "about", "act"):
            table.drop_column(column)
        table.alter_column("node_id", existing_type=sa.Integer(), nullable=False)
    _set_triggers()
    op.drop_column("projects", "leaderboard")
    for column in ("ranked", "pseudonym", "naming"):
        op.drop_column("people", column)


def _refuse_to_lose() -> None:
    """What people entered cannot be told in the old form, and nothing is taken out of a chain."""
    found = op.get_bind().execute(sa.text(f"SELECT count(*) FROM credit WHERE {_LATER}")).scalar_one()  # noqa: S608
    if found:
        raise RuntimeError(f"{found} entries of the ledger would be lost, so this revision cannot be undone")


def _lift_triggers() -> None:
    """On SQLite the table is made anew, which its triggers would take for changes."""
    if op.get_bind().dialect.name == "sqlite":
        for name in _CHANGES:
            op.execute(f"DROP TRIGGER credit_no_{name}")


def _set_triggers() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, change in _CHANGES.items():
            op.execute(
                f"CREATE TRIGGER credit_no_{name} BEFORE {change} "
                "BEGIN SELECT RAISE(ABORT, 'credit is append-only'); END"
            )
