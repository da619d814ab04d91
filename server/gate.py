"""The gate: whoever asks for a project passes here first, whatever the page or the answer is.

A project that is not there and one that is hidden from whoever asks take the same way, to the same words.
"""

from __future__ import annotations

from flask import g, request

from server.house import House, admit
from server.work.permissions import Role

# Addresses at which a program proves by a secret of the project that it may ask; they tell one that cannot
# the same whether or not there is such a project.
PROVEN_THERE = frozenset({"api.report_check"})


def guard(house: House) -> None:
    """Put the asker's role into `g.role`: in the project of the address, or on this server.

    What only reads goes on in the transaction in which this was found. Raises `NotHereError` where there is
    no such project for them.
    """
    g.role = g.person.role if g.person else Role.VISITOR
    slug = (request.view_args or {}).get("slug")
    if slug is None or request.endpoint in PROVEN_THERE:
        return
    with house.reading() as store:
        g.admitted = admit(store, slug)
    g.role = g.admitted.role
