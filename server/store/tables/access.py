"""Secrets that let somebody in, each by its hash."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, String, Table, Text

from server.store.tables.columns import UtcTime, id_column, metadata, reference

# Links that work once. `purpose` is the only thing that one is good for.
sign_in_tokens = Table(
    "sign_in_tokens",
    metadata,
    id_column(),
    reference("person"),
    Column("hash", String(64), nullable=False, unique=True),
    Column("expires", UtcTime, nullable=False),
    Column("used", UtcTime),
    Column("purpose", String(20), nullable=False, server_default="sign in"),
    CheckConstraint("purpose IN ('sign in', 'link')", name="purpose"),
)

# Browsers in which somebody is signed in. `seen` is kept to some minutes; `agent` is what the browser said
# it was, in a few words.
sessions = Table(
    "sessions",
    metadata,
    id_column(),
    reference("person"),
    Column("hash", String(64), nullable=False, unique=True),
    Column("agent", String(80), nullable=False),
    # The account that it was begun with, as `identities` has it; NULL for a link.
    Column("account", String(320)),
    Column("created", UtcTime, nullable=False),
    Column("seen", UtcTime, nullable=False),
    Column("expires", UtcTime, nullable=False),
)

# What proves that a commit is somebody's who is known here: its hash only, as with every secret.
link_words = Table(
    "link_words",
    metadata,
    id_column(),
    reference("person"),
    Column("hash", String(64), nullable=False, unique=True),
    Column("expires", UtcTime, nullable=False),
    Column("used", UtcTime),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    id_column(),
    reference("person"),
    Column("hash", String(64), nullable=False, unique=True),
    Column("label", Text, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created", UtcTime, nullable=False),
    Column("expires", UtcTime, nullable=False),
    Column("revoked", UtcTime),
    Column("used", UtcTime),
)
