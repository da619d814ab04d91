"""Tasks, and what follows from their events: leases, requests and links."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from server.store.tables.columns import UtcTime, id_column, metadata, only_where, reference

tasks = Table(
    "tasks",
    metadata,
    id_column(),
    reference("project"),
    reference("node"),
    Column("number", Integer, nullable=False),
    # As (node, kind) is a key, the pieces of other tasks are numbered: `piece 1`, `piece 2`.
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", Text),
    Column("parent_id", ForeignKey("tasks.id"), index=True),
    # What a maintainer said; NULL where it is estimated.
    Column("size", String(1)),
    Column("tags", Text, nullable=False, server_default=""),
    UniqueConstraint("project_id", "number"),
    UniqueConstraint("node_id", "kind"),
)

# `version` numbers the events of a task: two writers that read the same version cannot both write.
task_events = Table(
    "task_events",
    metadata,
    id_column(),
    reference("task"),
    Column("version", Integer, nullable=False),
    Column("what", String(20), nullable=False),
    Column("at", UtcTime, nullable=False),
    reference("person", nullable=True),
    Column("expires", UtcTime),
    Column("other_id", ForeignKey("people.id"), index=True),
    Column("note", Text),
    Column("link", Text),
    UniqueConstraint("task_id", "version"),
)

# Leases. `person_id` is who leads; `paused` is since when the clock stands still, for whatever reason.
claims = Table(
    "claims",
    metadata,
    id_column(),
    reference("task"),
    reference("person"),
    Column("since", UtcTime, nullable=False),
    Column("expires", UtcTime),
    Column("reminded", UtcTime),
    Column("paused", UtcTime),
    Column("acknowledged", UtcTime),
    Column("snoozed", UtcTime),
    Column("stuck", Text),
    # Since when the reviewers owe its holders a word.
    Column("owed", UtcTime),
    Column("ended", UtcTime),
    Column("ending", String(20)),
    Index("uq_claims_live", "task_id", unique=True, **only_where("ended IS NULL")),
)
Index("ix_claims_running", claims.c.expires, **only_where("ended IS NULL AND paused IS NULL"))

# Who holds a lease, the one who leads among them.
claim_members = Table(
    "claim_members",
    metadata,
    id_column(),
    reference("claim"),
    reference("person"),
    Column("since", UtcTime, nullable=False),
    Column("ended", UtcTime),
    Index("uq_claim_members_live", "claim_id", "person_id", unique=True, **only_where("ended IS NULL")),
)
Index("ix_claim_members_since", claim_members.c.since)

# What is asked about tasks and not answered yet, and who waits for one: `kind` is the event that said so.
task_requests = Table(
    "task_requests",
    metadata,
    id_column(),
    reference("task"),
    Column("kind", String(20), nullable=False),
    reference("person"),
    Column("other_id", ForeignKey("people.id"), index=True),
    Column("at", UtcTime, nullable=False),
    Column("expires", UtcTime),
    UniqueConstraint("task_id", "kind", "person_id", "other_id"),
    # To the constraint, two absent people are not the same.
    Index(
        "uq_task_requests_to_any",
        "task_id",
        "kind",
        "person_id",
        unique=True,
        **only_where("other_id IS NULL"),
    ),
)
Index("ix_task_requests_expires", task_requests.c.expires)

# The pull requests that were proposed for tasks.
task_links = Table(
    "task_links",
    metadata,
    id_column(),
    reference("task"),
    Column("link", Text, nullable=False, index=True),
    UniqueConstraint("task_id", "link"),
)

# Tasks that somebody was offered a moment ago, and until when others are offered different ones.
reservations = Table(
    "reservations",
    metadata,
    id_column(),
    reference("project"),
    reference("task"),
    reference("person"),
    Column("made", UtcTime, nullable=False),
    Column("expires", UtcTime, nullable=False),
    UniqueConstraint("task_id", "person_id"),
)
