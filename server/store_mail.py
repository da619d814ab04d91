"""Messages in and out: what came in acts once, what goes out is kept until it is sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, case, func, select

from server.records import Outgoing
from server.store_turns import add_once
from server.tables import cursors, inbox, outbox

# What was said in private may sign somebody in; once it is out, or given up, nobody has to read it here.
_KEPT = case((outbox.c.channel == "direct", ""), else_=outbox.c.text)


class Mail:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def accept(self, key: str, now: datetime) -> bool:
        """Whether a message of this key is new; from now on it is not."""
        return add_once(self._db, inbox, {"key": key, "received": now})

    def post(
        self,
        key: str,
        channel: str,
        to: str,
        text: str,
        now: datetime,
        *,
        topic: str | None = None,
        plain: bool = False,
    ) -> None:
        """Queue a message; one key is queued once only. `channel` and `to` as in `Outgoing`."""
        values = {"key": key, "channel": channel, "to": to, "text": text, "created": now}
        add_once(self._db, outbox, {**values, "topic": topic, "plain": plain})

    def pending(self, limit: int = 50) -> tuple[Outgoing, ...]:
        """What is to be sent, oldest first."""
        query = select(outbox).where(outbox.c.sent.is_(None), outbox.c.failed.is_(None))
        rows = self._db.execute(query.order_by(outbox.c.id).limit(limit))
        return tuple(
            Outgoing(r.id, r.channel, r.to, r.topic, r.text, r.plain, r.attempts, r.created) for r in rows
        )

    def sent(self, message_id: int, now: datetime, number: int | None = None) -> None:
        """It went out; `number` is what the chat calls it there. A private text is not kept."""
        done = outbox.update().where(outbox.c.id == message_id)
        self._db.execute(done.values(sent=now, number=number, text=_KEPT))

    def newest_number(self) -> int:
        """The highest number the chat gave to a message of ours; 0 before the first."""
        return self._db.execute(select(func.max(outbox.c.number))).scalar() or 0

    def tried(self, message_id: int) -> None:
        """Count an attempt that did not succeed."""
        more = outbox.update().where(outbox.c.id == message_id).values(attempts=outbox.c.attempts + 1)
        self._db.execute(more)

    def give_up(self, message_id: int, now: datetime) -> None:
        self._db.execute(outbox.update().where(outbox.c.id == message_id).values(failed=now, text=_KEPT))

    def cursor(self, name: str) -> str | None:
        return self._db.execute(select(cursors.c.value).where(cursors.c.name == name)).scalar()

    def set_cursor(self, name: str, value: str) -> None:
        self._db.execute(cursors.delete().where(cursors.c.name == name))
        self._db.execute(cursors.insert().values(name=name, value=value))
