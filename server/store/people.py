"""People and the identities that lead to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.engine import Row

from server.records.people import Person, Proof, Way
from server.store.changes import Part, notes
from server.store.erasing import tombstone
from server.store.tables.mail import notices
from server.store.tables.nodes import watches
from server.store.tables.people import identities, members, people, preferences
from server.store.tables.tasks import reservations
from server.store.turns import batches, take_turn
from server.work.naming import HIDDEN, Alias, Naming, Wish, mask
from server.work.permissions import Role
from server.work.sentences import filled, mentioned

GITHUB = "https://github.com"
# Its addresses for those who keep theirs to themselves: `12345+login@...`.
NO_REPLY = "@users.noreply.github.com"
# The kind of identity that one signs in with: `site#number`, as the site numbers its accounts.
ACCOUNT = "account"
# The kind that a maintainer told: `site#login`. Where no site is known, it counts nowhere.
LOGIN = "forge"


def shown_name(table: FromClause) -> ColumnElement[str]:
    """What others are told that the person is called; whoever hides their name goes by a number."""
    number = literal(HIDDEN) + cast(table.c.id, String)
    pseudonym = func.coalesce(table.c.pseudonym, number)
    named = {Naming.REAL.value: table.c.name, Naming.PSEUDONYM.value: pseudonym}
    return case(named, value=table.c.naming, else_=number)


# A person may have been written down twice: `whole` is the one they are known as today, as they want it.
whole = select(people.c.id, shown_name(people).label("name"), people.c.role, people.c.zone).subquery("whole")
is_whole = whole.c.id == func.coalesce(people.c.same_as, people.c.id)

_PEOPLE = (
    select(whole.c.id, whole.c.name, whole.c.role, whole.c.zone).select_from(people).join(whole, is_whole)
)


class People:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get(self, person_id: int) -> Person | None:
        """Nobody where that person was erased."""
        here = (people.c.id == person_id, people.c.erased.is_(None))
        return _person(self._db.execute(_PEOPLE.where(*here)).first())

    def numbers(self, person_id: int) -> tuple[int, ...]:
        """All under which somebody was written down who is known by this one today."""
        return tuple(self._db.execute(_numbers(person_id)).scalars())

    def known_as(self, person_ids: Iterable[int]) -> dict[int, int]:
        """By number, the one that the person is known by today."""
        found: dict[int, int] = {}
        for ids in batches(person_ids):
            rows = self._db.execute(select(people.c.id, people.c.same_as).where(people.c.id.in_(ids)))
            found |= {row.id: row.same_as or row.id for row in rows}
        return found

    def merged(self) -> dict[int, int]:
        """Of those who turned out to be known already: number -> the one they are known by."""
        query = select(people.c.id, people.c.same_as).where(people.c.same_as.is_not(None))
        return {row.id: row.same_as for row in self._db.execute(query)}

    def names(self, person_ids: Iterable[int]) -> dict[int, str]:
        """What others are told that these people are called."""
        found: dict[int, str] = {}
        for ids in batches(person_ids):
            rows = self._db.execute(select(whole.c.id, whole.c.name).where(whole.c.id.in_(ids)))
            found |= {row.id: row.name for row in rows}
        return found

    def every(self) -> tuple[Person, ...]:
        rows = self._db.execute(_PEOPLE.where(people.c.same_as.is_(None)).order_by(people.c.id))
        return tuple(_known(row) for row in rows)

    def named(self, name: str) -> tuple[Person, ...]:
        """Everybody of that name; upper and lower case are the same (SQLite knows that of ASCII only)."""
        wanted = name.strip().casefold()
        return tuple(person for person in self.every() if person.name.casefold() == wanted)

    def by_identity(self, kind: str, value: str) -> Person | None:
        query = _PEOPLE.join(identities, identities.c.person_id == people.c.id)
        values = (value, tombstone(value)) if kind == "git" else (value,)
        where = (identities.c.kind == kind, identities.c.value.in_(values))
        return _person(self._db.execute(query.where(*where)).first())

    def lock(self, kind: str) -> None:
        """Let others who would add an identity of that kind wait."""
        take_turn(self._db, f"identities: {kind}")

    def add(self, name: str, role: Role, now: datetime) -> Person:
        new = people.insert().values(name=name, role=role, created=now).returning(people.c.id)
        id = self._db.execute(new).scalar_one()
        notes(self._db).part(people.name, None, Part.PEOPLE)
        return Person(id, name, role)

    def set_role(self, person_id: int, role: Role) -> None:
        self._db.execute(people.update().where(people.c.id == person_id).values(role=role))
        notes(self._db).part(people.name, None, Part.PEOPLE)

    def set_zone(self, person_id: int, zone: str) -> None:
        self._db.execute(people.update().where(people.c.id == person_id).values(zone=zone))
        notes(self._db).harmless(people.name)

    def link(self, person_id: int, kind: str, value: str, now: datetime, proof: Proof | None = None) -> None:
        """Add an identity; each leads to one person only."""
        values = {"person_id": person_id, "kind": kind, "value": value, "created": now, "proof": proof}
        self._db.execute(identities.insert().values(**values))
        notes(self._db).part(identities.name, None, Part.PEOPLE)

    def proof(self, kind: str, value: str) -> Proof | None:
        """Who said whose that identity is, if anybody did."""
        query = select(identities.c.proof).where(identities.c.kind == kind, identities.c.value == value)
        found = self._db.execute(query).scalar()
        return Proof(found) if found else None

    def hand_over(self, kind: str, value: str, person_id: int, proof: Proof) -> None:
        """Let an identity lead to that person, as was proved."""
        known = (identities.c.kind == kind, identities.c.value == value)
        self._db.execute(identities.update().where(*known).values(person_id=person_id, proof=proof))
        notes(self._db).part(identities.name, None, Part.PEOPLE)

    def call(self, kind: str, value: str, called: str) -> None:
        """Write down what an identity is called now."""
        known = (identities.c.kind == kind, identities.c.value == value)
        self._db.execute(identities.update().where(*known).values(called=called))
        notes(self._db).harmless(identities.name, members.name)

    def unlink(self, person_id: int, identity_id: int) -> None:
        own = (identities.c.id == identity_id, identities.c.person_id.in_(_numbers(person_id)))
        self._db.execute(identities.delete().where(*own))
        notes(self._db).part(identities.name, None, Part.PEOPLE)

    def ways(self, person_id: int) -> tuple[Way, ...]:
        """Everything that leads to the person, oldest first."""
        query = select(identities).where(identities.c.person_id.in_(_numbers(person_id)))
        rows = self._db.execute(query.order_by(identities.c.id))
        return tuple(Way(row.id, row.kind, row.value, row.called, row.created) for row in rows)

    def merge(self, person_id: int, into: int) -> None:
        """Let one person be known as another from now on.

        Identities, notices and watches move; history stays. Of two roles the higher is kept, of offers none;
        what they want to be sent is what the one who stays said, or else the other.
        """
        self._db.execute(reservations.delete().where(reservations.c.person_id == person_id))
        both = select(watches.c.node_id).where(watches.c.person_id == into)
        twice = (watches.c.person_id == person_id, watches.c.node_id.in_(both))
        self._db.execute(watches.delete().where(*twice))
        chosen = select(preferences.c.person_id).where(preferences.c.person_id == into)
        theirs = preferences.c.person_id == person_id
        self._db.execute(preferences.delete().where(theirs, chosen.exists()))
        self._merge_members(person_id, into)
        for table in (identities, notices, watches, preferences):
            self._db.execute(table.update().where(table.c.person_id == person_id).values(person_id=into))
        old, new = self.get(person_id), self.get(into)
        if old and new and old.role.covers(new.role):
            self.set_role(into, old.role)
        same = (people.c.id == person_id) | (people.c.same_as == person_id)
        self._db.execute(people.update().where(same).values(same_as=into))
        notes(self._db).part(people.name, None, Part.EVERYTHING)
        notes(self._db).harmless(identities.name, members.name)

    def _merge_members(self, person_id: int, into: int) -> None:
        """Of two roles in a project the higher is kept."""
        both = select(members).where(members.c.person_id.in_((person_id, into)))
        rows = self._db.execute(both).all()
        highest: dict[int, Role] = {}
        for row in rows:
            highest[row.project_id] = max(
                highest.get(row.project_id, Role.VISITOR), Role(row.role), key=Role.rank
            )
        theirs = members.c.person_id == person_id
        kept = select(members.c.project_id).where(members.c.person_id == into)
        self._db.execute(members.delete().where(theirs, members.c.project_id.in_(kept)))
        self._db.execute(members.update().where(theirs).values(person_id=into))
        for project_id, role in highest.items():
            one = (members.c.project_id == project_id, members.c.person_id == into)
            self._db.execute(members.update().where(*one).values(role=role))

    def wish(self, person_id: int) -> Wish:
        """How the person wants to be called, and whether they are ranked."""
        row = self._db.execute(select(people).where(people.c.id == person_id)).one()
        return Wish(Naming(row.naming), row.name, row.pseudonym, row.ranked, row.dataset, row.linked)

    def set_wish(self, person_id: int, wish: Wish) -> None:
        values = {"naming": wish.naming, "pseudonym": wish.pseudonym, "ranked": wish.ranked}
        values |= {"dataset": wish.dataset, "linked": wish.linked}
        self._db.execute(people.update().where(people.c.id == person_id).values(**values))
        notes(self._db).part(people.name, None, Part.EVERYTHING)

    def keep_name(self, person_id: int, name: str) -> None:
        """The person went by that name and does not any more: it is theirs, and hidden with the others."""
        created = select(people.c.created).where(people.c.id == person_id).scalar_subquery()
        values = {"name": name, "role": Role.VISITOR, "created": created, "same_as": person_id}
        self._db.execute(people.insert().values(**values))
        notes(self._db).part(people.name, None, Part.EVERYTHING)

    def aliases(self) -> tuple[Alias, ...]:
        """The names that are not to be told, each with what stands for it; the names of merged people too."""
        chose = people.alias("chose")
        query = select(people.c.name.label("own"), chose.c.pseudonym, whole.c.name).join(whole, is_whole)
        query = query.join(chose, chose.c.id == whole.c.id).where(chose.c.naming != Naming.REAL)
        rows = self._db.execute(query).all()
        hidden = {(name, row.name) for row in rows for name in (row.own, row.pseudonym) if name}
        return tuple(Alias(name, shown) for name, shown in sorted(hidden) if name != shown)

    def every_name(self, besides: int) -> frozenset[str]:
        """What anybody else is called, or was before they chose another name."""
        others = func.coalesce(people.c.same_as, people.c.id) != besides
        rows = self._db.execute(select(people.c.name, people.c.pseudonym).where(others)).all()
        return frozenset(name for row in rows for name in row if name is not None)

    def unnamed(self) -> frozenset[int]:
        """Those who do not want to be named, under a pseudonym neither."""
        hidden = or_(people.c.naming == Naming.HIDDEN, people.c.pseudonym.is_(None))
        query = select(people.c.id).where(people.c.naming != Naming.REAL, hidden)
        return frozenset(self._db.execute(query).scalars())

    def unranked(self) -> frozenset[int]:
        query = select(people.c.id).where(people.c.ranked.is_(False))
        return frozenset(self._db.execute(query).scalars())

    def consenting(self) -> frozenset[int]:
        """Whose contributions may be part of a published dataset."""
        return frozenset(self._db.execute(select(people.c.id).where(people.c.dataset)).scalars())

    def logins(self) -> dict[int, str]:
        """Person -> their login on a forge, where a maintainer or their commits told it.

        Only of those who go by their own name.
        """
        query = (
            select(identities.c.person_id, identities.c.value).join(people).order_by(identities.c.id.desc())
        )
        told = identities.c.value.like(f"%{NO_REPLY}") & (identities.c.kind == "git")
        said = (identities.c.kind == LOGIN) & ~identities.c.value.startswith("#")
        rows = self._db.execute(query.where(or_(told, said), people.c.naming == Naming.REAL))
        return {row.person_id: _login(row.value) for row in rows}

    def identities(self, person_id: int) -> tuple[tuple[str, str], ...]:
        """(kind, value), oldest first."""
        query = select(identities.c.kind, identities.c.value).where(identities.c.person_id == person_id)
        return tuple((row.kind, row.value) for row in self._db.execute(query.order_by(identities.c.id)))

    def identity(self, person_id: int, kind: str) -> str | None:
        """The person's first identity of that kind."""
        query = select(identities.c.value).where(
            identities.c.person_id == person_id, identities.c.kind == kind
        )
        return self._db.execute(query.order_by(identities.c.id)).scalars().first()


def _login(value: str) -> str:
    """Of `site#login`, or of an address that hides behind a login."""
    hidden = value.removesuffix(NO_REPLY)
    return hidden.rpartition("+" if hidden != value else "#")[2]


def sentences(db: Connection, texts: Iterable[str]) -> Callable[[str], str]:
    """What fills in, in these sentences that are kept, the names that people go by now."""
    numbers, names = mentioned(texts), select(people.c.id, whole.c.name).join(whole, is_whole)
    rows = db.execute(names.where(people.c.id.in_(numbers))) if numbers else ()
    known, aliases = {row.id: row.name for row in rows}, People(db).aliases()
    return lambda text: filled(text, known, aliases)


def untold(db: Connection, texts: Iterable[str | None]) -> Callable[[str | None], str | None]:
    """What takes out of these texts, which people wrote, the names that are not to be told."""
    if not any(texts):
        return lambda text: text
    told = mask(People(db).aliases())
    return lambda text: told(text) if text else text


def _numbers(person_id: int) -> Select[int]:
    return select(people.c.id).where(or_(people.c.id == person_id, people.c.same_as == person_id))


def _person(row: Row[*tuple[Any, ...]] | None) -> Person | None:
    return None if row is None else _known(row)


def _known(row: Row[*tuple[Any, ...]]) -> Person:
    return Person(row.id, row.name, Role(row.role), row.zone or "UTC")
