"""What is looked after here: projects, their commits, and what was found in them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from server.store.tables.columns import UtcTime, id_column, metadata, reference

projects = Table(
    "projects",
    metadata,
    id_column(),
    Column("slug", String(80), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("path", Text, nullable=False, unique=True),
    Column("repository_url", Text),
    Column("created", UtcTime, nullable=False),
    # Whether facts come from the reports of those it trusts, because this server cannot check it.
    Column("relies_on_reports", Boolean, nullable=False, server_default=false()),
    # Its own rules for claims, by the names of the server's settings; NULL where it has none.
    Column("policy", JSON),
    Column("leaderboard", Boolean, nullable=False, server_default=false()),
    # Whether commands in comments on its forge are carried out.
    Column("forge_comments", Boolean, nullable=False, server_default=false()),
    # Whether only its members know of it.
    Column("private", Boolean, nullable=False, server_default=false()),
)

commits = Table(
    "commits",
    metadata,
    id_column(),
    reference("project"),
    Column("sha", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("author", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("synced", UtcTime, nullable=False),
    UniqueConstraint("project_id", "sha"),
)

# One for each sync that changed something: graph, facts and statuses as compressed JSON.
snapshots = Table(
    "snapshots",
    metadata,
    id_column(),
    reference("commit"),
    Column("made", UtcTime, nullable=False),
    Column("graph", LargeBinary, nullable=False),
    Column("facts", LargeBinary, nullable=False),
    Column("statuses", LargeBinary, nullable=False),
    # What these three come to, so that whoever has read them need not do so again.
    Column("digest", String(64), nullable=False, server_default=""),
    # The axioms that the project's settings allowed; NULL where only the standard ones were.
    Column("allowed", JSON(none_as_null=True)),
    # How many nodes have each status; NULL in those made before it was counted.
    Column("counts", JSON(none_as_null=True)),
    # How long the check took; NULL where it is a snapshot for another reason.
    Column("seconds", Float),
)

# What a snapshot comes to, so that the history of a project can be told without reading all of them.
tallies = Table(
    "tallies",
    metadata,
    id_column(),
    reference("project"),
    Column("snapshot_id", ForeignKey("snapshots.id"), nullable=False, unique=True),
    Column("made", UtcTime, nullable=False),
    Column("nodes", Integer, nullable=False),
    Column("verified", Integer, nullable=False),
    Column("drift", Integer, nullable=False),
)
Index("ix_tallies_project_id_id", tallies.c.project_id, tallies.c.id)

# What a project says to those who come to it, as of its newest check: a sentence about itself, and the text
# of its guidelines, in Markdown, with the file that they stand in.
introductions = Table(
    "introductions",
    metadata,
    id_column(),
    Column("project_id", ForeignKey("projects.id"), nullable=False, unique=True),
    Column("about", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("guidelines", Text, nullable=False),
)

# Projects of which somebody wants the newest commit brought in: `begun` is when a server began to.
wanted_syncs = Table(
    "wanted_syncs",
    metadata,
    id_column(),
    Column("project_id", ForeignKey("projects.id"), nullable=False, unique=True),
    Column("asked", UtcTime, nullable=False),
    Column("due", UtcTime),
    Column("begun", UtcTime),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("why", String(300)),
    Column("failing", UtcTime),
)
