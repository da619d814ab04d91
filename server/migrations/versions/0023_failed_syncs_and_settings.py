"""Since when syncs fail; and which setting of a project an event is about."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# How events said it until now.
_RULED = re.compile(r"he project's rule `([^`]+)` ")
_APPEND_ONLY = "events_append_only"
_KNOWN = sa.text("setting IS NOT NULL")


def upgrade() -> None:
    op.add_column("wanted_syncs", sa.Column("failing", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE wanted_syncs SET failing = asked WHERE why IS NOT NULL")
    op.add_column("events", sa.Column("setting", sa.String(length=40), nullable=True))
    triggers = _lift()
    _fill()
    for statement in triggers:
        op.execute(sa.text(statement.replace(":", r"\:")))
    columns = ["project_id", "setting", "id"]
    op.create_index("ix_events_setting", "events", columns, sqlite_where=_KNOWN, postgresql_where=_KNOWN)


def downgrade() -> None:
    op.drop_index("ix_events_setting", "events")
    op.drop_column("events", "setting")
    op.drop_column("wanted_syncs", "failing")


def _lift() -> tuple[str, ...]:
    """Take the triggers off that let nothing be changed; the statements that put them on again."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE events DISABLE TRIGGER {_APPEND_ONLY}")
        return (f"ALTER TABLE events ENABLE TRIGGER {_APPEND_ONLY}",)
    known = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'"
    made = op.get_bind().execute(sa.text(known)).all()
    for row in made:
        op.execute(f"DROP TRIGGER {row.name}")
    return tuple(row.sql for row in made)


def _fill() -> None:
    """What was said in a sentence stands in its column from now on."""
    said = sa.text("SELECT id, kind, text FROM events WHERE kind IN ('ruled', 'privacy')")
    fill = sa.text("UPDATE events SET setting = :setting WHERE id = :id")
    for row in op.get_bind().execute(said).all():
        found = _RULED.search(row.text)
        setting = "private" if row.kind == "privacy" else found[1][:40] if found else None
        if setting is not None:
            op.get_bind().execute(fill, {"setting": setting, "id": row.id})
