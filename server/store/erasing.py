"""Taking a person out of the database: what leads to them, and their name wherever it stands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Column, Connection, String, cast, false, func, literal, or_, select, text

from server.store.changes import Part, notes
from server.store.tables.access import api_tokens, link_words, sessions, sign_in_tokens
from server.store.tables.chat import choices, insiders, last_deeds, visitors
from server.store.tables.forges import deliveries
from server.store.tables.log import events
from server.store.tables.mail import notices, outbox
from server.store.tables.nodes import watches
from server.store.tables.people import identities, members, people, preferences
from server.store.tables.projects import commits
from server.store.tables.tasks import claims, reservations, task_events, tasks
from server.work.naming import HIDDEN, Alias, Naming, mask

# Columns in which people's names may stand as words, among what was written about them or by them.
REDACTED = (
    events.c.text,
    task_events.c.note,
    claims.c.stuck,
    tasks.c.title,
    notices.c.text,
    outbox.c.text,
    choices.c.command,
    outbox.c.next,
    commits.c.author,
)
# Where a number may stand for somebody who was erased.
NUMBERED = (people.c.name, *REDACTED)
# Rows that are there for one person alone.
_OWN = (
    notices,
    watches,
    sign_in_tokens,
    api_tokens,
    sessions,
    reservations,
    link_words,
    choices,
    last_deeds,
    preferences,
    members,
)
_EMPTIED = "What it said is not kept: it may have named somebody who was erased since."
_APPEND_ONLY = ("events", "task_events")


def tombstone(address: str) -> str:
    """What is kept of the address of somebody who is gone, so that their commits make nobody new."""
    return f"erased:{hashlib.sha256(address.encode()).hexdigest()}"


class Erasing:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def numbers(self, person_id: int) -> tuple[int, ...]:
        """Every number that the person was ever known by."""
        own = or_(people.c.id == person_id, people.c.same_as == person_id)
        return tuple(self._db.execute(select(people.c.id).where(own).order_by(people.c.id)).scalars())

    def erase(self, person_id: int, now: datetime) -> None:
        """The ledger and the history stay, and go by the person's number from now on."""
        numbers = self.numbers(person_id)
        words = self._words(numbers)
        self._remove_own(numbers)
        self._empty_deliveries(now)
        self._bury(numbers)
        gone = {
            "name": literal(HIDDEN) + cast(people.c.id, String),
            "naming": Naming.HIDDEN,
            "pseudonym": None,
            "ranked": false(),
            "dataset": false(),
            "linked": false(),
            "role": "visitor",
            "zone": None,
            "erased": now,
        }
        self._db.execute(people.update().where(people.c.id.in_(numbers)).values(**gone))
        self.take_out(person_id, words)

    def take_out(self, person_id: int, words: Iterable[str]) -> None:
        """Let the person's number stand wherever one of these words does, which were said of them."""
        notes(self._db).part(people.name, None, Part.EVERYTHING)
        aliases = [Alias(word, f"{HIDDEN}{person_id}") for word in words]
        with _lifted(self._db, _APPEND_ONLY):
            for column in REDACTED:
                self._redact(column, aliases)

    def _words(self, numbers: Sequence[int]) -> tuple[str, ...]:
        """What the person is or was called, and their addresses."""
        named = select(people.c.name, people.c.pseudonym).where(people.c.id.in_(numbers))
        words = [word for row in self._db.execute(named) for word in row]
        addresses = select(identities.c.value).where(
            identities.c.person_id.in_(numbers), identities.c.kind == "git"
        )
        words.extend(self._db.execute(addresses).scalars())
        return tuple(dict.fromkeys(word for word in words if word))

    def _remove_own(self, numbers: Sequence[int]) -> None:
        told = select(literal("notice:") + cast(notices.c.id, String)).where(notices.c.person_id.in_(numbers))
        chat = select(identities.c.value).where(
            identities.c.person_id.in_(numbers), identities.c.kind == "zulip"
        )
        to_them = (outbox.c.channel == "direct") & outbox.c.to.in_(chat)
        named = (
            outbox.c.text.contains(f"|{number}**", autoescape=True)
            for number in self._db.execute(chat).scalars().all()
        )
        self._db.execute(outbox.delete().where(or_(outbox.c.key.in_(told), to_them, *named)))
        for table in (visitors, insiders):
            self._db.execute(table.delete().where(table.c.account.in_(chat)))
        for table in _OWN:
            self._db.execute(table.delete().where(table.c.person_id.in_(numbers)))

    def _empty_deliveries(self, now: datetime) -> None:
        """Whatever waits to be worked off, or could not be, may name the person. Maintainers are told."""
        dead = func.coalesce(deliveries.c.dead, now)
        empty = {"body": None, "due": None, "dead": dead, "why": _EMPTIED}
        self._db.execute(deliveries.update().where(deliveries.c.body.is_not(None)).values(**empty))

    def _bury(self, numbers: Sequence[int]) -> None:
        """Accounts are forgotten; of addresses that commits come from, what recognises them again is kept."""
        own = identities.c.person_id.in_(numbers)
        self._db.execute(identities.delete().where(own, identities.c.kind != "git"))
        for row in self._db.execute(select(identities.c.id, identities.c.value).where(own)).all():
            buried = identities.update().where(identities.c.id == row.id)
            self._db.execute(buried.values(value=tombstone(row.value)))

    def _redact(self, column: Column[str], aliases: Iterable[Alias]) -> None:
        table, names = column.table, [alias.name for alias in aliases]
        here = (func.lower(column).contains(name.lower(), autoescape=True) for name in names)
        exact = (column.contains(name, autoescape=True) for name in names)
        found = self._db.execute(
            select(table.c.id, column.label("said")).where(or_(false(), *here, *exact))
        ).all()
        told = mask(aliases)
        said = {row.id: told(row.said) for row in found}
        for id, words in said.items():
            self._db.execute(table.update().where(table.c.id == id).values({column: words}))


@contextmanager
def _lifted(connection: Connection, names: Iterable[str]) -> Iterator[None]:
    """The triggers of these tables, which let nothing be changed, are off within the block alone."""
    if connection.dialect.name == "postgresql":
        for name in names:
            connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER {name}_append_only"))
        yield
        for name in names:
            connection.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER {name}_append_only"))
        return
    known = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    made = [row for name in names for row in connection.execute(known, {"table": name}).all()]
    for row in made:
        connection.execute(text(f"DROP TRIGGER {row.name}"))
    yield
    for row in made:
        connection.exec_driver_sql(row.sql)
