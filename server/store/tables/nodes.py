"""Nodes across renames, and what is said of them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from server.store.tables.columns import UtcTime, id_column, metadata, reference

nodes = Table(
    "nodes",
    metadata,
    id_column(),
    reference("project"),
    Column("label", Text, nullable=False),
    Column("lean", JSON, nullable=False),
    Column("gone", Boolean, nullable=False, server_default=false()),
    # The LaTeX of its statement when it was last in the blueprint, by which it is known again.
    Column("source", Text, nullable=False, server_default=""),
    UniqueConstraint("project_id", "label"),
)

# Whether a node that left is one that came, where only a person can tell. `fresh`: the new one came then.
doubts = Table(
    "doubts",
    metadata,
    id_column(),
    reference("project"),
    reference("node", "old_id"),
    reference("node", "new_id"),
    Column("fresh", Boolean, nullable=False),
    Column("why", JSON, nullable=False),
    Column("similarity", Float, nullable=False),
    Column("asked", UtcTime, nullable=False),
    Column("decided", UtcTime),
    Column("decision", String(20)),
    reference("person", nullable=True),
    UniqueConstraint("old_id", "new_id"),
)

# What a node was before: what is kept under the old node is shown on the new one.
lineage = Table(
    "lineage",
    metadata,
    id_column(),
    reference("project"),
    reference("node", "old_id"),
    reference("node", "new_id"),
    Column("kind", String(20), nullable=False),
    Column("at", UtcTime, nullable=False),
    reference("person", nullable=True),
    UniqueConstraint("old_id", "new_id"),
)

# What happened to the agreement on a node's statement; `prints` is compressed JSON.
agreement_events = Table(
    "agreement_events",
    metadata,
    id_column(),
    reference("node"),
    Column("version", Integer, nullable=False),
    Column("what", String(20), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("sha", String(64), nullable=False),
    reference("person", nullable=True),
    Column("prints", LargeBinary, nullable=False),
    UniqueConstraint("node_id", "version"),
)

watches = Table(
    "watches",
    metadata,
    id_column(),
    reference("node"),
    reference("person"),
    Column("since", UtcTime, nullable=False),
    UniqueConstraint("node_id", "person_id"),
)
