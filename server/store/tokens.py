"""Tokens, kept only as hashes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, or_, select

from server.store.tables import api_tokens, people, sign_in_tokens


class Tokens:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add_sign_in(self, person_id: int, token_hash: str, expires: datetime) -> None:
        values = {"person_id": person_id, "hash": token_hash, "expires": expires}
        self._db.execute(sign_in_tokens.insert().values(**values))

    def use_sign_in(self, token_hash: str, now: datetime) -> int | None:
        """The person a live token is for; it is spent by this."""
        live = (
            sign_in_tokens.c.hash == token_hash,
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

    def api(self, token_hash: str, now: datetime) -> tuple[int, frozenset[str]] | None:
        """The person and the scopes of a live token."""
        live = (
            api_tokens.c.hash == token_hash,
            api_tokens.c.revoked.is_(None),
            api_tokens.c.expires > now,
        )
        row = self._db.execute(select(api_tokens.c.person_id, api_tokens.c.scopes).where(*live)).first()
        return None if row is None else (row.person_id, frozenset(row.scopes))

    def revoke_api(self, person_id: int, now: datetime) -> None:
        """End every live token of a person, made under any number they were ever known by."""
        numbers = select(people.c.id).where(or_(people.c.id == person_id, people.c.same_as == person_id))
        live = (api_tokens.c.person_id.in_(numbers), api_tokens.c.revoked.is_(None))
        self._db.execute(api_tokens.update().where(*live).values(revoked=now))

    def any_of(self, person_id: int) -> bool:
        """Whether a token was ever made for the person, to sign in or for the API."""
        tables = (sign_in_tokens, api_tokens)
        made = (select(table.c.id).where(table.c.person_id == person_id).limit(1) for table in tables)
        return any(self._db.execute(query).first() for query in made)
