"""Who somebody on a forge is here: by the number of the account, or by a login that a maintainer told."""

from __future__ import annotations

from urllib.parse import urlsplit

from server.forges.events import Account
from server.records.people import Person
from server.store import Store
from server.store.people import ACCOUNT


def behind(store: Store, repository: str, account: Account) -> Person | None:
    """The person whose account that is, on the forge that has the repository of that address.

    A login counts only where the person proved no number there: it may have become somebody else's.
    """
    if not account.id:
        return None
    site = _site(repository)
    proved = store.people.by_identity(ACCOUNT, f"{site}#{account.id}")
    if proved is not None or not account.login:
        return proved
    named = store.people.by_identity("forge", account.login.casefold())
    if named is None:
        return None
    numbers = (value for kind, value in store.people.identities(named.id) if kind == ACCOUNT)
    return None if any(value.startswith(f"{site}#") for value in numbers) else named


def _site(address: str) -> str:
    """As signing in writes it: `https://github.com`."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].casefold()}"
