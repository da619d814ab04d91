"""Sessions: who is signed in, in which browser, and until when."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta

from blueprint.errors import UserError
from server.records.access import SessionRow
from server.records.people import Person
from server.service.signin import hashed
from server.store import Store

IDLE = timedelta(days=30)
LONGEST = timedelta(days=90)

_BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def begin(
    store: Store,
    person: Person,
    agent: str,
    now: datetime,
    instead_of: str | None = None,
    account: str | None = None,
) -> str:
    """Sign the person in, and end the session the browser had until now. What the browser is to show.

    `account` is what they came with, where it was one on a forge: the session ends with it.
    """
    if instead_of is not None:
        end(store, instead_of)
    token = secrets.token_urlsafe(32)
    store.sessions.add(person.id, hashed(token), described(agent), now, now + LONGEST, account)
    return token


def of(store: Store, token: str, now: datetime) -> tuple[SessionRow, Person] | None:
    """The session that a browser shows, and whose; None when it is over, or the person is gone."""
    found = store.sessions.by_hash(hashed(token))
    if found is None or _is_over(found, now):
        return None
    person = store.people.get(found.person_id)
    return None if person is None else (found, person)


def see(store: Store, session: SessionRow, now: datetime) -> None:
    """The browser was here now, so that its idle time begins anew."""
    store.sessions.see(session.id, now)


def listing(store: Store, person: Person, now: datetime) -> tuple[SessionRow, ...]:
    """Where the person is signed in, the browser that was seen last first."""
    return tuple(one for one in store.sessions.of(person.id) if not _is_over(one, now))


def end(store: Store, token: str) -> None:
    """Sign out the browser that shows this."""
    store.sessions.end_by_hash(hashed(token))


def end_one(store: Store, person: Person, number: int) -> str:
    """Sign out one of the person's browsers. A sentence; `UserError` if there is none of that number."""
    found = next((one for one in store.sessions.of(person.id) if one.id == number), None)
    if found is None:
        raise UserError("You are not signed in there (any more).")
    store.sessions.end(person.id, number)
    return f"You are signed out there: {found.agent}."


def end_all(store: Store, person: Person) -> str:
    """Sign the person out of every browser. A sentence."""
    store.sessions.end(person.id)
    return "You are signed out everywhere."


def clear(store: Store, now: datetime) -> None:
    """Forget sessions that are over."""
    store.sessions.clear(now, now - IDLE)


def _is_over(session: SessionRow, now: datetime) -> bool:
    return min(session.expires, session.seen + IDLE) < now


def described(agent: str) -> str:
    """A browser in a few words, as far as it tells: `Firefox on Linux`."""
    browser = next((name for key, name in _BROWSERS.items() if f"{key}/" in agent), None)
    system = next((name for key, name in _SYSTEMS.items() if key in agent), None)
    if browser and system:
        return f"{browser} on {system}"
    first = re.match(r"[\w .+-]{1,40}", agent)
    return browser or system or (first[0].strip() if first else "") or "a browser"
