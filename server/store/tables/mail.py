"""What people are told, and what goes between here and the chat."""

from __future__ import annotations

from sqlalchemy import (
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
)

from server.store.tables.columns import UtcTime, id_column, metadata, only_where, reference

notices = Table(
    "notices",
    metadata,
    id_column(),
    reference("project"),
    reference("person"),
    Column("at", UtcTime, nullable=False),
    Column("kind", String(40), nullable=False),
    reference("node", nullable=True),
    Column("text", Text, nullable=False),
    Column("read", UtcTime),
    # When it goes on to the chat; NULL where it did, or need not.
    Column("due", UtcTime),
)
Index("ix_notices_person_id_id", notices.c.person_id, notices.c.id)
Index("ix_notices_due", notices.c.due, **only_where("due IS NOT NULL"))

# What a project's own topic is told: the progress of a day, written anew while it lasts, and each milestone
# once. `due`: when that goes to the chat; NULL where it did, or need not.
posts = Table(
    "posts",
    metadata,
    id_column(),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("name", String(200), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("due", UtcTime),
    UniqueConstraint("project_id", "kind", "name"),
    CheckConstraint("kind IN ('day', 'share', 'goal', 'chapter', 'newcomer')", name="kind"),
)
Index("ix_posts_due", posts.c.due, **only_where("due IS NOT NULL"))

inbox = Table(
    "inbox",
    metadata,
    id_column(),
    Column("key", String(200), nullable=False, unique=True),
    Column("received", UtcTime, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    id_column(),
    Column("key", String(200), nullable=False, unique=True),
    Column("channel", String(20), nullable=False),
    Column("to", String(80), nullable=False),
    Column("topic", Text),
    Column("text", Text, nullable=False),
    Column("plain", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("created", UtcTime, nullable=False),
    Column("sent", UtcTime),
    Column("failed", UtcTime),
    # What the chat calls it, once it is out.
    Column("number", Integer),
    # What it shall say instead, once it is out; then an edit sees to that.
    Column("next", Text),
    # The highest number known before the first attempt: what became of an attempt has a higher one.
    Column("floor", Integer),
    # The row whose turn it has, where it is not its own: the pieces of a long message stay together.
    Column("turn", Integer),
    CheckConstraint("channel IN ('direct', 'stream', 'reaction')", name="channel"),
)
Index("ix_outbox_number", outbox.c.number)
Index("ix_outbox_waiting", outbox.c.id, **only_where("(sent IS NULL AND failed IS NULL) OR next IS NOT NULL"))

# Where a reader of a stream of events stands, so that it goes on from there.
cursors = Table(
    "cursors",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("value", Text, nullable=False),
)
