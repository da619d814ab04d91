"""Which channels of the chat speak of which project, and the accounts that write to the bot."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from server.records.chat import Channel, ChatAccount
from server.store.tables.chat import channels, insiders, visitors
from server.store.tables.mail import outbox
from server.store.turns import add_once, batches


class Channels:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of_project(self, project_id: int) -> tuple[Channel, ...]:
        """By name."""
        query = select(channels).where(channels.c.project_id == project_id).order_by(channels.c.folded)
        return tuple(map(_channel, self._db.execute(query)))

    def every(self) -> dict[int, list[Channel]]:
        """The channels of each project that has any, by its id."""
        found: dict[int, list[Channel]] = {}
        for row in self._db.execute(select(channels)):
            found.setdefault(row.project_id, []).append(_channel(row))
        return found

    def project_of(self, name: str) -> int | None:
        """The project spoken of in the channel of that name, as the chat tells names apart."""
        return self._project(channels.c.folded == _folded(name))

    def project_unseen(self, name: str) -> int | None:
        """The same, of a channel whose number the chat has not told yet."""
        return self._project(and_(channels.c.folded == _folded(name), channels.c.number.is_(None)))

    def project_of_number(self, number: int) -> int | None:
        return self._project(channels.c.number == number)

    def add(self, project_id: int, name: str) -> bool:
        """Whether it is new; a channel has one project."""
        values = {"project_id": project_id, "name": name, "folded": _folded(name)}
        return add_once(self._db, channels, values)

    def remove(self, project_id: int, name: str) -> bool:
        """Whether it was there."""
        row = (channels.c.project_id == project_id) & (channels.c.folded == _folded(name))
        return self._db.execute(channels.delete().where(row).returning(channels.c.id)).first() is not None

    def post_progress(self, project_id: int, name: str | None, topic: str | None = None) -> None:
        """From now on in that channel alone, in that topic; or nowhere."""
        own = channels.c.project_id == project_id
        self._db.execute(channels.update().where(own, channels.c.progress).values(progress=False, topic=None))
        if name is not None:
            there = channels.update().where(own, channels.c.folded == _folded(name))
            self._db.execute(there.values(progress=True, topic=topic))

    def see(self, number: int, name: str, *, private: bool) -> None:
        """A channel that is known by its number is called so now; else that of the name has the number.

        What was said in a private channel is not handed to a public one that has taken its name.
        """
        same = or_(channels.c.number == number, channels.c.folded == _folded(name))
        known = self._db.execute(select(channels).where(same)).all()
        row = next((row for row in known if row.number == number), None)
        if row is not None:
            self._make_room([other for other in known if other.id != row.id])
        row = row or next((old for old in known if private or not (old.number and old.private)), None)
        values = {"number": number, "name": name, "folded": _folded(name), "private": private}
        if row is not None and any(getattr(row, key) != value for key, value in values.items()):
            self._db.execute(channels.update().where(channels.c.id == row.id).values(values))
            self._readdress(row.name, number)

    def _make_room(self, others: Sequence[Row[Any]]) -> None:
        """Another channel had this name before: its new one will be seen; one that never was seen is none."""
        for row in others:
            if row.number is None:
                self._db.execute(channels.delete().where(channels.c.id == row.id))
            else:
                aside = channels.update().where(channels.c.id == row.id)
                self._db.execute(aside.values(folded=f"{row.folded}#{row.number}"[-200:]))

    def _readdress(self, name: str, number: int) -> None:
        """What was, or is to be, sent to a channel by its name is from now on known by its number."""
        there = (outbox.c.channel == "stream") & (outbox.c.to == name)
        self._db.execute(outbox.update().where(there).values(to=str(number)))

    def fill(self, room: int, accounts: Collection[str]) -> None:
        """These accounts are in that channel now, and no others."""
        there = insiders.c.room == room
        known = set(self._db.execute(select(insiders.c.account).where(there)).scalars())
        for batch in batches(known - set(accounts)):
            self._db.execute(insiders.delete().where(there, insiders.c.account.in_(batch)))
        if new := sorted(set(accounts) - known):
            self._db.execute(insiders.insert(), [{"room": room, "account": account} for account in new])

    def rooms_of(self, account: str) -> frozenset[int]:
        """The private channels, by number, that the account is in."""
        query = select(insiders.c.room).where(insiders.c.account == account)
        return frozenset(self._db.execute(query).scalars())

    def filled(self) -> frozenset[int]:
        """The channels of which it is known who is in them."""
        return frozenset(self._db.execute(select(insiders.c.room).distinct()).scalars())

    def last_spoken_of(self, account: str) -> int | None:
        """The project of which that account of the chat spoke last, as far as it had to say."""
        return self._db.execute(select(visitors.c.project_id).where(visitors.c.account == account)).scalar()

    def speaks_of(self, account: str, project_id: int) -> None:
        """From now on, of an account that has been met."""
        known = visitors.update().where(visitors.c.account == account)
        self._db.execute(known.values(project_id=project_id))

    def meet(self, account: str, now: datetime, tokens: float) -> bool:
        """Whether an account of the chat is new; it may say so much at first."""
        values = {"account": account, "seen": now, "tokens": tokens}
        return add_once(self._db, visitors, values)

    def visitor(self, account: str) -> ChatAccount:
        """What is known of an account that has been met; others wait who would count it too."""
        query = select(visitors).where(visitors.c.account == account).with_for_update()
        row = self._db.execute(query).one()
        return ChatAccount(row.seen, row.tokens, row.waits)

    def count(self, account: str, now: datetime, tokens: float, *, waits: bool) -> None:
        known = visitors.update().where(visitors.c.account == account)
        self._db.execute(known.values(seen=now, tokens=tokens, waits=waits))

    def _project(self, which: ColumnElement[bool]) -> int | None:
        return self._db.execute(select(channels.c.project_id).where(which)).scalar()


def _folded(name: str) -> str:
    return name.strip().casefold()


def _channel(row: Any) -> Channel:
    return Channel(row.name, row.number, row.private, row.progress, row.topic)
