"""Sessions on the server, what a link is for, when a token was used, and what an account is called."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_PURPOSE = "purpose IN ('sign in', 'link')"


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(80), nullable=False),
        *(
            sa.Column(name, sa.DateTime(timezone=True), nullable=False)
            for name in ("created", "seen", "expires")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sessions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("hash", name=op.f("uq_sessions_hash")),
    )
    op.create_index(op.f("ix_sessions_person_id"), "sessions", ["person_id"])
    op.add_column("api_tokens", sa.Column("used", sa.DateTime(timezone=True), nullable=True))
    op.add_column("identities", sa.Column("called", sa.String(100), nullable=True))
    with op.batch_alter_table("sign_in_tokens") as table:
        table.add_column(sa.Column("purpose", sa.String(20), nullable=False, server_default="sign in"))
        table.create_check_constraint(op.f("ck_sign_in_tokens_purpose"), _PURPOSE)


def downgrade() -> None:
    """A link that was not for signing in would be good for it then, so it goes."""
    op.execute("DELETE FROM sign_in_tokens WHERE purpose <> 'sign in'")
    with op.batch_alter_table("sign_in_tokens") as table:
        table.drop_constraint(op.f("ck_sign_in_tokens_purpose"), type_="check")
        table.drop_column("purpose")
    op.drop_column("identities", "called")
    op.drop_column("api_tokens", "used")
    op.drop_table("sessions")
