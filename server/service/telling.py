"""Telling people something: a notice on their page, and a message where they can be reached."""

from __future__ import annotations

from datetime import datetime

from server.records import ProjectRow
from server.store import Store
from server.work.transitions import FREE


def tell(
    store: Store, project: ProjectRow, person_id: int, kind: str, text: str, now: datetime, node: str | None
) -> None:
    """`text` is plain, and whoever sends it on escapes it; in it stand people's `mention`s."""
    notice = store.log.notify(project.id, person_id, kind, text, now, node)
    zulip_id = store.people.identity(person_id, "zulip")
    if zulip_id is not None:
        store.mail.post(f"notice:{notice}", "direct", zulip_id, store.log.read_out(text), now, plain=True)


def tell_free(store: Store, project: ProjectRow, task_id: int, name: str, node: str, now: datetime) -> None:
    """If the task can be taken, let everybody know who waits for it, first come first."""
    task = store.tasks.task(task_id)
    for ask in task.waiting if task.state in FREE else ():
        words = f"{name} is free again; whoever claims it first has it."
        tell(store, project, ask.by, ask.kind, words, now, node)
