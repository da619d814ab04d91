"""What happened in a project in some time, and how it stands: all that a report tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo

from dashboards import periods
from dashboards.history import History, Span
from dashboards.report import Course, Figures, Question, Report, figures, gather
from dashboards.snapshot import Snapshot, TaskView
from server.records import ProjectRow
from server.service.board import checked
from server.service.goals import goals
from server.service.history import history
from server.store import Store
from server.work.changes import ChangeKind

# So many nodes that became verified, or came undone, are told by name.
MOST_NEWS = 100
_NEWS = (ChangeKind.VERIFIED, ChangeKind.REGRESSED)


def report(
    store: Store, project: ProjectRow, snapshot: Snapshot, ready: Sequence[TaskView], span: Span
) -> Report:
    """`ready` are the tasks to take, in the order in which they are suggested."""
    return gather(snapshot, span, ready, course(store, project, span))


def course(store: Store, project: ProjectRow, span: Span) -> Course:
    known = history(store, project)
    return Course(
        history=known,
        news=store.log.newest_between(project.id, span.since, span.until, _NEWS, MOST_NEWS),
        waiting=_waiting(store, known),
        questions=tuple(_questions(store, project)),
        goals=goals(checked(store, project)),
    )


def lately(store: Store, project: ProjectRow, days: int, now: datetime, zone: tzinfo = UTC) -> Figures:
    """The numbers of the last days alone."""
    span = periods.last(days, now, zone)
    return figures(history(store, project), span)


def begun(store: Store, project: ProjectRow) -> datetime | None:
    """When the first check was."""
    return history(store, project).begun


def _waiting(store: Store, known: History) -> dict[str, datetime]:
    """Since when work has been left to whoever wants it, by the labels of today."""
    labels = store.projects.labels(id for id, _ in known.free)
    return {labels[id]: since for id, since in known.free if id in labels}


def _questions(store: Store, project: ProjectRow) -> Iterable[Question]:
    doubts = {doubt.old.id: doubt.asked for doubt in store.matches.doubts(project.id)}
    yield Question("Nodes that may have another name now", len(doubts), min(doubts.values(), default=None))
    owed = store.tallies.owed(project.id)
    yield Question("Work that waits for a review", len(owed), min(owed, default=None))
