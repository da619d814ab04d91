"""What waits for maintainers in a project: what it is, and since when, the oldest first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select

from server.store.people import is_whole, whole
from server.store.tables.forges import deliveries
from server.store.tables.log import events
from server.store.tables.mail import notices, outbox
from server.store.tables.nodes import agreement_events, doubts, nodes
from server.store.tables.people import people
from server.store.tables.projects import wanted_syncs
from server.store.tables.tasks import claims, task_events, task_requests, tasks
from server.store.turns import batches, only
from server.work.agreement import Step
from server.work.tasks import What

_DEAD = outbox.c.failed.is_not(None)


@dataclass(frozen=True, slots=True)
class Dead:
    """A message that was given up; `to` is the number or the name of a channel."""

    id: int
    to: str
    topic: str | None
    text: str
    created: datetime
    failed: datetime


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many messages wait to be sent, how many notices are `late`, and how many messages were given up."""

    waiting: int
    late: int
    failed: int


class Line:
    """Ids of what waits, each with since when. It is read when one goes through it, and counted without."""

    def __init__(self, connection: Connection, query: Select[Any]) -> None:
        self._db, self._query = connection, query

    def __iter__(self) -> Iterator[tuple[int, datetime]]:
        return ((id, since) for id, since in self._db.execute(self._query))

    def length(self) -> tuple[int, datetime | None]:
        """How many there are, and since when the first of them waits."""
        every = self._query.order_by(None).subquery()
        _, since = every.columns
        count, oldest = self._db.execute(select(func.count(), func.min(since)).select_from(every)).one()
        return count, oldest


class Queues:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def requests(self, project_id: int, now: datetime) -> Line:
        """Ids of what is asked about tasks and can be answered still; whoever only waits asks nothing."""
        query = select(task_requests.c.id, task_requests.c.at).join(tasks)
        stands = or_(task_requests.c.expires.is_(None), task_requests.c.expires > now)
        where = (only(tasks.c.project_id, project_id), task_requests.c.kind != What.QUEUED)
        return self._line(query.where(*where, stands).order_by(task_requests.c.at, task_requests.c.id))

    def request_tasks(self, request_ids: Collection[int]) -> dict[int, int]:
        """By the id of a request, that of its task."""
        query = select(task_requests.c.id, task_requests.c.task_id)
        rows = self._db.execute(query.where(task_requests.c.id.in_(request_ids)))
        return {row.id: row.task_id for row in rows}

    def stuck(self, project_id: int, after: datetime) -> Line:
        """Ids of tasks whose holders do not get on, since they said so last; their lease ends after then."""
        # Asked for each of the few, so that no database begins with all events there are.
        own = (task_events.c.task_id == tasks.c.id, task_events.c.what == What.STUCK)
        said = select(func.max(task_events.c.at)).where(*own).scalar_subquery()
        query = select(tasks.c.id, said.label("said")).join(claims, claims.c.task_id == tasks.c.id)
        runs = or_(claims.c.paused.is_not(None), claims.c.expires.is_(None), claims.c.expires > after)
        live = (claims.c.ended.is_(None), claims.c.stuck.is_not(None), only(tasks.c.project_id, project_id))
        return self._line(query.where(*live, runs).order_by("said", tasks.c.id))

    def ending(self, project_id: int, after: datetime, by: datetime) -> Line:
        """Ids of tasks whose lease ends, or has ended, between these moments, and when."""
        running = (claims.c.ended.is_(None), claims.c.paused.is_(None))
        between = (claims.c.expires > after, claims.c.expires <= by)
        return self._leases(project_id, claims.c.expires, *running, *between)

    def reviews(self, project_id: int) -> Line:
        """Ids of tasks whose holders the reviewers owe a word."""
        return self._leases(project_id, claims.c.owed, claims.c.ended.is_(None), claims.c.owed.is_not(None))

    def doubts(self, project_id: int) -> Line:
        """Ids of the nodes that left of which nobody has said what became of them."""
        asked = func.min(doubts.c.asked)
        query = select(doubts.c.old_id, asked).where(
            doubts.c.project_id == project_id, doubts.c.decided.is_(None)
        )
        return self._line(query.group_by(doubts.c.old_id).order_by(asked, doubts.c.old_id))

    def steps(self, project_id: int) -> dict[str, tuple[Step, datetime]]:
        """By label, what happened last to the agreement on a node."""
        last = (
            select(agreement_events.c.node_id, func.max(agreement_events.c.version).label("version"))
            .join(nodes)
            .where(nodes.c.project_id == project_id)
            .group_by(agreement_events.c.node_id)
            .subquery()
        )
        same = and_(
            agreement_events.c.node_id == last.c.node_id, agreement_events.c.version == last.c.version
        )
        query = select(nodes.c.label, agreement_events.c.what, agreement_events.c.at)
        query = query.join_from(last, agreement_events, same).join(
            nodes, nodes.c.id == agreement_events.c.node_id
        )
        return {row.label: (Step(row.what), row.at) for row in self._db.execute(query)}

    def told(self, project_id: int, kind: str, labels: Collection[str]) -> dict[str, datetime]:
        """By label, when an event of that kind was last written down of each of these nodes."""
        found: dict[str, datetime] = {}
        for batch in batches(labels):
            named = select(nodes.c.id, nodes.c.label).where(nodes.c.project_id == project_id)
            known = {row.id: row.label for row in self._db.execute(named.where(nodes.c.label.in_(batch)))}
            query = select(events.c.node_id, func.max(events.c.at).label("at"))
            query = query.where(events.c.node_id.in_(known), events.c.kind == kind)
            rows = self._db.execute(query.group_by(events.c.node_id))
            found |= {known[row.node_id]: row.at for row in rows}
        return found

    def dead(self, places: Collection[str]) -> Line:
        """Ids of messages to these channels, by number or name, that were given up."""
        query = select(outbox.c.id, outbox.c.failed).where(_DEAD, outbox.c.channel == "stream")
        return self._line(query.where(outbox.c.to.in_(places)).order_by(outbox.c.failed, outbox.c.id))

    def deliveries(self, project_id: int) -> Line:
        """Ids of what a forge told that could not be worked off, the newest first."""
        query = select(deliveries.c.id, deliveries.c.dead)
        dead = (deliveries.c.project_id == project_id, deliveries.c.dead.is_not(None))
        return self._line(query.where(*dead).order_by(deliveries.c.id.desc()))

    def syncs(self, project_id: int) -> Line:
        """That the project's newest commit could not be brought in, with the id of the project."""
        query = select(wanted_syncs.c.project_id, wanted_syncs.c.failing)
        failing = (wanted_syncs.c.project_id == project_id, wanted_syncs.c.failing.is_not(None))
        return self._line(query.where(*failing))

    def letters(self, ids: Sequence[int]) -> tuple[Dead, ...]:
        """These messages, as they were given up."""
        rows = self._db.execute(select(outbox).where(outbox.c.id.in_(ids), _DEAD).order_by(outbox.c.id))
        return tuple(Dead(r.id, r.to, r.topic, r.text, r.created, r.failed) for r in rows)

    def send_again(self, id: int, places: Collection[str]) -> bool:
        """Whether the message was given up, and is to be sent once more."""
        row = outbox.update().where(outbox.c.id == id, _DEAD, outbox.c.to.in_(places), outbox.c.text != "")
        return self._db.execute(row.values(failed=None, attempts=0, floor=None)).rowcount > 0

    def drop(self, id: int, places: Collection[str]) -> bool:
        """Whether the message was given up, and is forgotten now."""
        row = outbox.delete().where(outbox.c.id == id, _DEAD, outbox.c.to.in_(places))
        return self._db.execute(row).rowcount > 0

    def backlog(self, late: datetime) -> Backlog:
        """Of the whole server; what was due before `late` is late."""
        waiting = or_(outbox.c.sent.is_(None) & outbox.c.failed.is_(None), outbox.c.next.is_not(None))
        counts = (
            select(func.count()).select_from(table).where(where).scalar_subquery()
            for table, where in ((outbox, waiting), (notices, notices.c.due <= late), (outbox, _DEAD))
        )
        return Backlog(*self._db.execute(select(*counts)).one())

    def changed(self, project_id: int) -> tuple[Row[Any], ...]:
        """By whom each setting was changed last, and when: `setting`, `at`, and their id and name."""
        set_here = (events.c.project_id == project_id, events.c.setting.is_not(None))
        last = select(func.max(events.c.id)).where(*set_here).group_by(events.c.setting)
        query = select(events.c.setting, events.c.at, whole.c.id.label("by"), whole.c.name)
        query = query.select_from(events).join(people, events.c.person_id == people.c.id, isouter=True)
        query = query.join(whole, is_whole, isouter=True)
        return tuple(self._db.execute(query.where(events.c.id.in_(last))))

    def _leases(self, project_id: int, since: Any, *where: Any) -> Line:
        query = select(tasks.c.id, since).join(claims, claims.c.task_id == tasks.c.id)
        return self._line(
            query.where(*where, only(tasks.c.project_id, project_id)).order_by(since, tasks.c.id)
        )

    def _line(self, query: Select[Any]) -> Line:
        return Line(self._db, query)
