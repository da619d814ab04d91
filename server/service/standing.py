"""Whether finished work is verified: that is a matter of the whole node, and of all that it rests on."""

from __future__ import annotations

from datetime import datetime

from lean_project.findings import Findings
from server.records.projects import ProjectRow
from server.store import Store
from server.work.tasks import TaskEvent, What
from server.work.transitions import State


def settle_verified(store: Store, project: ProjectRow, findings: Findings, now: datetime) -> None:
    """Finished work is verified exactly while its node is; that follows, and nobody need be told."""
    found = findings.statuses
    events = []
    for task in store.tasks.of_project(project.id):
        verified = task.formal and task.node in found and found[task.node].verified
        if task.state is State.LANDED and verified:
            events.append((task.id, TaskEvent(What.VERIFIED, now)))
        elif task.state is State.VERIFIED and not verified:
            events.append((task.id, TaskEvent(What.UNSETTLED, now)))
    store.tasks.append_all(events)
