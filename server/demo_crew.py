"""The demo's people: who they are to the project, and what they are at when somebody first looks."""

from __future__ import annotations

from datetime import datetime

from server.demo_history import ADA, CREW, MAYA, TOMAS
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import claims, people, suggestions
from server.store import Store
from server.work.permissions import Role


def move_in(store: Store, project: ProjectRow, now: datetime) -> Person:
    """Make the crew known, two of them at work, and Maya a maintainer; only the first time. Returns Maya."""
    crew = {contact: people.by_git(store, contact.name, contact.email, now) for contact in CREW}
    maya = crew[MAYA]
    if maya.role is Role.MAINTAINER:
        return maya
    for contact in (ADA, TOMAS):
        _take_something(store, project, crew[contact], now)
    return people.appoint(store, maya, Role.MAINTAINER)


def _take_something(store: Store, project: ProjectRow, person: Person, now: datetime) -> None:
    """Claim what the project would suggest last: the best is left for whoever tries the demo."""
    offers = suggestions.next_tasks(store, project, None, now=now, limit=1000)
    if len(offers) > 1:
        claims.claim(store, project, person, offers[-1].task.label, until=None, now=now)
