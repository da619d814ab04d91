"""Whose token comes with a request."""

from __future__ import annotations

from flask import request

from blueprint.errors import UserError
from server.house import House, NotYouError
from server.records.access import TokenRow
from server.records.people import Person
from server.service import reporting, signin
from server.service.signin import ScopeError

# Where a token is not a person's but a reporter's, and is looked at by the view itself.
REPORT = "report_check"


def bearer(house: House) -> Person | None:
    """The person whose API token came with the request, if one did. Raises `NotYouError` and `ScopeError`.

    That it is in use is written down, now and then.
    """
    found = token()
    if found is None or (request.endpoint == f"api.{REPORT}" and found.startswith(reporting.PREFIX)):
        return None
    if found.startswith(reporting.PREFIX):
        raise ScopeError("This token may report checks, and nothing else.")
    row, person = _known(house, found)
    if signin.is_news(row.used, now := house.clock()):
        with house.database.begin() as store:
            signin.note_use(store, row, now)
    return person


def _known(house: House, token: str) -> tuple[TokenRow, Person]:
    scope = "read" if request.method in {"GET", "HEAD"} else "write"
    try:
        with house.database.reading() as store:
            return signin.by_token(store, token, scope, house.clock())
    except ScopeError:
        raise
    except UserError as error:
        raise NotYouError(str(error)) from error


def token() -> str | None:
    """The token that came with the request."""
    kind, _, found = request.headers.get("Authorization", "").partition(" ")
    return found.strip() if kind.lower() == "bearer" else None
