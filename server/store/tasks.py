"""Tasks and their events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, select, union

from dashboards.snapshot import HoldView
from lean_project.status import TaskKind
from server.records.nodes import NodeRow
from server.records.tasks import ClaimRow, RequestRow, TaskRow
from server.store.changes import notes
from server.store.leases import bring_in_line, live, requests
from server.store.people import is_whole, untold, whole
from server.store.tables.nodes import nodes
from server.store.tables.people import people
from server.store.tables.tasks import claim_members, claims, task_events, task_links, task_requests, tasks
from server.store.turns import batches, only, pages
from server.work.leases import Size
from server.work.tasks import Informal, Kind, State, Task, TaskEvent, What, fold, step
from server.work.transitions import DONE

_ROWS = select(tasks, nodes.c.label)
# That both are of one project goes without saying; said, it lets a database find the nodes by it.
_TASKS = _ROWS.join(nodes, and_(tasks.c.node_id == nodes.c.id, tasks.c.project_id == nodes.c.project_id))
# Not said where few tasks are wanted, for it would be taken for a way to these.
_FEW = _ROWS.join(nodes, tasks.c.node_id == nodes.c.id)
_SAY = tasks.update().where(tasks.c.id == bindparam("of"))
_SAYS = tuple(field.name for field in fields(TaskEvent))
_KINDS: dict[str, Kind] = {kind.value: kind for kind in (*TaskKind, *Informal)}


@dataclass(frozen=True, slots=True)
class Passage:
    """What a task was, and what it is now."""

    before: Task
    after: Task


class Tasks:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of_project(self, project_id: int) -> tuple[TaskRow, ...]:
        """In order of their numbers."""
        return self._rows(pages(self._db, _TASKS.where(tasks.c.project_id == project_id), tasks.c.number))

    def undone(self, project_id: int) -> tuple[TaskRow, ...]:
        """Those that are not finished and needed still, in order of their numbers."""
        where = (tasks.c.project_id == project_id, tasks.c.state.not_in([*DONE, State.SUPERSEDED]))
        return self._rows(pages(self._db, _TASKS.where(*where), tasks.c.number))

    def tagged(self, project_id: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Nodes and the tags of tasks on them, where these have any."""
        query = select(nodes.c.label, tasks.c.tags).join(nodes, tasks.c.node_id == nodes.c.id)
        rows = self._db.execute(query.where(tasks.c.project_id == project_id, tasks.c.tags != ""))
        return tuple((row.label, tuple(row.tags.split())) for row in rows)

    def of_nodes(
        self, project_id: int, labels: Collection[str], states: Collection[State] = tuple(State)
    ) -> tuple[TaskRow, ...]:
        """The tasks of the nodes of these labels, in those states, in order of their numbers."""
        named = select(nodes.c.id).where(nodes.c.project_id == project_id, nodes.c.label.in_(labels))
        ids = self._db.execute(named).scalars().all()
        where = (tasks.c.node_id.in_(ids), tasks.c.state.in_(states))
        return self._tasks(_FEW.where(*where).order_by(tasks.c.number)) if ids else ()

    def concerning(self, project_id: int, person_id: int) -> tuple[TaskRow, ...]:
        """What the person holds or is asked about, in order of their numbers."""
        holding = select(claims.c.task_id).join(claim_members, claim_members.c.claim_id == claims.c.id)
        live_one = (claim_members.c.person_id == person_id, claim_members.c.ended.is_(None))
        asked = select(task_requests.c.task_id).where(task_requests.c.other_id == person_id)
        either = union(holding.where(*live_one, claims.c.ended.is_(None)), asked)
        ids = self._db.execute(either).scalars().all()
        where = (tasks.c.id.in_(ids), only(tasks.c.project_id, project_id))
        return self._tasks(_FEW.where(*where).order_by(tasks.c.number)) if ids else ()

    def by_ids(self, task_ids: Collection[int]) -> dict[int, TaskRow]:
        rows = (row for ids in batches(task_ids) for row in self._tasks(_FEW.where(tasks.c.id.in_(ids))))
        return {row.id: row for row in rows}

    def numbers(self, task_ids: Collection[int]) -> dict[int, int]:
        """The numbers of tasks by their ids."""
        found: dict[int, int] = {}
        for ids in batches(task_ids):
            rows = self._db.execute(select(tasks.c.id, tasks.c.number).where(tasks.c.id.in_(ids)))
            found |= {row.id: row.number for row in rows}
        return found

    def id_of(self, project_id: int, number: int) -> int:
        query = select(tasks.c.id).where(tasks.c.project_id == project_id, tasks.c.number == number)
        return int(self._db.execute(query).scalar_one())

    def pieces(self, task_id: int) -> tuple[TaskRow, ...]:
        """What a task was split into, in order of their numbers."""
        return self._tasks(_FEW.where(tasks.c.parent_id == task_id).order_by(tasks.c.number))

    def numbered(self, project_id: int, number: int) -> TaskRow | None:
        where = (tasks.c.project_id == project_id, tasks.c.number == number)
        return next(iter(self._tasks(_FEW.where(*where))), None)

    def linked(self, project_id: int, link: str) -> tuple[TaskRow, ...]:
        """The tasks that a pull request was proposed for."""
        query = _FEW.join(task_links, task_links.c.task_id == tasks.c.id)
        query = query.where(tasks.c.project_id == project_id, task_links.c.link == link)
        return self._tasks(query.order_by(tasks.c.number))

    def links(self, project_id: int) -> tuple[tuple[int, str], ...]:
        """Task ids and the pull requests proposed for them, oldest first."""
        query = select(task_links.c.task_id, task_links.c.link).join(
            tasks, task_links.c.task_id == tasks.c.id
        )
        rows = self._db.execute(query.where(tasks.c.project_id == project_id).order_by(task_links.c.id))
        return tuple((row.task_id, row.link) for row in rows)

    def claims(self, project_id: int) -> tuple[ClaimRow, ...]:
        """The live leases of a project, oldest first."""
        return live(self._db, tasks.c.project_id == project_id)

    def leases(self, task_ids: Collection[int]) -> tuple[ClaimRow, ...]:
        """The live leases on these tasks, oldest first."""
        return live(self._db, claims.c.task_id.in_(task_ids)) if task_ids else ()

    def ending(self, project_id: int, by: datetime) -> tuple[ClaimRow, ...]:
        """The live leases whose clock runs and whose end is then or before, oldest first."""
        running = (claims.c.paused.is_(None), claims.c.expires <= by)
        return live(self._db, only(tasks.c.project_id, project_id), *running)

    def owing(self, project_id: int, since: datetime) -> tuple[ClaimRow, ...]:
        """The live leases whose clock stands still, and whose reviewers owe a word since then at least."""
        waiting = (claims.c.paused.is_not(None), claims.c.owed <= since)
        return live(self._db, only(tasks.c.project_id, project_id), *waiting)

    def lapsing(self, project_id: int, by: datetime) -> tuple[RequestRow, ...]:
        """What is asked about the tasks of a project, and stands until then at most, oldest first."""
        return requests(self._db, only(tasks.c.project_id, project_id), task_requests.c.expires <= by)

    def requests_of(self, task_ids: Collection[int]) -> tuple[RequestRow, ...]:
        """What is asked about these tasks, and who waits for them, oldest first."""
        return requests(self._db, task_requests.c.task_id.in_(task_ids)) if task_ids else ()

    def links_of(self, task_ids: Collection[int]) -> tuple[tuple[int, str], ...]:
        """Task ids and the pull requests proposed for them, oldest first."""
        query = select(task_links).where(task_links.c.task_id.in_(task_ids)).order_by(task_links.c.id)
        return tuple((row.task_id, row.link) for row in self._db.execute(query)) if task_ids else ()

    def lease(self, task_id: int) -> ClaimRow | None:
        """The live lease on a task."""
        return next(iter(live(self._db, claims.c.task_id == task_id)), None)

    def requests(self, project_id: int) -> tuple[RequestRow, ...]:
        """What is asked about the tasks of a project, and who waits for them, oldest first."""
        return requests(self._db, tasks.c.project_id == project_id)

    def holds(self, project_id: int) -> dict[int, HoldView]:
        """By number, who put the tasks on hold that are, when and why."""
        ours = (tasks.c.project_id == project_id, tasks.c.state == State.HELD)
        query = select(tasks.c.number, task_events.c.at, task_events.c.note, whole.c.id, whole.c.name)
        query = query.join_from(task_events, tasks, task_events.c.task_id == tasks.c.id)
        query = query.join(people, task_events.c.person_id == people.c.id).join(whole, is_whole)
        found = query.where(*ours, task_events.c.what == What.HELD).order_by(task_events.c.version)
        rows = self._db.execute(found).all()
        told = untold(self._db, (row.note for row in rows))
        return {row.number: HoldView(row.id, row.name, row.at, told(row.note)) for row in rows}

    def reminded(self, claim_id: int, now: datetime) -> None:
        """The holders of the lease were told of its end."""
        self._db.execute(claims.update().where(claims.c.id == claim_id).values(reminded=now))
        notes(self._db).harmless(claims.name)

    def held_by(self, person_id: int) -> int:
        """How many live leases the person has or shares, in all projects."""
        query = select(func.count()).select_from(claim_members)
        where = (claim_members.c.person_id == person_id, claim_members.c.ended.is_(None))
        return int(self._db.execute(query.where(*where)).scalar_one())

    def events(self, task_id: int) -> tuple[TaskEvent, ...]:
        return self._events((task_id,)).get(task_id, ())

    def task(self, task_id: int) -> Task:
        """What the events of the task amount to."""
        return fold(self.events(task_id))

    def folded(self, task_ids: Collection[int]) -> dict[int, Task]:
        """The same of many, by their ids."""
        events = self._events(task_ids)
        return {task_id: fold(events.get(task_id, ())) for task_id in task_ids}

    def add(
        self,
        project_id: int,
        node_id: int,
        node: str,
        kind: Kind,
        now: datetime,
        *,
        person_id: int | None = None,
        title: str | None = None,
        parent_id: int | None = None,
    ) -> TaskRow:
        """Open a new task under the project's next number."""
        key = self._key(node_id, kind)
        about = {"node_id": node_id, "kind": key, "title": title, "parent_id": parent_id}
        (task_id, number), *_ = self._open(
            project_id, [about], TaskEvent(What.OPENED, now, person_id, note=title)
        )
        return TaskRow(task_id, number, node_id, node, kind, State.OPEN, 1, title, parent_id)

    def add_formal(
        self, project_id: int, works: Sequence[tuple[NodeRow, TaskKind]], now: datetime
    ) -> tuple[TaskRow, ...]:
        """Open a new task for each, under the project's next numbers."""
        about = [{"node_id": node.id, "kind": kind, "title": None, "parent_id": None} for node, kind in works]
        opened = self._open(project_id, about, TaskEvent(What.OPENED, now))
        return tuple(
            TaskRow(task_id, number, node.id, node.label, kind, State.OPEN, 1)
            for (task_id, number), (node, kind) in zip(opened, works, strict=True)
        )

    def append(self, task_id: int, event: TaskEvent) -> Task:
        """Add an event and bring all that follows from it in line; the only way a task changes.

        An event never comes before the last one, whatever the clocks of two machines say.
        """
        return self.append_all([(task_id, event)])[task_id].after

    def append_all(self, events: Sequence[tuple[int, TaskEvent]]) -> dict[int, Passage]:
        """The same for many events, in their order; what each task was before all of them, and is now."""
        was = self.folded({task_id for task_id, _ in events})
        found, steps = dict(was), []
        for task_id, said in events:
            before = found[task_id]
            event = replace(said, at=max(said.at, before.at or said.at))
            found[task_id] = after = step(before, event)
            steps.append((task_id, before, after, event))
        self._write((task_id, after, event) for task_id, _, after, event in steps)
        notes(self._db).of_tasks(found)
        if found:
            self._db.execute(_SAY, [{"of": task_id, **_said(task)} for task_id, task in found.items()])
        for task_id, before, after, event in steps:
            bring_in_line(self._db, task_id, before, after, event)
        return {task_id: Passage(was[task_id], after) for task_id, after in found.items()}

    def _open(
        self, project_id: int, about: Sequence[dict[str, Any]], event: TaskEvent
    ) -> list[tuple[int, int]]:
        """Ids and numbers of new tasks, opened by that event."""
        in_project = tasks.c.project_id == project_id
        last = self._db.execute(select(func.max(tasks.c.number)).where(in_project)).scalar() or 0
        task = step(Task(), event)
        same = {"project_id": project_id, **_said(task)}
        rows = [{**same, **each, "number": number} for number, each in enumerate(about, last + 1)]
        if not rows:
            return []
        self._db.execute(tasks.insert(), rows)
        new = select(tasks.c.id, tasks.c.number).where(in_project, tasks.c.number > last)
        opened = [(row.id, row.number) for row in self._db.execute(new.order_by(tasks.c.number))]
        notes(self._db).of_tasks(task_id for task_id, _ in opened)
        self._write((task_id, task, event) for task_id, _ in opened)
        return opened

    def _events(self, task_ids: Collection[int]) -> dict[int, tuple[TaskEvent, ...]]:
        """By task, oldest first."""
        found: dict[int, list[TaskEvent]] = defaultdict(list)
        for ids in batches(task_ids):
            query = select(task_events).where(task_events.c.task_id.in_(ids))
            for r in self._db.execute(query.order_by(task_events.c.task_id, task_events.c.version)):
                event = TaskEvent(What(r.what), r.at, r.person_id, r.expires, r.other_id, r.note, r.link)
                found[r.task_id].append(event)
        return {task_id: tuple(events) for task_id, events in found.items()}

    def _write(self, steps: Iterable[tuple[int, Task, TaskEvent]]) -> None:
        rows = [
            {"task_id": id, "version": after.version, **{name: getattr(event, name) for name in _SAYS}}
            for id, after, event in steps
        ]
        if rows:
            self._db.execute(task_events.insert(), rows)

    def _key(self, node_id: int, kind: Kind) -> str:
        """The kind, with a number where a node may have several of it."""
        if kind is not Informal.PIECE:
            return kind
        pieces = select(func.count()).where(tasks.c.node_id == node_id, tasks.c.kind.startswith(kind))
        return f"{kind} {self._db.execute(pieces.select_from(tasks)).scalar_one() + 1}"

    def _tasks(self, query: Select[*tuple[Any, ...]]) -> tuple[TaskRow, ...]:
        return self._rows(self._db.execute(query))

    def _rows(self, found: Iterable[Row[*tuple[Any, ...]]]) -> tuple[TaskRow, ...]:
        rows = list(found)
        told = untold(self._db, (r.title for r in rows))
        return tuple(
            TaskRow(
                r.id,
                r.number,
                r.node_id,
                r.label,
                _kind(r.kind),
                State(r.state),
                r.version,
                told(r.title),
                r.parent_id,
                Size(r.size) if r.size else None,
                tuple(r.tags.split()),
            )
            for r in rows
        )


def _said(task: Task) -> dict[str, Any]:
    """What the task's own row says of it."""
    return {"state": task.state, "version": task.version, "size": task.size, "tags": " ".join(task.tags)}


def _kind(key: str) -> Kind:
    return _KINDS[key.partition(" ")[0]]
