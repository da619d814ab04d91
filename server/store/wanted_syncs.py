"""Projects whose newest commit somebody wants brought in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select
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
        """Ask for one, also where one failed too often, or has begun before what is wanted now was there.

        Since when they fail, and why, stays until one succeeds.
        """
        values = {"project_id": project_id, "asked": now, "due": now}
        if not add_once(self._db, wanted_syncs, values):
            again = {"asked": now, "due": now, "failures": 0}
            self._db.execute(wanted_syncs.update().where(_of(project_id)).values(**again))

    def is_due(self, now: datetime, given_up: datetime) -> bool:
        """Whether there is one for `next`."""
        return self._db.execute(_due(now, given_up)).first() is not None

    def next(self, now: datetime, given_up: datetime) -> WantedSync | None:
        """One that is due and that nobody has begun, or somebody before `given_up` who never ended it."""
        row = self._db.execute(_due(now, given_up).with_for_update(skip_locked=True)).first()
        return None if row is None else _wanted(row)

    def begin(self, project_id: int, now: datetime, given_up: datetime) -> bool:
        """Whether it is wanted, and nobody began it since `given_up`."""
        begin = wanted_syncs.update().where(_of(project_id), _free(given_up)).values(begun=now)
        return self._db.execute(begin).rowcount > 0

    def end(self, project_id: int, since: datetime) -> None:
        """What was asked for by then is done; what was asked for afterwards is still wanted."""
        ours = _of(project_id)
        self._db.execute(wanted_syncs.delete().where(ours, wanted_syncs.c.asked <= since))
        well = {"failures": 0, "why": None, "failing": None}
        self._db.execute(wanted_syncs.update().where(ours).values(**well))

    def release(self, project_id: int, begun: datetime) -> None:
        """Whoever began then is at it no more. Where somebody else began since, nothing changes."""
        self._db.execute(wanted_syncs.update().where(*_held(project_id, begun)).values(begun=None))

    def fail(self, project_id: int, begun: datetime, due: datetime | None, why: str, now: datetime) -> None:
        """What began then failed, and is tried again at `due`, or not any more. Else as `release`."""
        since = func.coalesce(wanted_syncs.c.failing, now)
        more: dict[str, Any] = {"begun": None, "due": due, "why": why, "failing": since}
        more["failures"] = wanted_syncs.c.failures + 1
        self._db.execute(wanted_syncs.update().where(*_held(project_id, begun)).values(**more))


def _due(now: datetime, given_up: datetime) -> Select[*tuple[Any, ...]]:
    query = select(wanted_syncs).where(wanted_syncs.c.due <= now, _free(given_up))
    return query.order_by(wanted_syncs.c.asked).limit(1)


def _free(given_up: datetime) -> Any:
    return or_(wanted_syncs.c.begun.is_(None), wanted_syncs.c.begun < given_up)


def _of(project_id: int) -> Any:
    return wanted_syncs.c.project_id == project_id


def _held(project_id: int, begun: datetime) -> tuple[Any, ...]:
    return (_of(project_id), wanted_syncs.c.begun == begun)


def _wanted(row: Row[*tuple[Any, ...]]) -> WantedSync:
    return WantedSync(row.project_id, row.asked, row.due, row.begun, row.failures, row.why, row.failing)
