"""Databases of any size: one project goes through the services, the others are copies of its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, func, literal, select

from blueprint.graph import Graph, Node
from lean_project.attribution import Authorship
from lean_project.commits import Commit
from lean_project.facts import SORRY, Blame, Fact, Facts, Kind
from lean_project.findings import Findings
from lean_project.status import TaskKind, statuses
from server.records.projects import ProjectRow
from server.service.arrival import Checked, before, record
from server.service.board import checked
from server.store import Database, Store
from server.store.books import settle_numbers
from server.store.parcels import TAKEN
from server.store.tables.log import events
from server.store.tables.mail import notices, outbox
from server.store.tables.nodes import watches
from server.store.tables.people import identities, people
from server.store.tables.projects import projects
from server.store.tables.tasks import claim_members, claims
from server.work.changes import newly_done
from server.work.permissions import Role
from server.work.tasks import TaskEvent, What

from . import graphs
from .synthetic import Plan

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
# When the project came, and when those who hold something took it.
BEGAN, CLAIMED = NOW - timedelta(days=400), NOW - timedelta(days=40)
FOLDER = Path("/nowhere/crowd")
_SHARED = (people, identities)


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is. Every second proof is done, and credited to two people."""

    projects: int = 100
    nodes: int = 10_000
    people: int = 1_000

    @property
    def claims(self) -> int:
        """Live leases in each project."""
        return max(2, 3 * self.people // self.projects)


def findings(size: Size, done: int) -> Findings:
    """What a check finds where `done` of every 100 proofs are complete."""
    plan = graphs.graph(Plan(size.nodes))
    nodes = tuple(_named(node, number) for number, node in enumerate(plan.nodes))
    facts = Facts("a toolchain", tuple(_fact(number, number % 100 < done) for number in range(size.nodes)))
    graph = Graph(nodes, title="A crowd")
    return Findings(graph, facts, statuses(graph, facts))


def _named(node: Node, number: int) -> Node:
    return replace(node, statement=replace(node.statement, lean=(f"r{number:06}",)), number=str(number))


def _fact(number: int, done: bool) -> Fact:
    name = f"r{number:06}"
    blames = () if done else (Blame(SORRY, (name, SORRY), False, "Main.lean", number),)
    return Fact(
        name,
        Kind.THEOREM,
        is_prop=True,
        module="Main",
        file="Main.lean",
        line=number + 1,
        end_line=number + 1,
        direct_sorry=not done,
        axioms=() if done else (SORRY,),
        blames=blames,
        statement=f"{name} : ∀ n : Nat, n + {number} = {number} + n",
    )


def arriving(store: Store, size: Size, done: int, now: datetime) -> Checked:
    """The commit of the first project after which so much is done; people take turns to be its authors."""
    known, found = before(store, FOLDER), findings(size, done)
    proofs = (work for work in newly_done(known.findings, found) if work.kind is TaskKind.PROVE)
    new = sorted(proofs, key=lambda work: work.node)
    authors = {
        work: tuple(_author((2 * place + turn) % size.people, 9 - turn) for turn in (0, 1))
        for place, work in enumerate(new)
    }
    commit = Commit(f"{done:040x}", now, "Author 1", "1@example.org", f"Work up to {done}")
    return Checked(FOLDER, None, "A crowd", commit, found, authors, {}, known)


def _author(number: int, lines: int) -> Authorship:
    return Authorship(f"Author {number}", f"{number}@example.org", lines)


def settle_in(database: Database, size: Size) -> None:
    """The people, all with accounts."""
    with database.begin() as store:
        for number in range(size.people):
            person = store.people.add(f"Author {number}", Role.CONTRIBUTOR, NOW)
            store.people.link(person.id, "git", f"{number}@example.org", NOW)
            store.people.link(person.id, "zulip", str(number), NOW)


def first_sync(database: Database, size: Size) -> ProjectRow:
    with database.reading() as store:
        checked = arriving(store, size, 50, BEGAN)
    with database.begin() as store:
        return record(store, checked, BEGAN).project


def live(database: Database, url: str, project: ProjectRow, size: Size) -> None:
    """Leases, and the traces of some years: as many events, and as many notices, as there are nodes."""
    chance = Random(1)
    with database.begin() as store:
        free = [row for row in store.tasks.of_project(project.id) if row.state == "open"][: size.claims]
        for place, row in enumerate(free):
            lease = TaskEvent(What.CLAIMED, CLAIMED, place % size.people + 1, NOW + timedelta(days=9999))
            store.tasks.append(row.id, lease)
        store.projects.add_findings(_older(store, project, size), checked(store, project), NOW)
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in (events, notices):
            connection.execute(table.insert(), [_trace(size, project, chance) for _ in range(size.nodes)])
        newest = connection.execute(select(func.max(claims.c.id))).scalar_one()
        over = [_ended(size, newest + number, chance) for number in range(1, size.nodes + 1)]
        connection.execute(claims.insert(), over)
        connection.execute(claim_members.insert(), [_member(one) for one in over])
        connection.execute(outbox.insert(), [_sent(number) for number in range(100 * size.projects)])
        seen = {
            (chance.randint(1, size.nodes), chance.randint(1, size.people)) for _ in range(size.nodes // 2)
        }
        rows = [{"node_id": node, "person_id": person, "since": NOW} for node, person in sorted(seen)]
        connection.execute(watches.insert(), rows)
    engine.dispose()


def _older(store: Store, project: ProjectRow, size: Size) -> int:
    """Commits that were checked before, as many as the tenth part of the nodes; gives the last."""
    last = 0
    for number in range(size.nodes // 10):
        last = store.projects.add_commit(project.id, f"{number:040x}", NOW, "Author 1", "Work", NOW)
    return last


def _ended(size: Size, number: int, chance: Random) -> dict[str, Any]:
    about = {
        "id": number,
        "task_id": chance.randint(1, size.nodes),
        "person_id": chance.randint(1, size.people),
    }
    ended = BEGAN + timedelta(days=chance.randint(8, 300))
    return {**about, "since": BEGAN, "expires": ended, "ended": ended, "ending": "disclaimed"}


def _member(claim: dict[str, Any]) -> dict[str, Any]:
    return {"claim_id": claim["id"], **{name: claim[name] for name in ("person_id", "since", "ended")}}


def _sent(number: int) -> dict[str, Any]:
    about = {"key": f"answer:{number}", "channel": "direct", "to": "1", "text": "", "plain": True}
    return {**about, "created": NOW, "sent": NOW, "number": number}


def _trace(size: Size, project: ProjectRow, chance: Random) -> dict[str, Any]:
    person, node = chance.randint(1, size.people), chance.randint(1, size.nodes)
    about = {"project_id": project.id, "person_id": person, "node_id": node}
    return {**about, "at": NOW, "kind": "claimed", "text": f"claimed #{node}"}


def multiply(url: str, size: Size) -> dict[str, int]:
    """Copy the first project until there are enough; gives the rows of each table."""
    engine = create_engine(url)
    with engine.begin() as connection:
        strides = {table: _largest(connection, table) for table in TAKEN}
        for copy in range(1, size.projects):
            for table in TAKEN:
                if table not in _SHARED:
                    connection.execute(_copied(table, strides, copy))
        for table in TAKEN:
            settle_numbers(connection, table)
    _analyse(engine)
    with engine.connect() as connection:
        counted = {table.name: select(func.count()).select_from(table) for table in TAKEN}
        counts = {name: connection.execute(query).scalar_one() for name, query in counted.items()}
    engine.dispose()
    return counts


def _largest(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.max(table.c.id))).scalar() or 0


def _copied(table: Table, strides: dict[Table, int], copy: int) -> Any:
    """The rows of the first project under other numbers; a project needs a name and a folder besides."""
    moved = {"id": table}
    for key in table.foreign_keys:
        if key.column.primary_key and key.column.table not in _SHARED:
            moved[key.parent.name] = key.column.table
    columns = []
    for column in table.columns:
        if column.name in moved:
            columns.append(column + copy * strides[moved[column.name]])
        elif table is projects and column.name in ("slug", "path"):
            columns.append(column + literal(f"-{copy}"))
        else:
            columns.append(column)
    first = table.c.id <= strides[table]
    return table.insert().from_select(
        [column.name for column in table.columns], select(*columns).where(first)
    )


def _analyse(engine: Engine) -> None:
    """As PostgreSQL does by itself after a while; SQLite never does."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def crowd(database: Database, url: str, size: Size) -> Iterator[str]:
    """All of it; between two steps it says what comes."""
    yield "people"
    settle_in(database, size)
    yield "the first sync"
    project = first_sync(database, size)
    yield "leases and traces"
    live(database, url, project, size)
    yield "copies"
    multiply(url, size)
