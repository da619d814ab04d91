"""How people want to hear of things, when a notice goes out, and what is said in a project's own topic."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_DUE = "due IS NOT NULL"


def upgrade() -> None:
    op.create_table(
        "preferences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("quiet_from", sa.String(length=5), nullable=True),
        sa.Column("quiet_to", sa.String(length=5), nullable=True),
        sa.Column("digest", sa.String(length=20), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("muted", sa.JSON(), nullable=False),
        sa.Column("seen_event", sa.Integer(), nullable=False),
        sa.Column("seen_notice", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("way IN ('direct', 'topic')", name=op.f("ck_preferences_way")),
        sa.CheckConstraint("digest IN ('off', 'daily', 'weekly')", name=op.f("ck_preferences_digest")),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_preferences_hour")),
        sa.CheckConstraint("(quiet_from IS NULL) = (quiet_to IS NULL)", name=op.f("ck_preferences_quiet")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_preferences_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preferences")),
        sa.UniqueConstraint("person_id", name=op.f("uq_preferences_person_id")),
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('day', 'share', 'goal', 'chapter', 'newcomer')", name=op.f("ck_posts_kind")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_posts_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("project_id", "kind", "name", name=op.f("uq_posts_project_id_kind_name")),
    )
    op.add_column("notices", sa.Column("due", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_events_project_id_at"), "events", ["project_id", "at"])
    for table in ("notices", "preferences", "posts"):
        op.create_index(
            op.f(f"ix_{table}_due"),
            table,
            ["due"],
            sqlite_where=sa.text(_DUE),
            postgresql_where=sa.text(_DUE),
        )


def downgrade() -> None:
    op.drop_index(op.f("ix_events_project_id_at"), "events")
    op.drop_index(op.f("ix_notices_due"), "notices")
    op.drop_column("notices", "due")
    op.drop_table("posts")
    op.drop_table("preferences")
