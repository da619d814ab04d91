"""Projects whose newest commit somebody wants brought in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, or_, select
from sqlalchemy.engine import Row

from server.records.projects import WantedSync
from server.store.tables.projects import wanted_syncs
from server.store.turns import add_once


class WantedSyncs:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of_project(self, project_id: int) -> WantedSync | None:
        row = self._db.execute(select(wanted_syncs).where(wanted_syncs.c.project_id == project_id)).first()
        return None if row is None else _wanted(row)

    def every(self) -> tuple[WantedSync, ...]:
        """Longest asked for first."""
        return tuple(map(_wanted, self._db.execute(select(wanted_syncs).order_by(wanted_syncs.c.asked))))

    def ask(self, project_id: int, now: datetime) -> None:
        """Ask for one, also where one failed too often, or has begun before what is wanted now was there."""
        values = {"project_id": project_id, "asked": now, "due": now}
        if not add_once(self._db, wanted_syncs, values):
            again = {"asked": now, "due": now, "failures": 0, "why": None}
            self._db.execute(wanted_syncs.update().where(_of(project_id)).values(**again))

    def is_due(self, now: datetime, given_up: datetime) -> bool:
        """Whether there is one for `next`."""
        return self._db.execute(_due(now, given_up)).first() is not None

    def next(self, now: datetime, given_up: datetime) -> WantedSync | None:
        """One that is due and that nobody has begun, or somebody before `given_up` who never ended it."""
        row = self._db.execute(_due(now, given_up).with_for_update(skip_locked=True)).first()
        return None if row is None else _wanted(row)

    def begin(self, project_id: int, now: datetime) -> None:
        self._db.execute(wanted_syncs.update().where(_of(project_id)).values(begun=now))

    def end(self, project_id: int, since: datetime) -> None:
        """One that began then was done: what was asked for afterwards is still wanted."""
        ours = _of(project_id)
        self._db.execute(wanted_syncs.delete().where(ours, wanted_syncs.c.asked <= since))
        self._db.execute(wanted_syncs.update().where(ours).values(begun=None))

    def release(self, project_id: int) -> None:
        """Whoever was at it was ended; that says nothing about the project."""
        self._db.execute(wanted_syncs.update().where(_of(project_id)).values(begun=None))

    def fail(self, project_id: int, due: datetime | None, why: str) -> None:
        """It failed, and is tried again then, or not any more."""
        more = {"begun": None, "due": due, "why": why, "failures": wanted_syncs.c.failures + 1}
        self._db.execute(wanted_syncs.update().where(_of(project_id)).values(**more))


def _due(now: datetime, given_up: datetime) -> Select[*tuple[Any, ...]]:
    free = or_(wanted_syncs.c.begun.is_(None), wanted_syncs.c.begun < given_up)
    query = select(wanted_syncs).where(wanted_syncs.c.due <= now, free)
    return query.order_by(wanted_syncs.c.asked).limit(1)


def _of(project_id: int) -> Any:
    return wanted_syncs.c.project_id == project_id


def _wanted(row: Row[*tuple[Any, ...]]) -> WantedSync:
    return WantedSync(row.project_id, row.asked, row.due, row.begun, row.failures, row.why)
