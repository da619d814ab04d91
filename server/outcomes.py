"""What the pages' forms ask for is done in one transaction, and the next page says how it went."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, g, redirect
from werkzeug.wrappers import Response

from blueprint.errors import UserError
from server.house import House
from server.store import Store

# A sentence, and what it is: `done`, `undoable` or `refused`.
Said = tuple[str, str]


def tell(house: House, act: Callable[[Store], str], after: str) -> Response:
    """Do it for whoever is signed in, and go on to the page at `after`."""
    return tell_how(house, lambda store: (act(store), "done"), after)


def tell_how(house: House, act: Callable[[Store], Said], after: str) -> Response:
    """The same, where `act` says what kind of sentence it is. It is told when all of it is kept."""
    if g.person is None:
        flash("Sign in first.", "refused")
        return redirect("/sign-in", 303)
    try:
        with house.database.begin() as store:
            said = act(store)
    except UserError as error:
        said = str(error), "refused"
    flash(*said)
    return redirect(after, 303)
