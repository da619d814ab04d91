"""Since when reviewers owe the holders of a claim a word, and the numbers of people in imported ledgers.

What is in review already counts from when its clock stopped.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_OWNERS = {"project_id": "projects", "person_id": "people"}


def upgrade() -> None:
    op.add_column("claims", sa.Column("owed", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE claims SET owed = paused WHERE ended IS NULL "
        "AND task_id IN (SELECT id FROM tasks WHERE state = 'in review')"
    )
    op.create_table(
        "ledger_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_ledger_people_{name}"))
            for name, table in _OWNERS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_people")),
        sa.UniqueConstraint("project_id", "person_id", name=op.f("uq_ledger_people_project_id_person_id")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_ledger_people_project_id_number")),
    )
    for column in _OWNERS:
        op.create_index(op.f(f"ix_ledger_people_{column}"), "ledger_people", [column])


def downgrade() -> None:
    _refuse_to_lose()
    op.drop_table("ledger_people")
    op.drop_column("claims", "owed")


def _refuse_to_lose() -> None:
    """What is new cannot be told in the old form: such ledgers, and reviews that nobody answered."""
    for what, query in {
        "ledgers would not verify": "SELECT count(*) FROM ledger_people WHERE number <> person_id",
        "events of tasks would be lost": "SELECT count(*) FROM task_events WHERE what = 'unanswered'",
    }.items():
        if op.get_bind().execute(sa.text(query)).scalar_one():
            raise RuntimeError(f"{what}, so this revision cannot be undone")
