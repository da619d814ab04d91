"""What follows from the events of tasks: live leases, their holders, open requests, linked pull requests."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from server.records.tasks import ClaimRow, Member, RequestRow
from server.store.people import shown_name, untold
from server.store.tables.people import people
from server.store.tables.tasks import claim_members, claims, task_links, task_requests, tasks
from server.store.turns import batches
from server.work.tasks import Task, TaskEvent, What

_LEASES = (
    select(claims, shown_name(people).label("name"))
    .join(people, claims.c.person_id == people.c.id)
    .join(tasks, claims.c.task_id == tasks.c.id)
    .where(claims.c.ended.is_(None))
)
_MEMBERS = (
    select(claim_members, shown_name(people).label("name"))
    .join(people, claim_members.c.person_id == people.c.id)
    .where(claim_members.c.ended.is_(None))
    .order_by(claim_members.c.id)
)
_BY, _TO = people.alias("by_person"), people.alias("to_person")
_REQUESTS = (
    select(task_requests, shown_name(_BY).label("by_name"), shown_name(_TO).label("to_name"))
    .join(_BY, task_requests.c.person_id == _BY.c.id)
    .join(_TO, task_requests.c.other_id == _TO.c.id, isouter=True)
    .join(tasks, task_requests.c.task_id == tasks.c.id)
)


def live(db: Connection, *where: ColumnElement[bool]) -> tuple[ClaimRow, ...]:
    """The live leases there, oldest first."""
    leases = sorted(db.execute(_LEASES.where(*where)), key=lambda row: row.id)
    crews: dict[int, list[Member]] = defaultdict(list)
    for ids in batches([row.id for row in leases]):
        for row in db.execute(_MEMBERS.where(claim_members.c.claim_id.in_(ids))):
            crews[row.claim_id].append(Member(row.person_id, row.name, row.since))
    told = untold(db, (r.stuck for r in leases))
    return tuple(
        ClaimRow(
            r.id,
            r.task_id,
            r.person_id,
            r.name,
            r.since,
            r.expires,
            r.reminded,
            r.paused,
            r.acknowledged,
            r.snoozed,
            told(r.stuck),
            tuple(sorted(crews[r.id], key=lambda member: member.person_id != r.person_id)),
            r.owed,
        )
        for r in leases
    )


def requests(db: Connection, *where: ColumnElement[bool]) -> tuple[RequestRow, ...]:
    """What is asked there, oldest first."""
    return tuple(
        RequestRow(
            r.task_id, What(r.kind), r.person_id, r.by_name, r.other_id, r.to_name, r.at, r.expires, r.id
        )
        for r in sorted(db.execute(_REQUESTS.where(*where)), key=lambda row: row.id)
    )


def bring_in_line(db: Connection, task_id: int, before: Task, after: Task, event: TaskEvent) -> None:
    """Let the tables say what the events now amount to."""
    _lease(db, task_id, before, after, event)
    _asked(db, task_id, before, after)
    gone, new = _difference(before.links, after.links)
    for link in gone:
        db.execute(task_links.delete().where(task_links.c.task_id == task_id, task_links.c.link == link))
    for link in new:
        db.execute(task_links.insert().values(task_id=task_id, link=link))


def _lease(db: Connection, task_id: int, before: Task, after: Task, event: TaskEvent) -> None:
    if before.crew and not after.crew:
        _end(db, task_id, event)
    elif before.crew:
        live_one = (claims.c.task_id == task_id, claims.c.ended.is_(None))
        db.execute(claims.update().where(*live_one).values(**_values(after), **_reminded(event)))
    elif after.crew:
        db.execute(claims.insert().values(task_id=task_id, since=after.since, **_values(after)))
    if after.crew:
        _crew(db, task_id, before.crew, after.crew, event.at)


def _values(task: Task) -> dict[str, Any]:
    return {
        "person_id": task.holder,
        "expires": task.expires,
        "paused": task.stopped,
        "acknowledged": task.acknowledged,
        "snoozed": task.snoozed,
        "stuck": task.stuck,
        "owed": task.owed,
    }


def _reminded(event: TaskEvent) -> dict[str, Any]:
    """Whoever has just been active knows."""
    return {"reminded": event.at} if event.what in _HEARD else {}


_HEARD = frozenset(
    {
        What.RENEWED,
        What.PROGRESSED,
        What.STUCK,
        What.PROPOSED,
        What.HANDED_OVER,
        What.AWAITING_AUTHOR,
        What.UNANSWERED,
        What.RESUMED,
        What.UNHELD,
    }
)


def _end(db: Connection, task_id: int, event: TaskEvent) -> None:
    lease = select(claims.c.id).where(claims.c.task_id == task_id, claims.c.ended.is_(None))
    ended = (claim_members.c.claim_id.in_(lease), claim_members.c.ended.is_(None))
    db.execute(claim_members.update().where(*ended).values(ended=event.at))
    live_one = (claims.c.task_id == task_id, claims.c.ended.is_(None))
    db.execute(claims.update().where(*live_one).values(ended=event.at, ending=event.what))


def _crew(
    db: Connection, task_id: int, before: tuple[int, ...], after: tuple[int, ...], at: datetime
) -> None:
    gone, new = _difference(before, after)
    if not gone and not new:
        return
    where = (claims.c.task_id == task_id, claims.c.ended.is_(None))
    lease = select(claims.c.id).where(*where).scalar_subquery()
    own = (claim_members.c.claim_id == lease, claim_members.c.ended.is_(None))
    for person in gone:
        leaving = claim_members.update().where(*own, claim_members.c.person_id == person)
        db.execute(leaving.values(ended=at))
    for person in new:
        db.execute(claim_members.insert().values(claim_id=lease, person_id=person, since=at))


def _asked(db: Connection, task_id: int, before: Task, after: Task) -> None:
    """Requests, and those who wait; what is asked again is asked anew."""
    gone, new = _difference(before.requests + before.waiting, after.requests + after.waiting)
    asked = task_requests.c
    for ask in gone:
        where = (asked.task_id == task_id, asked.kind == ask.kind, asked.person_id == ask.by)
        db.execute(task_requests.delete().where(*where, asked.other_id.is_not_distinct_from(ask.to)))
    for ask in new:
        values = {"task_id": task_id, "kind": ask.kind, "person_id": ask.by, "other_id": ask.to}
        db.execute(task_requests.insert().values(**values, at=ask.at, expires=ask.expires))


def _difference(before: tuple[Any, ...], after: tuple[Any, ...]) -> tuple[list[Any], list[Any]]:
    """What is gone, and what is new."""
    return [one for one in before if one not in after], [one for one in after if one not in before]
