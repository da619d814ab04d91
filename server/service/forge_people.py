"""Who somebody on a forge is here: by the number of the account, or by a login that a maintainer told.

Both are those of one site: whoever has a login on one forge need not be who has it on another.
"""

from __future__ import annotations

from dashboards.repository_address import RepositoryAddress, account_at
from server.forges.events import Account
from server.records.people import Person
from server.store import Store
from server.store.people import ACCOUNT, LOGIN


def behind(store: Store, where: RepositoryAddress, account: Account) -> Person | None:
    """The person whose account that is, on the forge that has this repository.

    A login counts only where the person proved no number there: it may have become somebody else's.
    """
    if not account.id:
        return None
    proved = _first(store, ACCOUNT, where, str(account.id))
    if proved is not None or not account.login:
        return proved
    named = _first(store, LOGIN, where, account.login.casefold())
    return None if named is None or _has_number(store, where, named) else named


def _first(store: Store, kind: str, where: RepositoryAddress, name: str) -> Person | None:
    """On the site that has the longest address of those where the forge may stand."""
    found = (store.people.by_identity(kind, account_at(site, name)) for site in reversed(where.sites))
    return next((person for person in found if person is not None), None)


def _has_number(store: Store, where: RepositoryAddress, person: Person) -> bool:
    numbers = (value for kind, value in store.people.identities(person.id) if kind == ACCOUNT)
    return any(value.startswith(tuple(account_at(site, "") for site in where.sites)) for value in numbers)
