"""Co-holders, requests, linked pull requests, informal work and pieces; rules for claims by project."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# A column that refers to a table: SQLite adds no constraint afterwards, so both come in one statement.
_REFERRING = (
    ("task_events", "other_id", "people"),
    ("tasks", "parent_id", "tasks"),
)


# The events that came before.
_KNOWN = (
    *("opened", "claimed", "renewed", "disclaimed", "expired", "paused", "acknowledged", "resumed"),
    *("finished", "regressed", "superseded", "reopened"),
)
# New ones that nobody did: a check says so again.
_FOLLOWING = ("verified", "unsettled")
_SAME = "id = NEW.id OR (task_id = NEW.task_id AND version = NEW.version)"
_CHANGES = {
    "update": "UPDATE ON task_events",
    "delete": "DELETE ON task_events",
    "replace": f"INSERT ON task_events WHEN EXISTS (SELECT 1 FROM task_events WHERE {_SAME})",  # noqa: S608
}


def upgrade() -> None:
    for table, column, target in _REFERRING:
        name = op.f(f"fk_{table}_{column}")
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES {target} (id)"
        )
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    for table, new in _columns():
        op.add_column(table, new)
    _members()
    _requests()
    _links()
    # Finished work has landed; whether its node is verified with all below it, the next sync says.
    op.execute("UPDATE tasks SET state = 'landed' WHERE state = 'verified'")


def downgrade() -> None:
    _refuse_to_lose()
    _forget_what_follows()
    op.execute("UPDATE tasks SET state = 'verified' WHERE state = 'landed'")
    for table in ("task_links", "task_requests", "claim_members"):
        op.drop_table(table)
    for table, column in _columns():
        op.drop_column(table, column.name)
    for table, name, _ in reversed(_REFERRING):
        op.drop_index(op.f(f"ix_{table}_{name}"), table)
        op.drop_column(table, name)


def _refuse_to_lose() -> None:
    """What people did in ways that are new cannot be told in the old form."""
    known = sa.text("SELECT count(*) FROM task_events WHERE what NOT IN :known")
    known = known.bindparams(sa.bindparam("known", (*_KNOWN, *_FOLLOWING), expanding=True))
    found = op.get_bind().execute(known).scalar_one()
    if found:
        raise RuntimeError(f"{found} events of tasks would be lost, so this revision cannot be undone")


def _forget_what_follows() -> None:
    """Whether finished work is verified follows from the check; an older program does not write it down."""
    db = op.get_bind()
    following = "SELECT task_id FROM task_events WHERE what IN ('verified', 'unsettled')"
    columns = "SELECT id, task_id, what FROM task_events"
    events = sa.text(f"{columns} WHERE task_id IN ({following}) ORDER BY version")
    versions: dict[int, int] = {}
    _lift_triggers()
    for event_id, task_id, what in db.execute(events).all():
        if what in _FOLLOWING:
            db.execute(sa.text("DELETE FROM task_events WHERE id = :id"), {"id": event_id})
        else:
            versions[task_id] = versions.get(task_id, 0) + 1
            renumber = sa.text("UPDATE task_events SET version = :version WHERE id = :id")
            db.execute(renumber, {"id": event_id, "version": versions[task_id]})
    for task_id, version in versions.items():
        task = {"id": task_id, "version": version}
        db.execute(sa.text("UPDATE tasks SET version = :version WHERE id = :id"), task)
    _set_triggers()


def _lift_triggers() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER task_events_append_only ON task_events")
    else:
        for name in _CHANGES:
            op.execute(f"DROP TRIGGER task_events_no_{name}")


def _set_triggers() -> None:
    """As the first migration made them."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER task_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON task_events "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for name, change in _CHANGES.items():
        op.execute(
            f"CREATE TRIGGER task_events_no_{name} BEFORE {change} "
            "BEGIN SELECT RAISE(ABORT, 'task_events is append-only'); END"
        )


def _columns() -> tuple[tuple[str, sa.Column[Any]], ...]:
    return (
        ("task_events", sa.Column("note", sa.Text(), nullable=True)),
        ("task_events", sa.Column("link", sa.Text(), nullable=True)),
        ("tasks", sa.Column("title", sa.Text(), nullable=True)),
        ("tasks", sa.Column("size", sa.String(length=1), nullable=True)),
        ("tasks", sa.Column("tags", sa.Text(), nullable=False, server_default="")),
        ("claims", sa.Column("snoozed", sa.DateTime(timezone=True), nullable=True)),
        ("claims", sa.Column("stuck", sa.Text(), nullable=True)),
        ("projects", sa.Column("policy", sa.JSON(), nullable=True)),
    )


def _members() -> None:
    op.create_table(
        "claim_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_members_claim_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_claim_members_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_members")),
    )
    op.create_index(op.f("ix_claim_members_claim_id"), "claim_members", ["claim_id"], unique=False)
    op.create_index(op.f("ix_claim_members_person_id"), "claim_members", ["person_id"], unique=False)
    op.create_index(
        "uq_claim_members_live",
        "claim_members",
        ["claim_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.execute(
        "INSERT INTO claim_members (claim_id, person_id, since, ended) "
        "SELECT id, person_id, since, ended FROM claims"
    )


def _requests() -> None:
    op.create_table(
        "task_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_requests_task_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_task_requests_person_id")),
        sa.ForeignKeyConstraint(["other_id"], ["people.id"], name=op.f("fk_task_requests_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_requests")),
        sa.UniqueConstraint(
            "task_id",
            "kind",
            "person_id",
            "other_id",
            name=op.f("uq_task_requests_task_id_kind_person_id_other_id"),
        ),
    )
    op.create_index(
        "uq_task_requests_to_any",
        "task_requests",
        ["task_id", "kind", "person_id"],
        unique=True,
        sqlite_where=sa.text("other_id IS NULL"),
        postgresql_where=sa.text("other_id IS NULL"),
    )
    for column in ("task_id", "person_id", "other_id"):
        op.create_index(op.f(f"ix_task_requests_{column}"), "task_requests", [column], unique=False)


def _links() -> None:
    op.create_table(
        "task_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_links_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_links")),
        sa.UniqueConstraint("task_id", "link", name=op.f("uq_task_links_task_id_link")),
    )
    op.create_index(op.f("ix_task_links_link"), "task_links", ["link"], unique=False)
    op.create_index(op.f("ix_task_links_task_id"), "task_links", ["task_id"], unique=False)
