"""Tasks that somebody was offered a moment ago, kept back from others for a while; soon forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, select

from server.tables import claims, reservations


class Reservations:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def for_others(self, project_id: int, person_id: int | None, now: datetime) -> frozenset[int]:
        """The ids of the tasks kept for somebody else, who has not claimed anything since."""
        decided = exists().where(
            claims.c.person_id == reservations.c.person_id, claims.c.since >= reservations.c.made
        )
        query = select(reservations.c.task_id).where(
            reservations.c.project_id == project_id, reservations.c.expires > now, ~decided
        )
        others = query if person_id is None else query.where(reservations.c.person_id != person_id)
        return frozenset(self._db.execute(others).scalars())

    def keep(
        self, project_id: int, person_id: int, task_ids: Sequence[int], now: datetime, expires: datetime
    ) -> None:
        """These, instead of what the person had. The caller holds the project's lock."""
        own = (reservations.c.project_id == project_id) & (reservations.c.person_id == person_id)
        over = (reservations.c.project_id == project_id) & (reservations.c.expires <= now)
        self._db.execute(reservations.delete().where(own | over))
        row = {"project_id": project_id, "person_id": person_id, "made": now, "expires": expires}
        for task_id in task_ids:
            self._db.execute(reservations.insert().values(**row, task_id=task_id))
