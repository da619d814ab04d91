"""What somebody was offered a moment ago is offered to others last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLE = "reservations"
_REFERENCES = {"project_id": "projects", "task_id": "tasks", "person_id": "people"}


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _REFERENCES),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_{_TABLE}_{name}"))
            for name, table in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
        sa.UniqueConstraint("task_id", "person_id", name=op.f(f"uq_{_TABLE}_task_id_person_id")),
    )
    for name in _REFERENCES:
        op.create_index(op.f(f"ix_{_TABLE}_{name}"), _TABLE, [name], unique=False)


def downgrade() -> None:
    op.drop_table(_TABLE)
