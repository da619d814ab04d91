"""Checks that others run."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, LargeBinary, String, Table, Text, UniqueConstraint

from server.store.tables.columns import UtcTime, id_column, metadata, only_where, reference

# Who may report checks of a project. The token lets in, the key signs; both are random.
reporters = Table(
    "reporters",
    metadata,
    id_column(),
    reference("project"),
    Column("name", String(40), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("key", String(64), nullable=False),
    Column("created", UtcTime, nullable=False),
    Column("revoked", UtcTime),
    Index("uq_reporters_live", "project_id", "name", unique=True, **only_where("revoked IS NULL")),
)

# Kept apart from what this server found out itself. `known` says that the repository has the commit.
reports = Table(
    "reports",
    metadata,
    id_column(),
    reference("project"),
    Column("reporter_id", ForeignKey("reporters.id"), nullable=False, index=True),
    Column("nonce", String(32), nullable=False),
    Column("sha", String(64), nullable=False),
    Column("known", Boolean, nullable=False),
    Column("made", UtcTime, nullable=False),
    Column("received", UtcTime, nullable=False),
    Column("toolchain", Text, nullable=False),
    Column("chantier", Text, nullable=False),
    Column("facts", LargeBinary, nullable=False),
    UniqueConstraint("reporter_id", "nonce"),
)
Index("ix_reports_project_id_id", reports.c.project_id, reports.c.id)
