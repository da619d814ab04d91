"""Tokens, kept only as hashes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select
from sqlalchemy.engine import Row

from server.records.access import Link, Purpose, TokenRow
from server.store.tables.access import api_tokens, sign_in_tokens
from server.store.tables.people import people


class Tokens:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add_link(self, person_id: int, token_hash: str, purpose: Purpose, expires: datetime) -> None:
        values = {"person_id": person_id, "hash": token_hash, "purpose": purpose, "expires": expires}
        self._db.execute(sign_in_tokens.insert().values(**values))

    def link(self, token_hash: str, purpose: Purpose) -> Link | None:
        """A link of that purpose, be it good or not."""
        known = (sign_in_tokens.c.hash == token_hash, sign_in_tokens.c.purpose == purpose)
        row = self._db.execute(select(sign_in_tokens).where(*known)).first()
        return None if row is None else Link(row.person_id, row.expires, row.used)

    def use_link(self, token_hash: str, purpose: Purpose, now: datetime) -> int | None:
        """The person a live link is for; it is spent by this."""
        live = (
            sign_in_tokens.c.hash == token_hash,
            sign_in_tokens.c.purpose == purpose,
            sign_in_tokens.c.used.is_(None),
            sign_in_tokens.c.expires > now,
        )
        spend = sign_in_tokens.update().where(*live).values(used=now).returning(sign_in_tokens.c.person_id)
        return self._db.execute(spend).scalar()

    def add_api(
        self,
        person_id: int,
        token_hash: str,
        label: str,
        scopes: frozenset[str],
        now: datetime,
        expires: datetime,
    ) -> None:
        values = {"person_id": person_id, "hash": token_hash, "label": label, "scopes": sorted(scopes)}
        self._db.execute(api_tokens.insert().values(**values, created=now, expires=expires))

    def api(self, token_hash: str, now: datetime) -> TokenRow | None:
        """A token, while it is good."""
        row = self._db.execute(select(api_tokens).where(api_tokens.c.hash == token_hash, _live(now))).first()
        return None if row is None else _token(row)

    def apis(self, person_id: int, now: datetime) -> tuple[TokenRow, ...]:
        """The person's tokens that are good, newest first."""
        query = select(api_tokens).where(_own(person_id), _live(now)).order_by(api_tokens.c.id.desc())
        return tuple(_token(row) for row in self._db.execute(query))

    def note_use(self, id: int, now: datetime) -> None:
        self._db.execute(api_tokens.update().where(api_tokens.c.id == id).values(used=now))

    def revoke_api(self, person_id: int, now: datetime, id: int | None = None) -> None:
        """End the live token of that number, or every one the person has."""
        which = () if id is None else (api_tokens.c.id == id,)
        live = (_own(person_id), api_tokens.c.revoked.is_(None), *which)
        self._db.execute(api_tokens.update().where(*live).values(revoked=now))

    def any_of(self, person_id: int) -> bool:
        """Whether a token was ever made for the person, to sign in or for the API."""
        tables = (sign_in_tokens, api_tokens)
        made = (select(table.c.id).where(table.c.person_id == person_id).limit(1) for table in tables)
        return any(self._db.execute(query).first() for query in made)

    def clear(self, before: datetime) -> None:
        """Forget what was over by then, but for everybody's newest, by which `any_of` knows them."""
        for table in (sign_in_tokens, api_tokens):
            newest = select(func.max(table.c.id)).group_by(table.c.person_id)
            self._db.execute(table.delete().where(table.c.expires < before, table.c.id.not_in(newest)))


def _own(person_id: int) -> ColumnElement[bool]:
    """Made under any number that the person was ever known by."""
    numbers = select(people.c.id).where(or_(people.c.id == person_id, people.c.same_as == person_id))
    return api_tokens.c.person_id.in_(numbers)


def _live(now: datetime) -> ColumnElement[bool]:
    return api_tokens.c.revoked.is_(None) & (api_tokens.c.expires > now)


def _token(row: Row[*tuple[Any, ...]]) -> TokenRow:
    scopes = frozenset(row.scopes)
    return TokenRow(row.id, row.person_id, row.label, scopes, row.created, row.expires, row.used)
