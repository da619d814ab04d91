"""How people want to hear of things, and when each of them is due a digest."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, func, select

from server.records.mail import DueDigest
from server.store.tables.log import events
from server.store.tables.mail import notices
from server.store.tables.people import preferences
from server.store.turns import add_once, take_turn
from server.work.preferences import Preferences, Quiet, Rhythm, Subject, Way


class Wishes:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of(self, person_id: int) -> Preferences:
        row = self._db.execute(select(preferences).where(preferences.c.person_id == person_id)).first()
        if row is None:
            return Preferences()
        hours = row.quiet_from and Quiet(time.fromisoformat(row.quiet_from), time.fromisoformat(row.quiet_to))
        muted = frozenset(Subject(name) for name in row.muted if name in list(Subject))
        return Preferences(Way(row.way), hours, Rhythm(row.digest), row.hour, muted)

    def save(self, person_id: int, wanted: Preferences, due: datetime | None) -> None:
        """`due`: when the next digest comes. The first tells what happens from now on."""
        values: dict[str, Any] = {
            "way": wanted.way,
            "quiet_from": wanted.quiet and f"{wanted.quiet.begins:%H:%M}",
            "quiet_to": wanted.quiet and f"{wanted.quiet.ends:%H:%M}",
            "digest": wanted.digest,
            "hour": wanted.hour,
            "muted": sorted(wanted.muted),
            "due": due,
        }
        known = self._db.execute(select(preferences.c.digest).where(preferences.c.person_id == person_id))
        seen = {} if known.scalar() not in (None, Rhythm.OFF) else self._newest()
        if not add_once(self._db, preferences, {"person_id": person_id, **self._newest(), **values}):
            change = preferences.update().where(preferences.c.person_id == person_id)
            self._db.execute(change.values(**values, **seen))

    def lock(self) -> None:
        """Let others who would send digests wait."""
        take_turn(self._db, "digests")

    def due(self, now: datetime) -> tuple[int, ...]:
        """Whose digest is due."""
        query = select(preferences.c.person_id).where(preferences.c.due <= now).order_by(preferences.c.id)
        return tuple(self._db.execute(query).scalars())

    def digest(self, person_id: int) -> DueDigest | None:
        """When the person's next one is due, and since when it tells."""
        query = select(preferences).where(
            preferences.c.person_id == person_id, preferences.c.due.is_not(None)
        )
        row = self._db.execute(query).first()
        return None if row is None else DueDigest(row.person_id, row.seen_event, row.seen_notice, row.due)

    def next_digest(self, person_id: int, due: datetime | None, *, told: bool) -> None:
        """The next one is due then; where this one `told` all there is, it tells what comes after that."""
        change = preferences.update().where(preferences.c.person_id == person_id)
        self._db.execute(change.values(due=due, **(self._newest() if told else {})))

    def _newest(self) -> dict[str, int]:
        """The newest event and the newest notice there are."""
        columns = {"seen_event": events.c.id, "seen_notice": notices.c.id}
        return {name: self._db.execute(select(func.max(id))).scalar() or 0 for name, id in columns.items()}
