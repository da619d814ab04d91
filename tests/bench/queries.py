"""What a page asks of the database: every statement, and how the database goes about it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

from blueprint.errors import UserError
from server.records import Person, ProjectRow
from server.service import claims, people, reporting, signin, suggestions, views, watching
from server.store import Store

from .crowds import NOW

# Tables that grow with projects and with time; of the others there are only so many rows.
BIG = {
    "agreement_events",
    "claim_members",
    "claims",
    "commits",
    "credit",
    "events",
    "inbox",
    "nodes",
    "notices",
    "outbox",
    "reports",
    "snapshots",
    "task_events",
    "task_links",
    "task_requests",
    "tasks",
    "watches",
}
_SQLITE_SCAN = re.compile(r"SCAN (\w+)")
_POSTGRESQL_SCAN = re.compile(r"Seq Scan on (\w+)")
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
    "a node": lambda store, project, person: watching.watched(store, project, person),
    "what happened to a node": lambda store, project, person: store.log.events(project.id, "res:7", limit=50),
    "the credit of a node": lambda store, project, person: store.ledger.views(project.id, "res:7"),
    "the account": lambda store, project, person: watching.notices(store, person, NOW),
    "reading notices": lambda store, project, person: watching.mark_read(store, person, NOW),
    "signing in": lambda store, project, person: signin.make_link(store, person, NOW, "https://example.org"),
    "who somebody is": lambda store, project, person: people.by_zulip(store, 7, "", NOW),
    "a newcomer": lambda store, project, person: store.ledger.is_newcomer(person.id),
    "what a person holds": lambda store, project, person: store.tasks.held_by(person.id),
    "my tasks": lambda store, project, person: claims.mine(store, project, person, NOW),
    "claiming": lambda store, project, person: _refused(
        lambda: claims.claim(store, project, person, "res:77", until=None, now=NOW)
    ),
    "messages to send": lambda store, project, person: store.mail.pending(),
    "a message": lambda store, project, person: store.mail.accept("zulip:1", NOW),
    "the newest message": lambda store, project, person: store.mail.newest_number(),
    "reports": lambda store, project, person: store.reports.newest(project.id, reporting.SHOWN),
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
    sqlite = connection.dialect.name == "sqlite"
    explain = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
    try:
        rows = connection.exec_driver_sql(f"{explain} {asked.statement}", asked.parameters).all()
    except DBAPIError:
        return []  # such as BEGIN, which nothing is to be said of
    names = {alias: table for table, alias in _ALIAS.findall(asked.statement)}
    pattern = _SQLITE_SCAN if sqlite else _POSTGRESQL_SCAN
    found = [name for row in rows for name in pattern.findall(str(row[-1]))]
    return [name for name in (names.get(name, name) for name in found) if name in BIG]


def seconds(connection: Connection, asked: Asked) -> float:
    """The best of three, with all rows fetched, as the driver gives them."""
    return min(_once(connection, asked) for _ in range(3))


def _once(connection: Connection, asked: Asked) -> float:
    begun = time.perf_counter()
    result = connection.exec_driver_sql(asked.statement, asked.parameters)
    if result.returns_rows:
        result.cursor.fetchall()
    return time.perf_counter() - begun
