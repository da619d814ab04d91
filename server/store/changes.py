"""What each transaction changed: by this, what a process keeps of the books is brought up to date.

The methods of the store note what they change; it is written down when the transaction ends, with the next
number of its project. What of the tables below is written without a note counts as a change to everything.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Select, event, func, select

from server.store.tables import log as t
from server.store.tables import metadata
from server.store.tables.projects import projects
from server.store.turns import batches, take_turn

_OPTION = "chantier_notes"
# So many changes of a project are kept; whoever saw none for longer reads everything anew.
KEPT = 200
# The number of a project's first change.
FIRST = 1
# Of more tasks or events at once, it is not said which.
MOST = 5000


class Part(StrEnum):
    """What of a project is read as a whole when it changed; `EVERYTHING` is all of it."""

    EVERYTHING = "everything"
    FINDINGS = "findings"
    AGREEMENTS = "agreements"
    LINEAGE = "lineage"
    REPORTS = "reports"
    PEOPLE = "people"


# What follows from the events of tasks, and is written with them.
TASKS = ("tasks", "task_events", "claims", "claim_members", "task_requests", "task_links")
WATCHED = frozenset(
    {
        *TASKS,
        "projects",
        "people",
        "members",
        "identities",
        "commits",
        "snapshots",
        "nodes",
        "lineage",
        "agreement_events",
        "credit",
        "events",
        "reporters",
        "reports",
    }
)


@dataclass(slots=True)
class Notes:
    """What a transaction has changed so far. `heard` are the tables it wrote to, `said` those it spoke of.

    Ids of nodes, commits and reporters stand for their projects; None for what concerns every project.
    """

    heard: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    tasks: set[int] = field(default_factory=set)
    events: set[tuple[int, int]] = field(default_factory=set)
    entries: set[tuple[int, int]] = field(default_factory=set)
    parts: set[tuple[int | None, Part]] = field(default_factory=set)
    of_rows: set[tuple[str, int, Part]] = field(default_factory=set)

    @property
    def is_empty(self) -> bool:
        noted = self.tasks or self.events or self.entries or self.parts or self.of_rows
        return not (noted or self.is_silent)

    @property
    def is_silent(self) -> bool:
        """Whether something was written of which no note was taken."""
        return bool((self.heard & WATCHED) - self.said)

    def harmless(self, *names: str) -> None:
        """Nothing that is kept follows from what was written to these tables."""
        self.said.update(names)

    def of_tasks(self, ids: Iterable[int]) -> None:
        self.said.update(TASKS)
        self.tasks.update(ids)

    def event(self, project_id: int, id: int) -> None:
        self.said.add("events")
        self.events.add((project_id, id))

    def entry(self, project_id: int, number: int) -> None:
        self.said.add("credit")
        self.entries.add((project_id, number))

    def part(self, table: str, project_id: int | None, part: Part) -> None:
        self.said.add(table)
        self.parts.add((project_id, part))

    def of_row(self, table: str, owner: str, id: int, part: Part) -> None:
        """The row `id` of the table `owner` says of which project."""
        self.said.add(table)
        self.of_rows.add((owner, id, part))


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the changes of a project; `word` tells it from the same place on other books.

    Without a number it is the place before the first.
    """

    number: int = 0
    word: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """Everything that changed in between: tasks and events by their ids, new entries of credit by numbers."""

    tasks: frozenset[int] = frozenset()
    events: frozenset[int] = frozenset()
    entries: frozenset[int] = frozenset()
    parts: frozenset[Part] = frozenset()

    def __or__(self, other: Change) -> Change:
        return Change(
            self.tasks | other.tasks,
            self.events | other.events,
            self.entries | other.entries,
            self.parts | other.parts,
        )

    @property
    def size(self) -> int:
        return len(self.tasks) + len(self.events) + len(self.entries)


EVERYTHING = Change(parts=frozenset({Part.EVERYTHING}))


def options() -> dict[str, Any]:
    """What a connection needs so that its notes are taken."""
    return {_OPTION: Notes()}


def notes(connection: Connection) -> Notes:
    """Those of a connection that only reads come to nothing."""
    found = connection.get_execution_options().get(_OPTION)
    return found if isinstance(found, Notes) else Notes()


def listen(engine: Engine) -> None:
    """Hear of every table that is written to."""
    event.listen(engine, "before_execute", _hear)


def _hear(connection: Connection, statement: Any, *_rest: Any) -> None:
    if getattr(statement, "is_dml", False):
        notes(connection).heard.add(statement.table.name)


def write_down(connection: Connection) -> None:
    """At the end of a transaction: its changes, under numbers that come in the order of the transactions."""
    found = notes(connection)
    if found.is_empty or not connection.in_transaction():
        return
    changes = _by_project(connection, found)
    if found.is_silent:
        changes[None] = EVERYTHING
    # Last of all: who waits here holds up nobody who waits for a project.
    for project_id in sorted(changes, key=lambda one: (one is None, one)):
        _append(connection, project_id, changes[project_id])


def newest(connection: Connection) -> int:
    """The number of the last change that concerns every project."""
    query = select(func.max(t.changes.c.number)).where(t.changes.c.project_id.is_(None))
    return connection.execute(query).scalar() or 0


def begin_anew(connection: Connection, after: int) -> None:
    """All there was has made way for something else. Numbers go on `after` those that were seen."""
    row = {"number": max(after, newest(connection)) + 1, "word": secrets.token_hex(8)}
    connection.execute(t.changes.insert().values(**row, what=_written(EVERYTHING)))


class Changes:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    @property
    def pending(self) -> bool:
        """Whether this transaction has itself changed what may be kept."""
        return not notes(self._db).is_empty

    def since(self, project_id: int | None, known: Mark | None) -> tuple[Mark, Change | None]:
        """The place of now, and all that changed since the known one; None where nothing did.

        Nothing did, either, where this transaction began before what is known happened.
        """
        if known is None:
            return self._newest(project_id), EVERYTHING
        query = _numbered(project_id).where(t.changes.c.number >= known.number)
        rows = self._db.execute(query.order_by(t.changes.c.number)).all()
        if not rows:
            return known, None
        newest = Mark(rows[-1].number, rows[-1].word)
        if newest == known:
            return known, None
        if known == Mark() and rows[0].number == FIRST:
            since = rows
        elif Mark(rows[0].number, rows[0].word) == known:
            since = rows[1:]
        else:
            return newest, EVERYTHING
        found = Change()
        for row in since:
            found |= _read(row.what)
        return newest, found

    def _newest(self, project_id: int | None) -> Mark:
        query = _numbered(project_id).order_by(t.changes.c.number.desc()).limit(1)
        row = self._db.execute(query).first()
        return Mark(row.number, row.word) if row else Mark()


def _numbered(project_id: int | None) -> Select[tuple[int, str, Any]]:
    columns = t.changes.c.number, t.changes.c.word, t.changes.c.what
    return select(*columns).where(t.changes.c.project_id.is_not_distinct_from(project_id))


def _by_project(connection: Connection, found: Notes) -> dict[int | None, Change]:
    changes: dict[int | None, Change] = {}

    def add(project_id: int | None, change: Change) -> None:
        changes[project_id] = changes.get(project_id, Change()) | change

    for id, project_id in _owners(connection, "tasks", found.tasks).items():
        add(project_id, Change(tasks=frozenset({id})))
    for project_id, id in found.events:
        add(project_id, Change(events=frozenset({id})))
    for project_id, number in found.entries:
        add(project_id, Change(entries=frozenset({number})))
    for of, part in found.parts:
        add(of, Change(parts=frozenset({part})))
    for owner, id, part in found.of_rows:
        add(_owners(connection, owner, {id}).get(id), Change(parts=frozenset({part})))
    return changes


def _owners(connection: Connection, name: str, ids: Iterable[int]) -> dict[int, int]:
    """The projects to which these rows belong."""
    table, owners = metadata.tables[name], {}
    for batch in batches(ids):
        rows = connection.execute(select(table.c.id, table.c.project_id).where(table.c.id.in_(batch)))
        owners.update({row.id: row.project_id for row in rows})
    return owners


def _append(connection: Connection, project_id: int | None, change: Change) -> None:
    if project_id is None:
        take_turn(connection, "changes")
    else:  # as every writer to a project does, so that numbers come in the order of the transactions
        own = select(projects.c.id).where(projects.c.id == project_id)
        connection.execute(own.with_for_update(key_share=True))
    here = t.changes.c.project_id.is_not_distinct_from(project_id)
    last = connection.execute(select(func.max(t.changes.c.number)).where(here)).scalar() or 0
    row = {"project_id": project_id, "number": last + 1, "word": secrets.token_hex(8)}
    connection.execute(t.changes.insert().values(**row, what=_written(change)))
    if last % KEPT == 0:
        connection.execute(t.changes.delete().where(here, t.changes.c.number <= last - KEPT))


def _written(change: Change) -> Mapping[str, Any]:
    known = EVERYTHING if change.size > MOST else change
    return {name: sorted(getattr(known, name)) for name in ("tasks", "events", "entries", "parts")}


def _read(what: Mapping[str, Any]) -> Change:
    tasks, events, entries = (frozenset(what[name]) for name in ("tasks", "events", "entries"))
    return Change(tasks, events, entries, frozenset(map(Part, what["parts"])))
