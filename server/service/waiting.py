"""Waiting for a task that somebody else holds, and hearing that it is free."""

from __future__ import annotations

from datetime import datetime

from blueprint.errors import UserError
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service.desk import Desk, TaskOutcome, sit_down
from server.store import Store
from server.work.permissions import Action
from server.work.tasks import What


def wait(store: Store, project: ProjectRow, person: Person, ref: str, *, now: datetime) -> TaskOutcome:
    """Be told when the task is free; those who wait are told in the order in which they came."""
    desk = sit_down(store, project, person, ref, now, Action.WAIT)
    if desk.task.is_free:
        raise UserError(f"{desk.name} is free: `claim {desk.task.label}` takes it.")
    if desk.holds:
        raise UserError(f"You hold {desk.name} yourself.")
    if _waits(desk):
        return desk.outcome(f"You wait for {desk.name} already.", changed=False)
    desk.write(What.QUEUED, f"asked to be told when {desk.name} is free")
    return desk.outcome(f"I will write to you when {desk.name} is free.")


def unwait(store: Store, project: ProjectRow, person: Person, ref: str, *, now: datetime) -> TaskOutcome:
    """Wait no longer."""
    desk = sit_down(store, project, person, ref, now, Action.WAIT)
    if not _waits(desk):
        return desk.outcome(f"You did not wait for {desk.name}.", changed=False)
    desk.write(What.UNQUEUED, f"stopped waiting for {desk.name}")
    return desk.outcome(f"You no longer wait for {desk.name}.")


def _waits(desk: Desk) -> bool:
    return any(ask.kind == What.QUEUED and ask.by_id == desk.person.id for ask in desk.task.requests)
