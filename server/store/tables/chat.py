"""The chat: its channels and accounts, and what was said there last."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from server.store.tables.columns import UtcTime, id_column, metadata, only_where, reference

# Where a project is spoken of in the chat: a channel has one project. `number` and `private` are what the
# chat said last; `folded` is the name as the chat tells names apart.
channels = Table(
    "channels",
    metadata,
    id_column(),
    reference("project"),
    Column("name", String(200), nullable=False),
    Column("folded", String(200), nullable=False, unique=True),
    Column("number", Integer, unique=True),
    Column("private", Boolean, nullable=False, server_default=false()),
    # Whether progress is posted there, in one channel of a project at most, and in which topic.
    Column("progress", Boolean, nullable=False, server_default=false()),
    Column("topic", String(200)),
    Index("uq_channels_progress", "project_id", unique=True, **only_where("progress")),
)

# Who is in the private channels of projects, as the chat said last: a channel and an account by its numbers.
insiders = Table(
    "insiders",
    metadata,
    id_column(),
    Column("room", Integer, nullable=False),
    Column("account", String(80), nullable=False, index=True),
    UniqueConstraint("room", "account"),
)

# Accounts of the chat that write to the bot: of what they spoke last, and how much more they may say now.
visitors = Table(
    "visitors",
    metadata,
    id_column(),
    Column("account", String(80), nullable=False, unique=True),
    reference("project", nullable=True),
    Column("seen", UtcTime, nullable=False),
    Column("tokens", Float, nullable=False),
    Column("waits", Boolean, nullable=False, server_default=false()),
)

# A command that could mean several nodes, until its author says in the same conversation which one.
choices = Table(
    "choices",
    metadata,
    id_column(),
    reference("project"),
    reference("person"),
    Column("conversation", String(200), nullable=False),
    Column("command", Text, nullable=False),
    Column("nodes", JSON, nullable=False),
    Column("asked", UtcTime, nullable=False),
    UniqueConstraint("person_id", "conversation"),
)

# What a person did last, for a few minutes in which they may take it back. `subject` is what to type for
# what it was done to; `version` is that of the task afterwards.
last_deeds = Table(
    "last_deeds",
    metadata,
    id_column(),
    reference("project"),
    reference("person"),
    Column("verb", String(20), nullable=False),
    Column("subject", Text, nullable=False),
    Column("version", Integer),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("project_id", "person_id"),
)
