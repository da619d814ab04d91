"""Roles in each project, private projects; an onlooker is called a visitor.

Whoever maintains on this server goes on maintaining in every project: nothing of that is written down anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_CHECK = "ck_people_role"
_OLD = "role IN ('onlooker', 'contributor', 'maintainer')"
_NEW = "role IN ('visitor', 'contributor', 'maintainer', 'owner')"
_GIVEN = "role IN ('contributor', 'maintainer', 'owner')"
_OWNERS = {"project_id": "projects", "person_id": "people"}


def upgrade() -> None:
    _rename({"onlooker": "visitor"}, _NEW)
    op.add_column("projects", sa.Column("private", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_members_{name}"))
            for name, table in _OWNERS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("project_id", "person_id", name=op.f("uq_members_project_id_person_id")),
        sa.CheckConstraint(_GIVEN, name=op.f("ck_members_role")),
    )
    for column in _OWNERS:
        op.create_index(op.f(f"ix_members_{column}"), "members", [column])


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT count(*) FROM projects WHERE private")).scalar_one():
        raise RuntimeError("private projects would be open to all, so this revision cannot be undone")
    op.drop_table("members")
    op.drop_column("projects", "private")
    _rename({"visitor": "onlooker", "owner": "maintainer"}, _OLD)


def _rename(words: dict[str, str], rule: str) -> None:
    with op.batch_alter_table("people") as batch:
        batch.drop_constraint(op.f(_CHECK), type_="check")
    for old, new in words.items():
        op.execute(f"UPDATE people SET role = '{new}' WHERE role = '{old}'")  # noqa: S608 (words of ours)
    with op.batch_alter_table("people") as batch:
        batch.create_check_constraint(op.f(_CHECK), rule)
