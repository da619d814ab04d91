"""Words that link commits to people, choices not made yet, and what each person did last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create(
        "link_words",
        ("person",),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used", sa.DateTime(timezone=True), nullable=True),
        unique=("hash",),
    )
    _create(
        "choices",
        ("project", "person"),
        sa.Column("conversation", sa.String(200), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("nodes", sa.JSON(), nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        unique=("person_id", "conversation"),
    )
    _create(
        "last_deeds",
        ("project", "person"),
        sa.Column("verb", sa.String(20), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        unique=("project_id", "person_id"),
    )


def downgrade() -> None:
    for name in ("last_deeds", "choices", "link_words"):
        op.drop_table(name)


_TABLES = {"project": "projects", "person": "people"}


def _create(name: str, owners: tuple[str, ...], *columns: sa.Column[object], unique: tuple[str, ...]) -> None:
    """A table whose rows belong to `owners`, with an index for each."""
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(f"{owner}_id", sa.Integer(), nullable=False) for owner in owners),
        *columns,
        *(
            sa.ForeignKeyConstraint(
                [f"{owner}_id"], [f"{_TABLES[owner]}.id"], name=op.f(f"fk_{name}_{owner}_id")
            )
            for owner in owners
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint(*unique, name=op.f(f"uq_{name}_{'_'.join(unique)}")),
    )
    for owner in owners:
        op.create_index(op.f(f"ix_{name}_{owner}_id"), name, [f"{owner}_id"])
