"""The browser at the door: who is signed in there, and to which page they go next.

Flask's signed cookie holds a random word that stands for a session in the database, so what ends there is
over at once. Everything else in the cookie, the token of forms among it, goes with the session.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import g, request, session

from server.house import House
from server.records.people import Person
from server.service import sessions, signin

_KEY = "key"
_NEXT = "next"
_LONGEST_ADDRESS = 500


def recognise(house: House) -> None:
    """Find out who is at the door: `g.person`, and `g.session` by which they are."""
    key, now = session.get(_KEY), house.clock()
    if key is None:
        return
    with house.database.reading() as store:
        found = sessions.of(store, key, now)
    if found is None:
        session.clear()
        return
    g.session, g.person = found
    if signin.is_news(g.session.seen, now):
        with house.database.begin() as store:
            sessions.see(store, g.session, now)


def enter(house: House, person: Person, account: str | None = None) -> str:
    """Sign the person in here, in a session that is new in every respect. Where they go now."""
    after, key = session.get(_NEXT), session.get(_KEY)
    with house.database.begin() as store:
        fresh = sessions.begin(store, person, request.user_agent.string, house.clock(), key, account)
    session.clear()
    session.permanent = True
    session[_KEY] = fresh
    return after or "/"


def is_in(house: House) -> bool:
    """Whether somebody is signed in here still; else the cookie says nothing any more."""
    with house.database.reading() as store:
        key = session.get(_KEY)
        found = key is not None and sessions.of(store, key, house.clock()) is not None
    if not found:
        session.clear()
    return found


def leave(house: House) -> None:
    """Sign out whoever is signed in here."""
    if key := session.get(_KEY):
        with house.database.begin() as store:
            sessions.end(store, key)
    session.clear()


def remember_next() -> None:
    """Keep the page to go to after signing in: the one that is asked for, or the one they came from."""
    if page := local(request.args.get("next", "")) or local(came_from() or ""):
        session[_NEXT] = page


def came_from() -> str | None:
    """The page here that led to this request, without what stands behind `#`; None where none says so."""
    try:
        origin = urlsplit(request.referrer or "")
    except ValueError:  # whoever sends requests may write there what is no address
        return None
    ours = origin.netloc == request.host
    return origin._replace(scheme="", netloc="", fragment="").geturl() if ours else None


def local(address: str) -> str | None:
    """The address, if it is plainly one of a page here; browsers take `\\`, tabs and the like for more."""
    plain = len(address) <= _LONGEST_ADDRESS and not re.search(r"[\\\x00-\x20\x7f]", address)
    here = address.startswith("/") and not address.startswith(("//", "/sign-"))
    return address if plain and here else None
