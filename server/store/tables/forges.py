"""What forges tell: webhooks, deliveries and pull requests."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from server.store.tables.columns import UtcTime, id_column, metadata, only_where, reference

# Webhooks of a project: who may tell it what happens on its forge. `secret` signs, so it is kept as it is;
# one that was rotated is good until it `ends`.
hooks = Table(
    "hooks",
    metadata,
    id_column(),
    reference("project"),
    Column("forge", String(20), nullable=False),
    Column("secret", String(100), nullable=False),
    Column("made", UtcTime, nullable=False),
    Column("used", UtcTime),
    Column("ends", UtcTime),
    Index("uq_hooks_live", "project_id", "forge", unique=True, **only_where("ends IS NULL")),
)

# What forges told, until it is worked off (then `body` and `due` are NULL), and for a while afterwards so
# that nothing acts twice: `key` is the forge's name of the delivery, `digest` that of the body where that
# alone was signed. `dead`: it could not be worked off, and waits for a maintainer.
deliveries = Table(
    "deliveries",
    metadata,
    id_column(),
    reference("project"),
    Column("forge", String(20), nullable=False),
    Column("key", String(120), nullable=False),
    Column("digest", String(64)),
    Column("event", String(100), nullable=False),
    Column("body", LargeBinary),
    Column("received", UtcTime, nullable=False, index=True),
    Column("due", UtcTime),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("dead", UtcTime),
    Column("why", String(300)),
    UniqueConstraint("project_id", "key"),
    UniqueConstraint("project_id", "digest"),
)
Index("ix_deliveries_due", deliveries.c.due, **only_where("due IS NOT NULL"))
Index("ix_deliveries_dead", deliveries.c.dead, **only_where("dead IS NOT NULL"))

# Pull requests that webhooks told of, as they were `at` that moment; of one moment the later delivery counts.
pull_requests = Table(
    "pull_requests",
    metadata,
    id_column(),
    reference("project"),
    Column("link", Text, nullable=False),
    Column("standing", String(20), nullable=False),
    Column("sha", String(64), nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    Column("delivery", Integer, nullable=False, server_default="0"),
    UniqueConstraint("project_id", "link"),
    CheckConstraint("standing IN ('draft', 'open', 'merged', 'closed')", name="standing"),
)

# How the checks of commits ended, whether or not a pull request of such a commit is known.
verdicts = Table(
    "verdicts",
    metadata,
    id_column(),
    reference("project"),
    Column("sha", String(64), nullable=False),
    Column("name", String(100), nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("delivery", Integer, nullable=False),
    UniqueConstraint("project_id", "sha", "name"),
)

# The tasks that they are for, as far as that is sure.
pull_request_tasks = Table(
    "pull_request_tasks",
    metadata,
    id_column(),
    Column("pull_request_id", ForeignKey("pull_requests.id"), nullable=False),
    reference("task"),
    UniqueConstraint("pull_request_id", "task_id"),
)
