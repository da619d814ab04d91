"""People, what leads to them, their roles, and what they wish."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    true,
)

from server.store.tables.columns import UtcTime, id_column, metadata, only_where, reference

people = Table(
    "people",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("created", UtcTime, nullable=False),
    # Somebody who turned out to be known already; what was written down under this number stays as it is.
    Column("same_as", ForeignKey("people.id"), index=True),
    # What others are told: the name itself, the pseudonym, or neither (real, pseudonym, hidden).
    Column("naming", String(20), nullable=False, server_default="real"),
    Column("pseudonym", Text),
    Column("ranked", Boolean, nullable=False, server_default=true()),
    # Whether what they did may be in a dataset that is published, and their accounts elsewhere on their page.
    Column("dataset", Boolean, nullable=False, server_default=false()),
    Column("linked", Boolean, nullable=False, server_default=false()),
    # When they asked to be forgotten: nobody is known by this number any more.
    Column("erased", UtcTime),
    # The time zone of the dates they read and write; NULL is UTC.
    Column("zone", String(64)),
    CheckConstraint("role IN ('visitor', 'contributor', 'maintainer', 'owner')", name="role"),
)

# Who has a role of their own in a project; for all others theirs on the server counts.
members = Table(
    "members",
    metadata,
    id_column(),
    reference("project"),
    reference("person"),
    Column("role", String(20), nullable=False),
    Column("since", UtcTime, nullable=False),
    UniqueConstraint("project_id", "person_id"),
    CheckConstraint("role IN ('contributor', 'maintainer', 'owner')", name="role"),
)

identities = Table(
    "identities",
    metadata,
    id_column(),
    reference("person"),
    Column("kind", String(20), nullable=False),
    Column("value", String(320), nullable=False),
    Column("created", UtcTime, nullable=False),
    # What an account that one signs in with was called when it was used last; it identifies nobody.
    Column("called", String(100)),
    # Who or what says that it is theirs; NULL where nobody did, as of authors of commits.
    Column("proof", String(20)),
    UniqueConstraint("kind", "value"),
    CheckConstraint("kind <> '' AND value <> ''", name="value"),
)

# How somebody wants to hear of things: hours as `22:00`, by their own clocks. Who has no row, as by default.
preferences = Table(
    "preferences",
    metadata,
    id_column(),
    Column("person_id", ForeignKey("people.id"), nullable=False, unique=True),
    Column("way", String(20), nullable=False),
    Column("quiet_from", String(5)),
    Column("quiet_to", String(5)),
    Column("digest", String(20), nullable=False),
    Column("hour", Integer, nullable=False),
    Column("muted", JSON, nullable=False),
    # The newest event and notice when the last digest came, and when the next does; NULL where none does.
    Column("seen_event", Integer, nullable=False),
    Column("seen_notice", Integer, nullable=False),
    Column("due", UtcTime),
    CheckConstraint("way IN ('direct', 'topic')", name="way"),
    CheckConstraint("digest IN ('off', 'daily', 'weekly')", name="digest"),
    CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
    CheckConstraint("(quiet_from IS NULL) = (quiet_to IS NULL)", name="quiet"),
)
Index("ix_preferences_due", preferences.c.due, **only_where("due IS NOT NULL"))
