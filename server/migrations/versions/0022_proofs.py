"""Who says whose an identity is, on which site a login is, and how checks of commits ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_IDENTITIES = sa.table(
    "identities", sa.column("id"), sa.column("person_id"), sa.column("kind"), sa.column("value")
)
_PROJECTS = sa.table("projects", sa.column("id"), sa.column("repository_url"), sa.column("private"))
_NOTICES = sa.table(
    "notices",
    sa.column("project_id"),
    sa.column("person_id"),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("kind"),
    sa.column("text"),
)
_EVENTS = sa.table(
    "events",
    sa.column("project_id"),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("kind"),
    sa.column("text"),
)
_REQUESTS = sa.table(
    "pull_requests",
    sa.column("id"),
    sa.column("project_id"),
    sa.column("sha"),
    sa.column("checks", sa.JSON()),
    sa.column("at", sa.DateTime(timezone=True)),
)
_VERDICTS = sa.table(
    "verdicts",
    sa.column("project_id"),
    sa.column("sha"),
    sa.column("name"),
    sa.column("passed", sa.Boolean()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("delivery"),
)


def upgrade() -> None:
    op.add_column("identities", sa.Column("proof", sa.String(20), nullable=True))
    op.add_column("sessions", sa.Column("account", sa.String(320), nullable=True))
    op.add_column("pull_requests", sa.Column("delivery", sa.Integer(), nullable=False, server_default="0"))
    _make_verdicts()
    _move_checks()
    op.drop_column("pull_requests", "checks")
    _say_where_logins_are()


def downgrade() -> None:
    _forget_where_logins_are()
    op.add_column("pull_requests", sa.Column("checks", sa.JSON(), nullable=False, server_default="{}"))
    _bring_checks_back()
    op.drop_table("verdicts")
    op.drop_column("pull_requests", "delivery")
    op.drop_column("sessions", "account")
    op.drop_column("identities", "proof")


def _make_verdicts() -> None:
    op.create_table(
        "verdicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("sha", sa.String(64), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivery", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_verdicts_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
        sa.UniqueConstraint("project_id", "sha", "name", name=op.f("uq_verdicts_project_id_sha_name")),
    )
    op.create_index(op.f("ix_verdicts_project_id"), "verdicts", ["project_id"])


def _move_checks() -> None:
    """Each check was written down with every pull request that had the commit."""
    found: dict[tuple[int, str, str], dict[str, Any]] = {}
    for row in op.get_bind().execute(sa.select(_REQUESTS).order_by(_REQUESTS.c.at, _REQUESTS.c.id)):
        for name, passed in row.checks.items():
            about = {"project_id": row.project_id, "sha": row.sha, "name": name}
            found[row.project_id, row.sha, name] = {**about, "passed": passed, "at": row.at, "delivery": 0}
    if found:
        op.bulk_insert(_VERDICTS, list(found.values()))


def _bring_checks_back() -> None:
    db, checks = op.get_bind(), defaultdict[tuple[int, str], dict[str, bool]](dict)
    for row in db.execute(sa.select(_VERDICTS)):
        checks[row.project_id, row.sha][row.name] = row.passed
    for row in db.execute(sa.select(_REQUESTS.c.id, _REQUESTS.c.project_id, _REQUESTS.c.sha)).all():
        known = _REQUESTS.update().where(_REQUESTS.c.id == row.id)
        db.execute(known.values(checks=checks[row.project_id, row.sha]))


def _say_where_logins_are() -> None:
    """That of the project in which a maintainer said it; where that is unclear, the login counts nowhere."""
    db, now = op.get_bind(), datetime.now(UTC)
    projects = db.execute(sa.select(_PROJECTS)).all()
    sites = {row.id: _site(row.repository_url) for row in projects}
    public = {row.id for row in projects if not row.private}
    logins = db.execute(sa.select(_IDENTITIES).where(_IDENTITIES.c.kind == "forge")).all()
    for row in logins:
        told = set(_told_in(row.person_id, row.value))
        there = {sites[project] for project in told or sites if sites.get(project)}
        site = there.pop() if len(there) == 1 else ""
        own = _IDENTITIES.update().where(_IDENTITIES.c.id == row.id)
        db.execute(own.values(value=f"{site}#{row.value}"))
        if not site:
            _ask_again(told or public, row.person_id, now)


def _told_in(person_id: int, login: str) -> Iterator[int]:
    """The projects in which the person was told of it."""
    said = (_NOTICES.c.person_id == person_id, _NOTICES.c.kind == "linked")
    for row in op.get_bind().execute(sa.select(_NOTICES.c.project_id, _NOTICES.c.text).where(*said)):
        if f"`{login}`" in row.text.casefold():
            yield row.project_id


def _ask_again(projects: set[int], person_id: int, now: datetime) -> None:
    """By the log, which maintainers read; names of accounts are not for everybody, so it names none."""
    text = (
        f"The account on a forge that a maintainer linked to \ue000{person_id}\ue001 counts no more, for "
        "nobody knows on which forge it is. Link it again."
    )
    rows = [{"project_id": one, "at": now, "kind": "linked", "text": text} for one in sorted(projects)]
    if rows:
        op.bulk_insert(_EVENTS, rows)


def _forget_where_logins_are() -> None:
    """Of one login on two sites the older is kept, as two could not be."""
    db, known = op.get_bind(), set[str]()
    rows = db.execute(sa.select(_IDENTITIES).where(_IDENTITIES.c.kind == "forge").order_by(_IDENTITIES.c.id))
    for row in rows.all():
        login, own = row.value.rpartition("#")[2], _IDENTITIES.c.id == row.id
        change = _IDENTITIES.delete() if login in known else _IDENTITIES.update().values(value=login)
        db.execute(change.where(own))
        known.add(login)


def _site(address: str | None) -> str:
    """As far as it is clear: an address of the web, or behind SSH as git writes it."""
    address = address or ""
    if "://" not in address:
        user, _, rest = address.partition("@")
        host = rest.partition(":")[0] if user and ":" in rest else ""
        return f"https://{host.casefold()}" if host else ""
    parts = urlsplit(address)
    if parts.scheme in ("http", "https"):
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].casefold()}"
    return f"https://{(parts.hostname or '').casefold()}" if parts.scheme == "ssh" and parts.hostname else ""
