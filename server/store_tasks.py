"""Tasks, their events, and the live leases that follow from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from lean_project.status import TaskKind
from server.records import ClaimRow, TaskRow
from server.tables import claims, nodes, people, task_events, tasks
from server.work.tasks import HELD, State, Task, TaskEvent, What, fold, step

_TASKS = select(tasks, nodes.c.label).join(nodes, tasks.c.node_id == nodes.c.id)
_CLAIMS = (
    select(claims, people.c.name)
    .join(people, claims.c.person_id == people.c.id)
    .join(tasks, claims.c.task_id == tasks.c.id)
    .where(claims.c.ended.is_(None))
)


class Tasks:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of_project(self, project_id: int) -> tuple[TaskRow, ...]:
        """In order of their numbers."""
        return self._tasks(_TASKS.where(tasks.c.project_id == project_id).order_by(tasks.c.number))

    def numbered(self, project_id: int, number: int) -> TaskRow | None:
        where = (tasks.c.project_id == project_id, tasks.c.number == number)
        return next(iter(self._tasks(_TASKS.where(*where))), None)

    def claims(self, project_id: int) -> tuple[ClaimRow, ...]:
        """The live leases of a project, oldest first."""
        return self._leases(_CLAIMS.where(tasks.c.project_id == project_id).order_by(claims.c.id))

    def lease(self, task_id: int) -> ClaimRow | None:
        """The live lease on a task."""
        return next(iter(self._leases(_CLAIMS.where(claims.c.task_id == task_id))), None)

    def reminded(self, claim_id: int, now: datetime) -> None:
        """The holder of the lease was told of its end."""
        self._db.execute(claims.update().where(claims.c.id == claim_id).values(reminded=now))

    def held_by(self, person_id: int) -> int:
        """How many live leases the person has, in all projects."""
        query = select(func.count()).select_from(claims)
        where = (claims.c.person_id == person_id, claims.c.ended.is_(None))
        return int(self._db.execute(query.where(*where)).scalar_one())

    def events(self, task_id: int) -> tuple[TaskEvent, ...]:
        query = select(task_events).where(task_events.c.task_id == task_id).order_by(task_events.c.version)
        rows = self._db.execute(query)
        return tuple(TaskEvent(What(r.what), r.at, r.person_id, r.expires) for r in rows)

    def add(self, project_id: int, node_id: int, node: str, kind: TaskKind, now: datetime) -> TaskRow:
        """Open a new task under the project's next number."""
        last = select(func.max(tasks.c.number)).where(tasks.c.project_id == project_id)
        number = (self._db.execute(last).scalar() or 0) + 1
        values = {"project_id": project_id, "node_id": node_id, "number": number, "kind": kind}
        new = tasks.insert().values(**values, state=State.OPEN, version=0).returning(tasks.c.id)
        task_id = self._db.execute(new).scalar_one()
        task = self.append(task_id, TaskEvent(What.OPENED, now))
        return TaskRow(task_id, number, node_id, node, kind, State.OPEN, task.version)

    def append(self, task_id: int, event: TaskEvent) -> Task:
        """Add an event and bring the task's state and its lease in line; the only way either changes.

        An event never comes before the last one, whatever the clocks of two machines say.
        """
        before = fold(self.events(task_id))
        event = replace(event, at=max(event.at, before.at or event.at))
        after = step(before, event)
        self._db.execute(
            task_events.insert().values(
                task_id=task_id,
                version=after.version,
                what=event.what,
                at=event.at,
                person_id=event.person_id,
                expires=event.expires,
            )
        )
        change = tasks.update().where(tasks.c.id == task_id)
        self._db.execute(change.values(state=after.state, version=after.version))
        self._settle_lease(task_id, before, after, event)
        return after

    def _settle_lease(self, task_id: int, before: Task, after: Task, event: TaskEvent) -> None:
        live = claims.update().where(claims.c.task_id == task_id, claims.c.ended.is_(None))
        if event.what in (What.RENEWED, What.RESUMED):
            clock = {"expires": after.expires, "paused": None, "acknowledged": None}
            self._db.execute(live.values(**clock, reminded=event.at))
        elif after.state is State.PAUSED:
            known = event.at if event.what is What.ACKNOWLEDGED else None
            self._db.execute(live.values(paused=after.paused, acknowledged=known))
        elif after.state is State.CLAIMED:
            lease = {"task_id": task_id, "person_id": after.holder, "since": event.at}
            self._db.execute(claims.insert().values(**lease, expires=after.expires))
        elif before.state in HELD:
            self._db.execute(live.values(ended=event.at, ending=event.what))

    def _leases(self, query: Select[*tuple[Any, ...]]) -> tuple[ClaimRow, ...]:
        rows = self._db.execute(query)
        return tuple(
            ClaimRow(
                r.id, r.task_id, r.person_id, r.name, r.since, r.expires, r.reminded, r.paused, r.acknowledged
            )
            for r in rows
        )

    def _tasks(self, query: Select[*tuple[Any, ...]]) -> tuple[TaskRow, ...]:
        return tuple(
            TaskRow(r.id, r.number, r.node_id, r.label, TaskKind(r.kind), State(r.state), r.version)
            for r in self._db.execute(query)
        )
