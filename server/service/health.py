"""How a project and its server are: its last check, what waits to be sent, how much room is left."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from dashboards.maintaining import CheckView, HealthView, QueueView, SyncItem
from server import remembering
from server.records.projects import ProjectRow
from server.service.board import checked
from server.service.queue_items import sync
from server.store import Store

LATE = timedelta(minutes=10)
SILENT = timedelta(minutes=10)
LITTLE = 1 << 30  # bytes


def health(
    store: Store, project: ProjectRow, folder: Path, queues: Sequence[QueueView], now: datetime
) -> HealthView:
    """`folder` is where the server keeps its data, `queues` what waits for the maintainers."""
    backlog, heard = store.queues.backlog(now - LATE), remembering.heard(store)
    free = shutil.disk_usage(folder if folder.exists() else Path("/")).free
    failed = sync(store, project)
    old = [queue for queue in queues if queue.oldest and queue.oldest < now]
    return HealthView(
        check=_check(store, project),
        waiting=backlog.waiting,
        late=backlog.late,
        failed=backlog.failed,
        database=store.books.size(),
        free=free,
        version=_version(),
        heard=heard,
        sync=failed,
        deliveries=store.deliveries.waiting(project.id),
        oldest=min(old, key=lambda queue: queue.oldest or now, default=None),
        wrong=tuple(_wrong(failed, backlog.late, free, heard, now)),
    )


def _check(store: Store, project: ProjectRow) -> CheckView | None:
    commit, last = store.projects.newest_commit(project.id), store.projects.last_check(project.id)
    if commit is None or last is None:
        return None
    findings = checked(store, project)
    statuses = findings.statuses.values()
    return CheckView(
        commit.sha,
        last[0],
        commit.summary,
        findings.facts.toolchain,
        len(statuses),
        sum(status.verified for status in statuses),
        findings.facts.failed_modules,
        last[1],
    )


def _wrong(failed: SyncItem | None, late: int, free: int, heard: datetime | None, now: datetime) -> list[str]:
    """What somebody should look at now, in sentences."""
    minutes = LATE // timedelta(minutes=1)
    return [
        words
        for bad, words in (
            (failed is not None, f"New commits cannot be brought in: {failed.why if failed else ''}"),
            (late > 0, f"Notices have waited for more than {minutes} minutes; `chantier serve` sends them."),
            (heard is not None and now - heard > SILENT, "The bot does not listen; start `chantier bot`."),
            (free < LITTLE, "There is less than 1 GB of room on the disk."),
        )
        if bad
    ]


def _version() -> str:
    try:
        return version("chantier")
    except PackageNotFoundError:  # run from its sources
        return "from its sources"


def answer(store: Store) -> None:
    """Whether the database answers at all; it raises where it does not."""
    store.books.answer()
