"""Messages in and out: what came in acts once, what goes out is kept until it is sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, or_, select, tuple_

from server.records.mail import Conversation, Outgoing
from server.store.tables.mail import cursors, inbox, outbox
from server.store.turns import add_once

# What was said in private may sign somebody in; once it is out, or given up, nobody has to read it here.
_KEPT = case((outbox.c.channel == "direct", ""), else_=outbox.c.text)
_WAITING = or_(outbox.c.sent.is_(None) & outbox.c.failed.is_(None), outbox.c.next.is_not(None))
# As if it had never been sent.
_ANEW: dict[str, Any] = {
    "next": None,
    "number": None,
    "sent": None,
    "failed": None,
    "attempts": 0,
    "floor": None,
}


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

    def rewrite(
        self, key: str, channel: str, to: str, text: str, now: datetime, *, topic: str | None = None
    ) -> None:
        """Let the message of this key read so: what is not out yet is replaced, what is out is edited.

        A message that is out in another place, or was given up, is posted anew and has the key from then on.
        """
        place = {"channel": channel, "to": to, "topic": topic}
        if add_once(self._db, outbox, {**place, "key": key, "text": text, "created": now, "plain": False}):
            return
        row = self._db.execute(select(outbox).where(outbox.c.key == key).with_for_update()).one()
        same_place = (row.channel, row.to, row.topic) == (channel, to, topic)
        if row.sent is None and row.failed is None and row.attempts:  # it may be out, or on its way
            values: dict[str, Any] = {"next": text}
        elif row.number is not None and same_place:
            values = {"next": None if text == row.text else text, "created": now}
        else:
            values = {**place, **_ANEW, "text": text, "plain": False, "created": now}
        self._db.execute(outbox.update().where(outbox.c.id == row.id).values(values))

    def pending(self, limit: int = 50, besides: Collection[Conversation] = ()) -> tuple[Outgoing, ...]:
        """What is to be sent or edited, in order, but in these conversations."""
        query = select(outbox).where(_WAITING)
        if besides:
            place = tuple_(outbox.c.channel, outbox.c.to, func.coalesce(outbox.c.topic, ""))
            query = query.where(place.not_in([(channel, to, topic or "") for channel, to, topic in besides]))
        query = query.order_by(func.coalesce(outbox.c.turn, outbox.c.id), outbox.c.id).limit(limit)
        return tuple(map(_outgoing, self._db.execute(query)))

    def tried(self, message_id: int) -> Outgoing | None:
        """Count an attempt that is about to be made; what is to be sent is what it gives, not what was read.

        From now on a `rewrite` is an edit. None where the message was erased.
        """
        known = outbox.alias()
        newest = select(func.coalesce(func.max(known.c.number), 0)).scalar_subquery()
        floor = func.coalesce(outbox.c.floor, newest)
        more = outbox.update().where(outbox.c.id == message_id)
        counted = more.values(attempts=outbox.c.attempts + 1, floor=floor).returning(outbox)
        row = self._db.execute(counted).first()
        return None if row is None else _outgoing(row)

    def not_tried(self, message_id: int) -> None:
        """Count an attempt no more that was put off before anything was sent."""
        one = outbox.update().where(outbox.c.id == message_id, outbox.c.attempts > 0)
        self._db.execute(one.values(attempts=outbox.c.attempts - 1))

    def cut(self, row: Outgoing, parts: Sequence[str], now: datetime) -> Outgoing:
        """Let the message be the first of these parts, with the others right behind it; as it is now."""
        text = outbox.c.text if row.number is None else outbox.c.next
        whole = outbox.update().where(outbox.c.id == row.id)
        first = self._db.execute(
            whole.values({text: parts[0], outbox.c.plain: False}).returning(outbox)
        ).one()
        for place, part in enumerate(parts[1:], 1):
            key = f"part:{row.id}:{place}"
            self.rewrite(key, row.channel, row.to, part, now, topic=row.topic)
            self._db.execute(outbox.update().where(outbox.c.key == key).values(turn=first.turn or row.id))
        return _outgoing(first)

    def sent(self, message_id: int, now: datetime, number: int | None = None) -> None:
        """It went out; `number` is what the chat calls it there. A private text is not kept."""
        done = outbox.update().where(outbox.c.id == message_id)
        self._db.execute(done.values(sent=now, number=number, text=_KEPT, plain=False, attempts=0))

    def edited(self, message_id: int, text: str) -> None:
        """It reads so now in the chat; if it shall say something else by now, that is still to do."""
        done = outbox.update().where(outbox.c.id == message_id)
        left = case((outbox.c.next == text, None), else_=outbox.c.next)
        kept = case((outbox.c.channel == "direct", ""), else_=text)
        self._db.execute(done.values(text=kept, next=left, attempts=0))

    def anew(self, message_id: int) -> None:
        """It cannot be edited: post what it shall say as a new message, which has its key."""
        stale = outbox.update().where(outbox.c.id == message_id, outbox.c.next.is_not(None))
        self._db.execute(stale.values(text=outbox.c.next, **_ANEW))

    def taken(self, numbers: Collection[int]) -> frozenset[int]:
        """Which of these numbers are those of messages that are known to be out."""
        known = select(outbox.c.number).where(outbox.c.number.in_(numbers))
        return frozenset(self._db.execute(known).scalars())

    def give_up(self, message_id: int, now: datetime) -> None:
        """Say it no more; of a message that is out, only the edit is given up."""
        row = outbox.update().where(outbox.c.id == message_id)
        unsent = row.where(outbox.c.number.is_(None))
        self._db.execute(unsent.values(failed=now, text=_KEPT))
        self._db.execute(row.values(next=None, attempts=0))

    def cursor(self, name: str) -> str | None:
        return self._db.execute(select(cursors.c.value).where(cursors.c.name == name)).scalar()

    def set_cursor(self, name: str, value: str) -> None:
        self._db.execute(cursors.delete().where(cursors.c.name == name))
        self._db.execute(cursors.insert().values(name=name, value=value))


def _outgoing(row: Any) -> Outgoing:
    """What is to be said: of a message that is out, what it shall say instead."""
    text = row.text if row.number is None or row.next is None else row.next
    place = (row.id, row.channel, row.to, row.topic)
    return Outgoing(*place, text, row.plain, row.attempts, row.created, row.number, row.floor or 0)
