"""All by which other programs get into a project: the tokens of reporters, and the secrets of webhooks."""

from __future__ import annotations

from datetime import datetime

from blueprint.errors import UserError
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import hooks, reporting
from server.store import Store


def end_all(store: Store, project: ProjectRow, person: Person, now: datetime) -> str:
    """None of them is good for anything any more. A sentence; `UserError` where there is none."""
    names = [one.name for one in reporting.listing(store, project) if one.ended is None]
    forges = {hook.forge for hook in hooks.listed(store, project, now)}
    for name in names:
        reporting.dismiss(store, project, person, name, now)
    for forge in sorted(forges):
        hooks.end(store, project, forge, now, person)
    if not names and not forges:
        raise UserError("No program gets into this project; there is nothing to end.")
    return "All tokens and secrets of this project are ended; no program gets in with them."
