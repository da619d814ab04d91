"""What a page asks of the database: every statement, and how the database goes about it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, event, func, select

from blueprint.errors import UserError
from dashboards import periods
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import (
    claims,
    contributions,
    crews,
    history,
    news,
    people,
    reporting,
    retrospect,
    signin,
    suggestions,
    tending,
    views,
    watching,
)
from server.store import Store
from server.store.tables import metadata
from server.work.permissions import Role

from .crowds import BEGAN, NOW

# Tables that grow with projects and with time; of the others there are only so many rows.
BIG = {
    "agreement_events",
    "claim_members",
    "claims",
    "commits",
    "credit",
    "deliveries",
    "doubts",
    "events",
    "inbox",
    "lineage",
    "nodes",
    "notices",
    "outbox",
    "pull_request_tasks",
    "pull_requests",
    "reports",
    "reservations",
    "snapshots",
    "tallies",
    "task_events",
    "task_links",
    "task_requests",
    "tasks",
    "watches",
}
# An index of the rows that are not done with yet may well be read from one end to the other.
_SQLITE_SCAN = re.compile(r"SCAN (\w+)(?! USING (?:COVERING )?INDEX (?:ix_outbox_waiting|uq_\w+_live))")
_WALK = re.compile(r"SEARCH (tasks|nodes|credit|events) USING .*\(project_id=\?\)$", re.MULTILINE)
_POSTGRESQL_SCAN = re.compile(r"Seq Scan on (\w+)")
# Of fewer rows PostgreSQL reads all and is right; there it must have another way when it may not.
_FEW = 1000
_ALIAS = re.compile(r'\b(?:FROM|JOIN) (\w+) AS "?(\w+)"?')


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement as it went to the database, and for which page."""

    page: str
    statement: str
    parameters: Any = field(hash=False)


Page = Callable[[Store, ProjectRow, Person], object]

# What the doors ask for each page and command; changes are undone.
PAGES: dict[str, Page] = {
    "the projects": lambda store, project, person: store.projects.every(),
    "a project": lambda store, project, person: views.snapshot(store, project, NOW),
    "what to do next": lambda store, project, person: suggestions.next_tasks(store, project, person, now=NOW),
    "the past of a graph": lambda store, project, person: views.past(store, project, ""),
    "a node": lambda store, project, person: watching.watched(store, project, person),
    "what happened to a node": lambda store, project, person: news.of_node(store, project, "res:7"),
    "the credit of a node": lambda store, project, person: store.ledger.views(project.id, "res:7"),
    "the account": lambda store, project, person: watching.notices(store, person, NOW),
    "reading notices": lambda store, project, person: watching.mark_read(store, person, NOW),
    "signing in": lambda store, project, person: signin.make_link(store, person, NOW, "https://example.org"),
    "who somebody is": lambda store, project, person: people.by_zulip(store, 7, "", NOW),
    "a newcomer": lambda store, project, person: store.ledger.is_newcomer(person.id),
    "what a person holds": lambda store, project, person: store.tasks.held_by(person.id),
    "my tasks": lambda store, project, person: claims.mine(store, project, person, NOW),
    "what I am asked": lambda store, project, person: crews.asked(store, project, person, NOW),
    "my credit": lambda store, project, person: contributions.listing(store, project, person=person.id),
    "what waits for my word": lambda store, project, person: contributions.waiting(store, project, person),
    "what waits for a maintainer": lambda store, project, person: contributions.waiting(
        store, project, replace(person, role=Role.MAINTAINER)
    ),
    "what I may say of credit": lambda store, project, person: contributions.options(
        store, project, person, ["res:7"]
    ),
    "what time brought about": lambda store, project, person: tending.expire(store, project, NOW),
    "claiming": lambda store, project, person: _refused(
        lambda: claims.claim(store, project, person, "res:77", until=None, now=NOW)
    ),
    "messages to send": lambda store, project, person: store.mail.pending(),
    "a message": lambda store, project, person: store.mail.accept("zulip:1", NOW),
    "what is due to be told": lambda store, project, person: store.notices.due(NOW, 100),
    "whose digest is due": lambda store, project, person: store.preferences.due(NOW),
    "whose projects": lambda store, project, person: store.projects.of_person(person.id),
    "news": lambda store, project, person: store.log.after(project.id, 100_000_000, ["verified"]),
    "told since": lambda store, project, person: store.notices.after(person.id, 100_000_000),
    "told just now": lambda store, project, person: store.notices.told(project.id, "finished", NOW),
    "the progress of a day": lambda store, project, person: store.log.between(
        project.id, NOW, NOW + timedelta(days=1), ["verified"]
    ),
    "newcomers": lambda store, project, person: store.ledger.newcomers(project.id, ["res:7"], BEGAN),
    "reports": lambda store, project, person: store.reports.newest(project.id, reporting.SHOWN),
    "the history of a project": lambda store, project, person: history.history(store, project),
    "the course of a month": lambda store, project, person: retrospect.course(
        store, project, periods.last(30, NOW), NOW
    ),
}


def _refused(act: Callable[[], object]) -> object:
    try:
        return act()
    except UserError as error:
        return error


@contextmanager
def listening(page: str, heard: list[Asked]) -> Iterator[None]:
    """Write down every statement that goes to any database within the block."""

    def hear(connection: Connection, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        heard.append(Asked(page, statement, parameters))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def scans(connection: Connection, asked: Asked) -> list[str]:
    """The big tables that the database would read from one end to the other."""
    names = {alias: table for table, alias in _ALIAS.findall(asked.statement)}
    if connection.dialect.name == "sqlite":
        plan = _plan(connection, f"EXPLAIN QUERY PLAN {asked.statement}", asked)
        return [table for table in _tables(_SQLITE_SCAN, plan, names) if table in BIG]
    connection.exec_driver_sql("SET LOCAL random_page_cost = 1.1")  # as on anything but a turning disk
    freely = _tables(_POSTGRESQL_SCAN, _plan(connection, f"EXPLAIN {asked.statement}", asked), names)
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    forced = _tables(_POSTGRESQL_SCAN, _plan(connection, f"EXPLAIN {asked.statement}", asked), names)
    connection.exec_driver_sql("SET LOCAL enable_seqscan = on")
    return [
        table for table in freely if table in BIG and (table in forced or not _is_small(connection, table))
    ]


def walks(connection: Connection, asked: Asked) -> list[str]:
    """The tables of which SQLite would go through all rows of a project."""
    return _WALK.findall(_plan(connection, f"EXPLAIN QUERY PLAN {asked.statement}", asked))


def _plan(connection: Connection, explain: str, asked: Asked) -> str:
    if not asked.statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
        return ""  # such as BEGIN, which nothing is to be said of
    return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain, asked.parameters))


def _tables(pattern: re.Pattern[str], plan: str, names: dict[str, str]) -> list[str]:
    return [names.get(name, name) for name in pattern.findall(plan)]


def _is_small(connection: Connection, table: str) -> bool:
    return connection.execute(select(func.count()).select_from(metadata.tables[table])).scalar_one() < _FEW


def seconds(connection: Connection, asked: Asked) -> float:
    """The best of three, with all rows fetched, as the driver gives them."""
    return min(_once(connection, asked) for _ in range(3))


def _once(connection: Connection, asked: Asked) -> float:
    begun = time.perf_counter()
    result = connection.exec_driver_sql(asked.statement, asked.parameters)
    if result.returns_rows:
        result.cursor.fetchall()
    return time.perf_counter() - begun
