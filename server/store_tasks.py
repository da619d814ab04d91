"""Tasks and their events."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from dashboards.snapshot import HoldView
from lean_project.status import TaskKind
from server.records import ClaimRow, RequestRow, TaskRow
from server.store_leases import bring_in_line, live, requests
from server.store_people import is_whole, untold, whole
from server.tables import claim_members, claims, nodes, people, task_events, task_links, tasks
from server.work.leases import Size
from server.work.tasks import Informal, Kind, State, Task, TaskEvent, What, fold, step

# That both are of one project goes without saying; said, it lets a database find the nodes by it.
_TASKS = select(tasks, nodes.c.label).join(
    nodes, and_(tasks.c.node_id == nodes.c.id, tasks.c.project_id == nodes.c.project_id)
)
_KINDS: dict[str, Kind] = {kind.value: kind for kind in (*TaskKind, *Informal)}


class Tasks:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of_project(self, project_id: int) -> tuple[TaskRow, ...]:
        """In order of their numbers."""
        return self._tasks(_TASKS.where(tasks.c.project_id == project_id).order_by(tasks.c.number))

    def pieces(self, task_id: int) -> tuple[TaskRow, ...]:
        """What a task was split into, in order of their numbers."""
        return self._tasks(_TASKS.where(tasks.c.parent_id == task_id).order_by(tasks.c.number))

    def numbered(self, project_id: int, number: int) -> TaskRow | None:
        where = (tasks.c.project_id == project_id, tasks.c.number == number)
        return next(iter(self._tasks(_TASKS.where(*where))), None)

    def linked(self, project_id: int, link: str) -> tuple[TaskRow, ...]:
        """The tasks that a pull request was proposed for."""
        query = _TASKS.join(task_links, task_links.c.task_id == tasks.c.id)
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

    def lease(self, task_id: int) -> ClaimRow | None:
        """The live lease on a task."""
        return next(iter(live(self._db, tasks.c.id == task_id)), None)

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

    def held_by(self, person_id: int) -> int:
        """How many live leases the person has or shares, in all projects."""
        query = select(func.count()).select_from(claim_members)
        where = (claim_members.c.person_id == person_id, claim_members.c.ended.is_(None))
        return int(self._db.execute(query.where(*where)).scalar_one())

    def events(self, task_id: int) -> tuple[TaskEvent, ...]:
        query = select(task_events).where(task_events.c.task_id == task_id).order_by(task_events.c.version)
        return tuple(
            TaskEvent(What(r.what), r.at, r.person_id, r.expires, r.other_id, r.note, r.link)
            for r in self._db.execute(query)
        )

    def task(self, task_id: int) -> Task:
        """What the events of the task amount to."""
        return fold(self.events(task_id))

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
        last = select(func.max(tasks.c.number)).where(tasks.c.project_id == project_id)
        number = (self._db.execute(last).scalar() or 0) + 1
        event = TaskEvent(What.OPENED, now, person_id, note=title)
        task = step(Task(), event)
        values = {"project_id": project_id, "node_id": node_id, "number": number}
        about = {"kind": self._key(node_id, kind), "title": title, "parent_id": parent_id}
        new = tasks.insert().values(**values, **about, **self._said(task)).returning(tasks.c.id)
        task_id = self._db.execute(new).scalar_one()
        self._write(task_id, task, event)
        return TaskRow(task_id, number, node_id, node, kind, State.OPEN, task.version, title, parent_id)

    def append(self, task_id: int, event: TaskEvent) -> Task:
        """Add an event and bring all that follows from it in line; the only way a task changes.

        An event never comes before the last one, whatever the clocks of two machines say.
        """
        before = self.task(task_id)
        event = replace(event, at=max(event.at, before.at or event.at))
        after = step(before, event)
        self._write(task_id, after, event)
        self._db.execute(tasks.update().where(tasks.c.id == task_id).values(**self._said(after)))
        bring_in_line(self._db, task_id, before, after, event)
        return after

    def _write(self, task_id: int, after: Task, event: TaskEvent) -> None:
        self._db.execute(task_events.insert().values(task_id=task_id, version=after.version, **asdict(event)))

    @staticmethod
    def _said(task: Task) -> dict[str, Any]:
        """What the task's own row says of it."""
        tags = " ".join(task.tags)
        return {"state": task.state, "version": task.version, "size": task.size, "tags": tags}

    def _key(self, node_id: int, kind: Kind) -> str:
        """The kind, with a number where a node may have several of it."""
        if kind is not Informal.PIECE:
            return kind
        pieces = select(func.count()).where(tasks.c.node_id == node_id, tasks.c.kind.startswith(kind))
        return f"{kind} {self._db.execute(pieces.select_from(tasks)).scalar_one() + 1}"

    def _tasks(self, query: Select[*tuple[Any, ...]]) -> tuple[TaskRow, ...]:
        rows = self._db.execute(query).all()
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


def _kind(key: str) -> Kind:
    return _KINDS[key.partition(" ")[0]]
