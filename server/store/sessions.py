"""Browsers in which somebody is signed in; what they show for it is kept as a hash only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select
from sqlalchemy.engine import Row

from server.records.access import SessionRow
from server.store.tables.access import sessions
from server.store.tables.people import people


class Sessions:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(
        self,
        person_id: int,
        hash: str,
        agent: str,
        now: datetime,
        expires: datetime,
        account: str | None = None,
    ) -> None:
        """`account` is what they signed in with, where that was one on a forge."""
        values = {"person_id": person_id, "hash": hash, "agent": agent, "created": now, "seen": now}
        self._db.execute(sessions.insert().values(**values, expires=expires, account=account))

    def by_hash(self, hash: str) -> SessionRow | None:
        row = self._db.execute(select(sessions).where(sessions.c.hash == hash)).first()
        return None if row is None else _session(row)

    def of(self, person_id: int) -> tuple[SessionRow, ...]:
        """The person's, the one seen last first."""
        rows = self._db.execute(select(sessions).where(_own(person_id)).order_by(sessions.c.seen.desc()))
        return tuple(_session(row) for row in rows)

    def see(self, id: int, now: datetime) -> None:
        self._db.execute(sessions.update().where(sessions.c.id == id).values(seen=now))

    def end(self, person_id: int, id: int | None = None) -> None:
        """End the one of that number, or all of the person's."""
        which = () if id is None else (sessions.c.id == id,)
        self._db.execute(sessions.delete().where(_own(person_id), *which))

    def end_with(self, account: str) -> None:
        """End those that were begun with that account."""
        self._db.execute(sessions.delete().where(sessions.c.account == account))

    def end_by_hash(self, hash: str) -> None:
        self._db.execute(sessions.delete().where(sessions.c.hash == hash))

    def clear(self, now: datetime, idle_since: datetime) -> None:
        """Forget those that are over."""
        over = or_(sessions.c.expires < now, sessions.c.seen < idle_since)
        self._db.execute(sessions.delete().where(over))


def _own(person_id: int) -> ColumnElement[bool]:
    """Made under any number that the person was ever known by."""
    numbers = select(people.c.id).where(or_(people.c.id == person_id, people.c.same_as == person_id))
    return sessions.c.person_id.in_(numbers)


def _session(row: Row[*tuple[Any, ...]]) -> SessionRow:
    return SessionRow(row.id, row.person_id, row.agent, row.created, row.seen, row.expires, row.account)
