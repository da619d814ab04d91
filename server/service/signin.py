"""Links that work once, and tokens for the API."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from blueprint.errors import UserError
from server.records.access import Link, Purpose, TokenRow
from server.records.people import Person
from server.service import people
from server.store import Store

LINK_LIFE = timedelta(minutes=15)
TOKEN_LIFE = timedelta(days=365)
SCOPES = frozenset({"read", "write"})
MOST_TOKENS = 20
# When a token or a session was used last is kept to this: to write it down each time would cost.
NOTED_EVERY = timedelta(minutes=10)
# What is over is forgotten after so long.
KEPT = timedelta(days=30)

_PLACES = {Purpose.SIGN_IN: "sign-in", Purpose.LINK: "account/link"}
_NAMES = {Purpose.SIGN_IN: "sign-in link", Purpose.LINK: "link"}


class ScopeError(UserError):
    """The token is good, but not for this."""


def make_link(
    store: Store, person: Person, now: datetime, base_url: str, purpose: Purpose = Purpose.SIGN_IN
) -> str:
    """An address that signs the person in, or says that they are somebody; once, within 15 minutes."""
    token = secrets.token_urlsafe(32)
    store.tokens.add_link(person.id, hashed(token), purpose, now + LINK_LIFE)
    return f"{base_url.rstrip('/')}/{_PLACES[purpose]}/{token}"


def look_at(store: Store, token: str, now: datetime, purpose: Purpose = Purpose.SIGN_IN) -> Person:
    """The person a link is for, which is not used up by this. `UserError` as in `redeem`."""
    found = store.tokens.link(hashed(token), purpose)
    if found is None or found.used is not None or found.expires <= now:
        raise UserError(_refusal(found, _NAMES[purpose]))
    return people.get(store, found.person_id)


def redeem(store: Store, token: str, now: datetime, purpose: Purpose = Purpose.SIGN_IN) -> Person:
    """The person a link was made for. `UserError` when it was used, is too old, or is not for this."""
    person_id = store.tokens.use_link(hashed(token), purpose, now)
    if person_id is None:
        raise UserError(_refusal(store.tokens.link(hashed(token), purpose), _NAMES[purpose]))
    return people.get(store, person_id)


def _refusal(found: Link | None, name: str) -> str:
    if found is None:
        return f"There is no such {name}; see that you copied all of it, or ask for a new one."
    if found.used is not None:
        return f"This {name} was used already; ask for a new one."
    return f"This {name} is older than 15 minutes; ask for a new one."


def make_token(
    store: Store,
    person: Person,
    label: str,
    now: datetime,
    scopes: frozenset[str] = SCOPES,
    life: timedelta = TOKEN_LIFE,
) -> str:
    """A token for the API, shown this once. `UserError` on a scope there is not, or where there are many."""
    if unknown := scopes - SCOPES:
        raise UserError(
            f"There is no scope {', '.join(sorted(unknown))}; there are {', '.join(sorted(SCOPES))}."
        )
    if len(tokens(store, person, now)) >= MOST_TOKENS:
        raise UserError(f"You have {MOST_TOKENS} tokens already; end one that you do not need any more.")
    token = f"chantier_{secrets.token_urlsafe(32)}"
    store.tokens.add_api(person.id, hashed(token), people.clean_name(label), scopes, now, now + life)
    return token


def tokens(store: Store, person: Person, now: datetime) -> tuple[TokenRow, ...]:
    """The person's API tokens that are good, newest first."""
    return store.tokens.apis(person.id, now)


def end_token(store: Store, person: Person, number: int, now: datetime) -> str:
    """The token of that number is not good any more. A sentence; `UserError` if the person has none."""
    found = next((one for one in tokens(store, person, now) if one.id == number), None)
    if found is None:
        raise UserError("You have no such token (any more).")
    store.tokens.revoke_api(person.id, now, number)
    return f"The token `{found.label}` is not good for anything any more."


def end_tokens(store: Store, person: Person, now: datetime) -> str:
    """All API tokens of the person are good no more. A sentence."""
    if not tokens(store, person, now):
        return "You have no tokens that are good for anything."
    store.tokens.revoke_api(person.id, now)
    return "All your tokens are ended; whoever has one can do nothing with it."


def by_token(store: Store, token: str, scope: str, now: datetime) -> tuple[TokenRow, Person]:
    """The API token, and whose. `UserError` when it is unknown, too old or revoked; `ScopeError`: unfit."""
    found = store.tokens.api(hashed(token), now)
    if found is None:
        raise UserError("This API token is not valid (any more); make a new one.")
    if scope not in found.scopes:
        raise ScopeError(f"This API token may not {scope}; make one with that scope.")
    return found, people.get(store, found.person_id)


def is_news(noted: datetime | None, now: datetime) -> bool:
    """Whether it is worth writing down that a token or a session is in use now, as it was when last noted."""
    return noted is None or now - noted >= NOTED_EVERY


def note_use(store: Store, token: TokenRow, now: datetime) -> None:
    """Write down that this token is used now."""
    store.tokens.note_use(token.id, now)


def clear(store: Store, now: datetime) -> None:
    """Forget links and tokens that have long been over."""
    store.tokens.clear(now - KEPT)


def hashed(token: str) -> str:
    """What is kept of a token."""
    # Tokens carry 256 random bits, so one plain hash is as good as a slow one.
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
