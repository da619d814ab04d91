"""The tables. Credit, the log, lineage, and the events of tasks and of agreements are only ever added to.

Triggers enforce that. Credit is a chain besides, verified at each sync. Claims, the states of tasks and what
is asked about them follow from the events of tasks; snapshots can be rebuilt.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
    true,
)


class UtcTime(TypeDecorator[datetime]):
    """A moment, kept in UTC; a time that knows no zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment must know its time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _ref(table: str, name: str | None = None, *, nullable: bool = False) -> Column[int]:
    return Column(name or f"{table}_id", ForeignKey(f"{_PLURAL[table]}.id"), nullable=nullable, index=True)


_PLURAL = {
    "project": "projects",
    "person": "people",
    "node": "nodes",
    "task": "tasks",
    "commit": "commits",
    "claim": "claims",
}

projects = Table(
    "projects",
    metadata,
    _id(),
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

people = Table(
    "people",
    metadata,
    _id(),
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
)

# Who has a role of their own in a project; for all others theirs on the server counts.
members = Table(
    "members",
    metadata,
    _id(),
    _ref("project"),
    _ref("person"),
    Column("role", String(20), nullable=False),
    Column("since", UtcTime, nullable=False),
    UniqueConstraint("project_id", "person_id"),
)

identities = Table(
    "identities",
    metadata,
    _id(),
    _ref("person"),
    Column("kind", String(20), nullable=False),
    Column("value", String(320), nullable=False),
    Column("created", UtcTime, nullable=False),
    # What an account that one signs in with was called when it was used last; it identifies nobody.
    Column("called", String(100)),
    # Who or what says that it is theirs; NULL where nobody did, as of authors of commits.
    Column("proof", String(20)),
    UniqueConstraint("kind", "value"),
)

commits = Table(
    "commits",
    metadata,
    _id(),
    _ref("project"),
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
    _id(),
    _ref("commit"),
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
    _id(),
    _ref("project"),
    Column("snapshot_id", ForeignKey("snapshots.id"), nullable=False, unique=True),
    Column("made", UtcTime, nullable=False),
    Column("nodes", Integer, nullable=False),
    Column("verified", Integer, nullable=False),
    Column("drift", Integer, nullable=False),
)

# What a project says to those who come to it, as of its newest check: a sentence about itself, and the text
# of its guidelines, in Markdown, with the file that they stand in.
introductions = Table(
    "introductions",
    metadata,
    _id(),
    Column("project_id", ForeignKey("projects.id"), nullable=False, unique=True),
    Column("about", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("guidelines", Text, nullable=False),
)

nodes = Table(
    "nodes",
    metadata,
    _id(),
    _ref("project"),
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
    _id(),
    _ref("project"),
    _ref("node", "old_id"),
    _ref("node", "new_id"),
    Column("fresh", Boolean, nullable=False),
    Column("why", JSON, nullable=False),
    Column("similarity", Float, nullable=False),
    Column("asked", UtcTime, nullable=False),
    Column("decided", UtcTime),
    Column("decision", String(20)),
    _ref("person", nullable=True),
    UniqueConstraint("old_id", "new_id"),
)

# What a node was before: what is kept under the old node is shown on the new one.
lineage = Table(
    "lineage",
    metadata,
    _id(),
    _ref("project"),
    _ref("node", "old_id"),
    _ref("node", "new_id"),
    Column("kind", String(20), nullable=False),
    Column("at", UtcTime, nullable=False),
    _ref("person", nullable=True),
    UniqueConstraint("old_id", "new_id"),
)

tasks = Table(
    "tasks",
    metadata,
    _id(),
    _ref("project"),
    _ref("node"),
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
    _id(),
    _ref("task"),
    Column("version", Integer, nullable=False),
    Column("what", String(20), nullable=False),
    Column("at", UtcTime, nullable=False),
    _ref("person", nullable=True),
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
    _id(),
    _ref("task"),
    _ref("person"),
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
    Index(
        "uq_claims_live",
        "task_id",
        unique=True,
        sqlite_where=text("ended IS NULL"),
        postgresql_where=text("ended IS NULL"),
    ),
)

# Who holds a lease, the one who leads among them.
claim_members = Table(
    "claim_members",
    metadata,
    _id(),
    _ref("claim"),
    _ref("person"),
    Column("since", UtcTime, nullable=False),
    Column("ended", UtcTime),
    Index(
        "uq_claim_members_live",
        "claim_id",
        "person_id",
        unique=True,
        sqlite_where=text("ended IS NULL"),
        postgresql_where=text("ended IS NULL"),
    ),
)

# What is asked about tasks and not answered yet, and who waits for one: `kind` is the event that said so.
task_requests = Table(
    "task_requests",
    metadata,
    _id(),
    _ref("task"),
    Column("kind", String(20), nullable=False),
    _ref("person"),
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
        sqlite_where=text("other_id IS NULL"),
        postgresql_where=text("other_id IS NULL"),
    ),
)

# The pull requests that were proposed for tasks.
task_links = Table(
    "task_links",
    metadata,
    _id(),
    _ref("task"),
    Column("link", Text, nullable=False, index=True),
    UniqueConstraint("task_id", "link"),
)

# What happened to the agreement on a node's statement; `prints` is compressed JSON.
agreement_events = Table(
    "agreement_events",
    metadata,
    _id(),
    _ref("node"),
    Column("version", Integer, nullable=False),
    Column("what", String(20), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("sha", String(64), nullable=False),
    _ref("person", nullable=True),
    Column("prints", LargeBinary, nullable=False),
    UniqueConstraint("node_id", "version"),
)

credit = Table(
    "credit",
    metadata,
    _id(),
    _ref("project"),
    Column("seq", Integer, nullable=False),
    _ref("person"),
    _ref("node", nullable=True),
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

# In the ledger of a project that came from another server, people go by the numbers that its seals cover:
# `number` is that of somebody who is known by another one here.
ledger_people = Table(
    "ledger_people",
    metadata,
    _id(),
    _ref("project"),
    _ref("person"),
    Column("number", Integer, nullable=False),
    UniqueConstraint("project_id", "person_id"),
    UniqueConstraint("project_id", "number"),
)

events = Table(
    "events",
    metadata,
    _id(),
    _ref("project"),
    _ref("commit", nullable=True),
    Column("at", UtcTime, nullable=False),
    Column("kind", String(40), nullable=False),
    _ref("node", nullable=True),
    _ref("person", nullable=True),
    Column("text", Text, nullable=False),
)

# Tasks that somebody was offered a moment ago, and until when others are offered different ones.
reservations = Table(
    "reservations",
    metadata,
    _id(),
    _ref("project"),
    _ref("task"),
    _ref("person"),
    Column("made", UtcTime, nullable=False),
    Column("expires", UtcTime, nullable=False),
    UniqueConstraint("task_id", "person_id"),
)

watches = Table(
    "watches",
    metadata,
    _id(),
    _ref("node"),
    _ref("person"),
    Column("since", UtcTime, nullable=False),
    UniqueConstraint("node_id", "person_id"),
)

notices = Table(
    "notices",
    metadata,
    _id(),
    _ref("project"),
    _ref("person"),
    Column("at", UtcTime, nullable=False),
    Column("kind", String(40), nullable=False),
    _ref("node", nullable=True),
    Column("text", Text, nullable=False),
    Column("read", UtcTime),
    # When it goes on to the chat; NULL where it did, or need not.
    Column("due", UtcTime),
)

# How somebody wants to hear of things: hours as `22:00`, by their own clocks. Who has no row, as by default.
preferences = Table(
    "preferences",
    metadata,
    _id(),
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

# What a project's own topic is told: the progress of a day, written anew while it lasts, and each milestone
# once. `due`: when that goes to the chat; NULL where it did, or need not.
posts = Table(
    "posts",
    metadata,
    _id(),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("name", String(200), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("due", UtcTime),
    UniqueConstraint("project_id", "kind", "name"),
    CheckConstraint("kind IN ('day', 'share', 'goal', 'chapter', 'newcomer')", name="kind"),
)

# Links that work once. `purpose` is the only thing that one is good for.
sign_in_tokens = Table(
    "sign_in_tokens",
    metadata,
    _id(),
    _ref("person"),
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
    _id(),
    _ref("person"),
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
    _id(),
    _ref("person"),
    Column("hash", String(64), nullable=False, unique=True),
    Column("expires", UtcTime, nullable=False),
    Column("used", UtcTime),
)

# A command that could mean several nodes, until its author says in the same conversation which one.
choices = Table(
    "choices",
    metadata,
    _id(),
    _ref("project"),
    _ref("person"),
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
    _id(),
    _ref("project"),
    _ref("person"),
    Column("verb", String(20), nullable=False),
    Column("subject", Text, nullable=False),
    Column("version", Integer),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("project_id", "person_id"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    _id(),
    _ref("person"),
    Column("hash", String(64), nullable=False, unique=True),
    Column("label", Text, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created", UtcTime, nullable=False),
    Column("expires", UtcTime, nullable=False),
    Column("revoked", UtcTime),
    Column("used", UtcTime),
)

# Who may report checks of a project. The token lets in, the key signs; both are random.
reporters = Table(
    "reporters",
    metadata,
    _id(),
    _ref("project"),
    Column("name", String(40), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("key", String(64), nullable=False),
    Column("created", UtcTime, nullable=False),
    Column("revoked", UtcTime),
    Index(
        "uq_reporters_live",
        "project_id",
        "name",
        unique=True,
        sqlite_where=text("revoked IS NULL"),
        postgresql_where=text("revoked IS NULL"),
    ),
)

# Kept apart from what this server found out itself. `known` says that the repository has the commit.
reports = Table(
    "reports",
    metadata,
    _id(),
    _ref("project"),
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

inbox = Table(
    "inbox",
    metadata,
    _id(),
    Column("key", String(200), nullable=False, unique=True),
    Column("received", UtcTime, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
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
)

# Where a reader of a stream of events stands, so that it goes on from there.
cursors = Table(
    "cursors",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("value", Text, nullable=False),
)

# Where a project is spoken of in the chat: a channel has one project. `number` and `private` are what the
# chat said last; `folded` is the name as the chat tells names apart.
channels = Table(
    "channels",
    metadata,
    _id(),
    _ref("project"),
    Column("name", String(200), nullable=False),
    Column("folded", String(200), nullable=False, unique=True),
    Column("number", Integer, unique=True),
    Column("private", Boolean, nullable=False, server_default=false()),
    # Whether progress is posted there, in one channel of a project at most, and in which topic.
    Column("progress", Boolean, nullable=False, server_default=false()),
    Column("topic", String(200)),
    Index(
        "uq_channels_progress",
        "project_id",
        unique=True,
        sqlite_where=text("progress"),
        postgresql_where=text("progress"),
    ),
)

# Accounts of the chat that write to the bot: of what they spoke last, and how much more they may say now.
visitors = Table(
    "visitors",
    metadata,
    _id(),
    Column("account", String(80), nullable=False, unique=True),
    _ref("project", nullable=True),
    Column("seen", UtcTime, nullable=False),
    Column("tokens", Float, nullable=False),
    Column("waits", Boolean, nullable=False, server_default=false()),
)

# What transactions changed, numbered within each project, and apart from that where it is of none: what a
# process keeps is brought up to date by it. `word` tells two books apart; old rows are dropped.
changes = Table(
    "changes",
    metadata,
    _id(),
    _ref("project", nullable=True),
    Column("number", Integer, nullable=False),
    Column("word", String(16), nullable=False),
    Column("what", JSON, nullable=False),
    UniqueConstraint("project_id", "number"),
    Index(
        "uq_changes_of_all",
        "number",
        unique=True,
        sqlite_where=text("project_id IS NULL"),
        postgresql_where=text("project_id IS NULL"),
    ),
)

# Who is in the private channels of projects, as the chat said last: a channel and an account by its numbers.
insiders = Table(
    "insiders",
    metadata,
    _id(),
    Column("room", Integer, nullable=False),
    Column("account", String(80), nullable=False, index=True),
    UniqueConstraint("room", "account"),
)

# Webhooks of a project: who may tell it what happens on its forge. `secret` signs, so it is kept as it is;
# one that was rotated is good until it `ends`.
hooks = Table(
    "hooks",
    metadata,
    _id(),
    _ref("project"),
    Column("forge", String(20), nullable=False),
    Column("secret", String(100), nullable=False),
    Column("made", UtcTime, nullable=False),
    Column("used", UtcTime),
    Column("ends", UtcTime),
    Index(
        "uq_hooks_live",
        "project_id",
        "forge",
        unique=True,
        sqlite_where=text("ends IS NULL"),
        postgresql_where=text("ends IS NULL"),
    ),
)

# What forges told, until it is worked off (then `body` and `due` are NULL), and for a while afterwards so
# that nothing acts twice: `key` is the forge's name of the delivery, `digest` that of the body where that
# alone was signed. `dead`: it could not be worked off, and waits for a maintainer.
deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    _ref("project"),
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

# Pull requests that webhooks told of, as they were `at` that moment; of one moment the later delivery counts.
pull_requests = Table(
    "pull_requests",
    metadata,
    _id(),
    _ref("project"),
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
    _id(),
    _ref("project"),
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
    _id(),
    Column("pull_request_id", ForeignKey("pull_requests.id"), nullable=False),
    _ref("task"),
    UniqueConstraint("pull_request_id", "task_id"),
)

# Projects of which somebody wants the newest commit brought in: `begun` is when a server began to.
wanted_syncs = Table(
    "wanted_syncs",
    metadata,
    _id(),
    Column("project_id", ForeignKey("projects.id"), nullable=False, unique=True),
    Column("asked", UtcTime, nullable=False),
    Column("due", UtcTime),
    Column("begun", UtcTime),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("why", String(300)),
)

# What pages list newest first, and what is looked for among much that is done with.
Index("ix_events_project_id_id", events.c.project_id, events.c.id)
Index("ix_events_project_id_at", events.c.project_id, events.c.at)
Index("ix_events_node_id_id", events.c.node_id, events.c.id)
Index("ix_tallies_project_id_id", tallies.c.project_id, tallies.c.id)
Index("ix_notices_person_id_id", notices.c.person_id, notices.c.id)
Index("ix_reports_project_id_id", reports.c.project_id, reports.c.id)
Index("ix_claim_members_since", claim_members.c.since)
Index("ix_outbox_number", outbox.c.number)
_DUE = text("due IS NOT NULL")
for _queue in (notices, preferences, posts):
    Index(f"ix_{_queue.name}_due", _queue.c.due, sqlite_where=_DUE, postgresql_where=_DUE)
_RUNNING = text("ended IS NULL AND paused IS NULL")
Index("ix_claims_running", claims.c.expires, sqlite_where=_RUNNING, postgresql_where=_RUNNING)
Index("ix_task_requests_expires", task_requests.c.expires)
_ABOUT, _TOLD = text("about IS NOT NULL"), text("by_id IS NOT NULL")
Index("ix_credit_about", credit.c.project_id, credit.c.about, sqlite_where=_ABOUT, postgresql_where=_ABOUT)
Index("ix_credit_told", credit.c.project_id, credit.c.by_id, sqlite_where=_TOLD, postgresql_where=_TOLD)
_UNREAD = text("due IS NOT NULL")
Index("ix_deliveries_due", deliveries.c.due, sqlite_where=_UNREAD, postgresql_where=_UNREAD)
_DEAD = text("dead IS NOT NULL")
Index("ix_deliveries_dead", deliveries.c.dead, sqlite_where=_DEAD, postgresql_where=_DEAD)
_WAITING = text("(sent IS NULL AND failed IS NULL) OR next IS NOT NULL")
Index("ix_outbox_waiting", outbox.c.id, sqlite_where=_WAITING, postgresql_where=_WAITING)
_ROLES = "role IN ('visitor', 'contributor', 'maintainer', 'owner')"
people.append_constraint(CheckConstraint(_ROLES, name="role"))
members.append_constraint(CheckConstraint("role IN ('contributor', 'maintainer', 'owner')", name="role"))
identities.append_constraint(CheckConstraint("kind <> '' AND value <> ''", name="value"))
outbox.append_constraint(CheckConstraint("channel IN ('direct', 'stream', 'reaction')", name="channel"))
