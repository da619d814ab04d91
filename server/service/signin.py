"""Signing in by a link that works once, and tokens for the API."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from blueprint.errors import UserError
from server.records import Person
from server.service import people
from server.store import Store

LINK_LIFE = timedelta(minutes=15)
TOKEN_LIFE = timedelta(days=365)
SCOPES = frozenset({"read", "write"})


class ScopeError(UserError):
    """The token is good, but not for this."""


def make_link(store: Store, person: Person, now: datetime, base_url: str) -> str:
    """An address that signs the person in, once, within 15 minutes."""
    token = secrets.token_urlsafe(32)
    store.tokens.add_sign_in(person.id, hashed(token), now + LINK_LIFE)
    return f"{base_url.rstrip('/')}/sign-in/{token}"


def redeem(store: Store, token: str, now: datetime) -> Person:
    """The person a link was made for. `UserError` when it was used, is too old, or was never made."""
    person_id = store.tokens.use_sign_in(hashed(token), now)
    if person_id is None:
        raise UserError("This sign-in link was used already or is older than 15 minutes; ask for a new one.")
    return people.get(store, person_id)


def make_token(
    store: Store, person: Person, label: str, now: datetime, scopes: frozenset[str] = SCOPES
) -> str:
    """A token for the API, shown this once. `UserError` on a scope there is not."""
    if unknown := scopes - SCOPES:
        raise UserError(
            f"There is no scope {', '.join(sorted(unknown))}; there are {', '.join(sorted(SCOPES))}."
        )
    token = f"chantier_{secrets.token_urlsafe(32)}"
    store.tokens.add_api(person.id, hashed(token), people.clean_name(label), scopes, now, now + TOKEN_LIFE)
    return token


def end_tokens(store: Store, person: Person, now: datetime) -> None:
    """No API token made for the person so far is good any more."""
    store.tokens.revoke_api(person.id, now)


def by_token(store: Store, token: str, scope: str, now: datetime) -> Person:
    """Whose API token this is. `UserError` when it is unknown, too old or revoked; `ScopeError`: unfit."""
    found = store.tokens.api(hashed(token), now)
    if found is None:
        raise UserError("This API token is not valid (any more); make a new one.")
    if scope not in found[1]:
        raise ScopeError(f"This API token may not {scope}; make one with that scope.")
    return people.get(store, found[0])


def hashed(token: str) -> str:
    """What is kept of a token."""
    # Tokens carry 256 random bits, so one plain hash is as good as a slow one.
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
