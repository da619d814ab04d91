"""What happened, and what each transaction changed."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text, UniqueConstraint

from server.store.tables.columns import UtcTime, id_column, metadata, only_where, reference

events = Table(
    "events",
    metadata,
    id_column(),
    reference("project"),
    reference("commit", nullable=True),
    Column("at", UtcTime, nullable=False),
    Column("kind", String(40), nullable=False),
    reference("node", nullable=True),
    reference("person", nullable=True),
    Column("text", Text, nullable=False),
    Column("setting", String(40)),
)
Index("ix_events_project_id_id", events.c.project_id, events.c.id)
Index("ix_events_project_id_at", events.c.project_id, events.c.at)
Index("ix_events_node_id_id", events.c.node_id, events.c.id)
Index(
    "ix_events_setting",
    events.c.project_id,
    events.c.setting,
    events.c.id,
    **only_where("setting IS NOT NULL"),
)

# What transactions changed, numbered within each project, and apart from that where it is of none: what a
# process keeps is brought up to date by it. `word` tells two books apart; old rows are dropped.
changes = Table(
    "changes",
    metadata,
    id_column(),
    reference("project", nullable=True),
    Column("number", Integer, nullable=False),
    Column("word", String(16), nullable=False),
    Column("what", JSON, nullable=False),
    UniqueConstraint("project_id", "number"),
    Index("uq_changes_of_all", "number", unique=True, **only_where("project_id IS NULL")),
)
