"""Who somebody on a forge is here: by the number of the account, or by a login that a maintainer told."""

from __future__ import annotations

from server.forges.events import Account, Forge
from server.records import Person
from server.store import Store


def behind(store: Store, forge: Forge, account: Account) -> Person | None:
    """The person whose account that is, if they are known here.

    A login counts only where nobody proved a number: it may have become somebody else's.
    """
    if not account.id:
        return None
    proved = store.people.by_identity(forge, str(account.id))
    if proved is not None or not account.login:
        return proved
    named = store.people.by_identity("forge", account.login.casefold())
    if named is None or store.people.identity(named.id, forge) is not None:
        return None
    return named
