"""What forges told: kept until it is worked off, and known for a while afterwards."""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.engine import Row

from server.forges.events import Forge
from server.records.forges import Delivery
from server.store.tables.forges import deliveries
from server.store.turns import add_once

_SEEN = [column for column in deliveries.c if column is not deliveries.c.body]


class Deliveries:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def accept(
        self,
        project_id: int,
        forge: Forge,
        key: str,
        digest: str | None,
        event: str,
        body: bytes,
        now: datetime,
    ) -> bool:
        """Keep what is new; whether it is."""
        about = {"project_id": project_id, "forge": forge, "key": key, "digest": digest, "event": event}
        kept = {"body": zlib.compress(body, 1), "received": now, "due": now}
        return add_once(self._db, deliveries, {**about, **kept})

    def is_due(self, now: datetime) -> bool:
        return self._db.execute(select(deliveries.c.id).where(*_due(now)).limit(1)).first() is not None

    def take(self, now: datetime) -> Delivery | None:
        """The one that is to be worked off now, and that nobody else is working off."""
        query = select(deliveries).where(*_due(now)).order_by(deliveries.c.id).limit(1)
        row = self._db.execute(query.with_for_update(skip_locked=True)).first()
        return None if row is None else _delivery(row, zlib.decompress(row.body) if row.body else None)

    def done(self, delivery_id: int) -> None:
        """Nothing is left of it but that it came, and why it failed before, if it did."""
        self._change(delivery_id, body=None, due=None, dead=None)

    def put_off(self, delivery_id: int, due: datetime, why: str) -> None:
        """It failed, and is tried again then."""
        self._change(delivery_id, due=due, why=why, attempts=deliveries.c.attempts + 1)

    def give_up(self, delivery_id: int, now: datetime, why: str) -> None:
        self._change(delivery_id, due=None, dead=now, why=why, attempts=deliveries.c.attempts + 1)

    def dead(self, project_id: int) -> tuple[Delivery, ...]:
        """Those that could not be worked off, without what they say; the newest first."""
        query = select(*_SEEN).where(deliveries.c.project_id == project_id, deliveries.c.dead.is_not(None))
        return tuple(_delivery(row) for row in self._db.execute(query.order_by(deliveries.c.id.desc())))

    def failures(self, project_id: int) -> tuple[Delivery, ...]:
        """Of each forge the newest that failed, whatever became of it since."""
        failed = (deliveries.c.project_id == project_id, deliveries.c.why.is_not(None))
        last = select(func.max(deliveries.c.id)).where(*failed).group_by(deliveries.c.forge)
        return tuple(map(_delivery, self._db.execute(select(*_SEEN).where(deliveries.c.id.in_(last)))))

    def waiting(self, project_id: int) -> int:
        """How many are to be worked off."""
        query = select(func.count()).where(
            deliveries.c.project_id == project_id, deliveries.c.due.is_not(None)
        )
        return int(self._db.execute(query.select_from(deliveries)).scalar_one())

    def revive(self, project_id: int, delivery_id: int, now: datetime) -> bool:
        """Let one be tried anew that could not be worked off; whether it is there, and not emptied."""
        there = (deliveries.c.id == delivery_id, deliveries.c.project_id == project_id)
        dead = (*there, deliveries.c.dead.is_not(None), deliveries.c.body.is_not(None))
        again = {"due": now, "dead": None, "attempts": 0}
        return self._db.execute(deliveries.update().where(*dead).values(**again)).rowcount > 0

    def forget(self, before: datetime) -> None:
        """Those that came before then and are worked off, or could not be, are not known any more."""
        old = (deliveries.c.received < before, deliveries.c.due.is_(None))
        self._db.execute(deliveries.delete().where(*old))

    def _change(self, delivery_id: int, **values: Any) -> None:
        self._db.execute(deliveries.update().where(deliveries.c.id == delivery_id).values(**values))


def _due(now: datetime) -> tuple[Any, ...]:
    return (deliveries.c.due.is_not(None), deliveries.c.due <= now)


def _delivery(row: Row[*tuple[Any, ...]], body: bytes | None = None) -> Delivery:
    about = (row.id, row.project_id, Forge(row.forge), row.event, row.received, row.attempts)
    return Delivery(*about, body, row.dead, row.why)
