"""Bringing in new commits that a forge told of: who is at it, and what becomes of what fails.

Whoever begins one holds it for `LONGEST`; after that it is taken to be gone, and what it says is not heard.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from blueprint.errors import UserError
from server.records.people import Person
from server.records.projects import ProjectRow, WantedSync
from server.service.permission import require
from server.store import Store
from server.work.permissions import Action

LONGEST = timedelta(hours=6)
# The waits after failures double: 5 minutes, 10, ...; after so many it waits for the next push.
_FIRST_WAIT, _MOST = timedelta(minutes=5), 6
_LONGEST_REASON = 300


def is_due(store: Store, now: datetime) -> bool:
    """Whether there is something for `take`."""
    return store.wanted_syncs.is_due(now, now - LONGEST)


def take(store: Store, now: datetime) -> ProjectRow | None:
    """The project that waits the longest for one and that nobody is at; whoever asks is at it from `now`."""
    wanted = store.wanted_syncs.next(now, now - LONGEST)
    if wanted is None or not store.wanted_syncs.begin(wanted.project_id, now, now - LONGEST):
        return None
    return store.projects.get(wanted.project_id)


def asked(store: Store) -> tuple[ProjectRow, ...]:
    """All projects of which it is asked for, also where it is not time yet to try again what failed."""
    return tuple(store.projects.get(one.project_id) for one in store.wanted_syncs.every())


def hold(store: Store, project: ProjectRow, now: datetime) -> bool:
    """Whether whoever asks is at it from `now`, because it is asked for and nobody else is."""
    return store.wanted_syncs.begin(project.id, now, now - LONGEST)


def finish(store: Store, project: ProjectRow, begun: datetime) -> None:
    """What was asked for until then is brought in."""
    store.wanted_syncs.end(project.id, begun)
    store.wanted_syncs.release(project.id, begun)


def leave(store: Store, project: ProjectRow, begun: datetime) -> None:
    """Whoever began then was ended; that says nothing about the project, and the next one begins anew."""
    store.wanted_syncs.release(project.id, begun)


def fail(store: Store, project: ProjectRow, begun: datetime, why: str, now: datetime) -> None:
    """What began then failed, and is tried again later, or where that happened often, not by itself."""
    known = store.wanted_syncs.of_project(project.id)
    failures = known.failures if known else 0
    due = now + _FIRST_WAIT * 2**failures if failures + 1 < _MOST else None
    words = "".join(c if c.isprintable() else " " for c in why)
    store.wanted_syncs.fail(project.id, begun, due, words[:_LONGEST_REASON], now)


def failed(store: Store, project: ProjectRow) -> WantedSync | None:
    """What stands between the project and its newest commit, if something does."""
    found = store.wanted_syncs.of_project(project.id)
    return found if found is not None and found.failing is not None else None


def retry(store: Store, project: ProjectRow, person: Person, now: datetime) -> str:
    """Let it be tried again at once. A sentence; `UserError` where none failed."""
    require(store, project, person, Action.WEBHOOKS)
    if failed(store, project) is None:
        raise UserError("No sync of this project has failed; there is nothing to try again.")
    store.wanted_syncs.ask(project.id, now)
    return "The newest commit is brought in as soon as the server gets to it."
