"""Telling somebody something: a notice on their page, and a message where they can be reached."""

from __future__ import annotations

from datetime import datetime

from server.records import ProjectRow
from server.store import Store


def tell(
    store: Store, project: ProjectRow, person_id: int, kind: str, text: str, now: datetime, node: str | None
) -> None:
    """`text` is plain: whoever sends it on escapes it."""
    notice = store.log.notify(project.id, person_id, kind, text, now, node)
    zulip_id = store.people.identity(person_id, "zulip")
    if zulip_id is not None:
        store.mail.post(f"notice:{notice}", "direct", zulip_id, text, now, plain=True)
