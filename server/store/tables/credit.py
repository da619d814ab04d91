"""The ledger."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from server.store.tables.columns import UtcTime, id_column, metadata, only_where, reference

credit = Table(
    "credit",
    metadata,
    id_column(),
    reference("project"),
    Column("seq", Integer, nullable=False),
    reference("person"),
    reference("node", nullable=True),
    Column("label", Text, nullable=False),
    Column("part", String(20), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("role", String(40), nullable=False),
    Column("degree", String(20), nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("at", UtcTime, nullable=False),
    # What the entry does, to which (by its `seq`), and who says so; NULL where the check does.
    Column("act", String(20), nullable=False, server_default="credited"),
    Column("about", Integer),
    # No index: most have none, and one led queries for what the check said through all of them.
    Column("by_id", ForeignKey("people.id")),
    Column("method", String(20)),
    Column("tools", JSON, nullable=False, server_default="[]"),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("project_id", "seq"),
    # In two copies of one repository the same entries may be made, with the same hashes.
    UniqueConstraint("project_id", "hash"),
    ForeignKeyConstraint(["project_id", "about"], ["credit.project_id", "credit.seq"]),
)
Index("ix_credit_about", credit.c.project_id, credit.c.about, **only_where("about IS NOT NULL"))
Index("ix_credit_told", credit.c.project_id, credit.c.by_id, **only_where("by_id IS NOT NULL"))

# In the ledger of a project that came from another server, people go by the numbers that its seals cover:
# `number` is that of somebody who is known by another one here.
ledger_people = Table(
    "ledger_people",
    metadata,
    id_column(),
    reference("project"),
    reference("person"),
    Column("number", Integer, nullable=False),
    UniqueConstraint("project_id", "person_id"),
    UniqueConstraint("project_id", "number"),
)
