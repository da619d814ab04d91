"""The demo's people: who they are to the project, and what they are at when somebody first looks."""

from __future__ import annotations

from datetime import datetime

from lean_project.status import Readiness
from server.demo_history import ADA, CREW, MAYA, TOMAS
from server.records import Person, ProjectRow, Role
from server.service import claims, people, suggestions
from server.store import Store


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
    """Claim the task that the project itself would suggest; the first is left for whoever tries the demo."""
    offers = suggestions.next_tasks(store, project, person, now=now, limit=3)
    free = [offer.task for offer in offers if offer.task.readiness is Readiness.READY]
    if len(free) > 1:
        claims.claim(store, project, person, free[1].label, until=None, now=now)
