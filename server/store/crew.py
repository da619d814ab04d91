"""Who is at work on a project: what they were offered a moment ago, and what their work took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, select, union

from lean_project.status import TaskKind
from server.store.tables.nodes import nodes
from server.store.tables.tasks import claim_members, claims, reservations, tasks
from server.store.turns import only
from server.work.efforts import Finished
from server.work.transitions import What

# So many finished claims tell how long work takes here.
_REMEMBERED = 500
_DAY = timedelta(days=1)


class Crew:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def at_work(self, project_id: int, since: datetime) -> frozenset[int]:
        """Who holds a task of the project, or took one since then."""
        joined = claim_members.join(claims, claim_members.c.claim_id == claims.c.id)
        query = select(claim_members.c.person_id).select_from(
            joined.join(tasks, claims.c.task_id == tasks.c.id)
        )
        holding = (claim_members.c.ended.is_(None), claims.c.ended.is_(None))
        here = query.where(only(tasks.c.project_id, project_id))
        # Each half has an index; asked for both at once, a database reads every claim there ever was.
        both = union(here.where(*holding), here.where(claim_members.c.since >= since))
        return frozenset(self._db.execute(both).scalars())

    def finished(self, project_id: int) -> tuple[Finished, ...]:
        """What claims came to, newest first: the last few hundred that ended because the work was done."""
        query = select(nodes.c.label, tasks.c.kind, claims.c.since, claims.c.ended)
        joined = query.join(tasks, claims.c.task_id == tasks.c.id).join(nodes, tasks.c.node_id == nodes.c.id)
        formal = tasks.c.kind.in_(list(TaskKind))
        where = (tasks.c.project_id == project_id, nodes.c.project_id == project_id, formal)
        joined = joined.where(claims.c.ending == What.FINISHED)
        rows = self._db.execute(joined.where(*where).order_by(claims.c.id.desc()).limit(_REMEMBERED))
        return tuple(Finished(row.label, TaskKind(row.kind), (row.ended - row.since) / _DAY) for row in rows)

    def reserved(self, project_id: int, person_id: int | None, now: datetime) -> frozenset[int]:
        """The numbers of the tasks kept for somebody else, who has not claimed anything since."""
        decided = exists().where(
            claim_members.c.person_id == reservations.c.person_id,
            claim_members.c.since >= reservations.c.made,
        )
        kept = select(tasks.c.number).join_from(reservations, tasks, reservations.c.task_id == tasks.c.id)
        query = kept.where(reservations.c.project_id == project_id, reservations.c.expires > now, ~decided)
        others = query if person_id is None else query.where(reservations.c.person_id != person_id)
        return frozenset(self._db.execute(others).scalars())

    def reserve(
        self, project_id: int, person_id: int, task_ids: Sequence[int], now: datetime, expires: datetime
    ) -> None:
        """These, instead of what the person had. The caller holds the project's lock."""
        own = (reservations.c.project_id == project_id) & (reservations.c.person_id == person_id)
        over = (reservations.c.project_id == project_id) & (reservations.c.expires <= now)
        self._db.execute(reservations.delete().where(own | over))
        row = {"project_id": project_id, "person_id": person_id, "made": now, "expires": expires}
        for task_id in task_ids:
            self._db.execute(reservations.insert().values(**row, task_id=task_id))
