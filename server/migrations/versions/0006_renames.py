"""What nodes are known again by, the doubts about which is which, and what each was before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("nodes", sa.Column("source", sa.Text(), nullable=False, server_default=""))
    _doubts()
    _lineage()
    for statement in _triggers(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("lineage")
    op.drop_table("doubts")
    op.drop_column("nodes", "source")


def _doubts() -> None:
    op.create_table(
        "doubts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("old_id", sa.Integer(), nullable=False),
        sa.Column("new_id", sa.Integer(), nullable=False),
        sa.Column("fresh", sa.Boolean(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("similarity", sa.Float(), nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=20), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        *_of_two_nodes("doubts"),
    )
    _index("doubts")


def _lineage() -> None:
    op.create_table(
        "lineage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("old_id", sa.Integer(), nullable=False),
        sa.Column("new_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        *_of_two_nodes("lineage"),
    )
    _index("lineage")


def _of_two_nodes(table: str) -> tuple[sa.Constraint, ...]:
    targets = {
        "project_id": "projects.id",
        "old_id": "nodes.id",
        "new_id": "nodes.id",
        "person_id": "people.id",
    }
    return (
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))
            for column, target in targets.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("old_id", "new_id", name=op.f(f"uq_{table}_old_id_new_id")),
    )


def _index(table: str) -> None:
    for column in ("project_id", "old_id", "new_id", "person_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _triggers(dialect: str) -> tuple[str, ...]:
    """Lineage is append-only, as the tables of the first migration are."""
    if dialect == "postgresql":
        return (
            "CREATE TRIGGER lineage_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON lineage "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        )
    known = "id = NEW.id OR (old_id = NEW.old_id AND new_id = NEW.new_id)"
    replaced = f"INSERT ON lineage WHEN EXISTS (SELECT 1 FROM lineage WHERE {known})"  # noqa: S608
    changes = {"update": "UPDATE ON lineage", "delete": "DELETE ON lineage", "replace": replaced}
    return tuple(
        f"CREATE TRIGGER lineage_no_{name} BEFORE {change} "
        "BEGIN SELECT RAISE(ABORT, 'lineage is append-only'); END"
        for name, change in changes.items()
    )
