"""What happened in a project in some time, and how it stands: all that a report tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from dashboards import periods
from dashboards.guidelines import Guidelines, guidelines
from dashboards.history import History, Span
from dashboards.overview import Overview
from dashboards.overview import overview as made_of
from dashboards.report import Course, Question, Report, gather
from dashboards.snapshot import Snapshot, TaskView
from server.records.projects import ProjectRow
from server.service import queues
from server.service.board import checked
from server.service.goals import goals
from server.service.history import history
from server.service.queues import Queue
from server.store import Store
from server.work.changes import ChangeKind

# So many nodes that became verified, or came undone, are told by name.
MOST_NEWS = 100
# What came undone in a week, on the front page.
UNDONE = 5
# What of the queues is asked of people; the rest is for maintainers to find out.
_ASKED = (Queue.RENAMES, Queue.CREDIT, Queue.REQUESTS, Queue.STUCK, Queue.REVIEWS)
_NEWS = (ChangeKind.VERIFIED, ChangeKind.REGRESSED)


def report(
    store: Store, project: ProjectRow, snapshot: Snapshot, ready: Sequence[TaskView], span: Span
) -> Report:
    """`ready` are the tasks to take, in the order in which they are suggested."""
    return gather(snapshot, span, ready, course(store, project, span, snapshot.made_at))


def course(store: Store, project: ProjectRow, span: Span, now: datetime) -> Course:
    known = history(store, project)
    return Course(
        history=known,
        news=store.log.newest_between(project.id, span.since, span.until, _NEWS, MOST_NEWS),
        waiting=_waiting(store, known),
        questions=tuple(_questions(store, project, now)),
        goals=goals(checked(store, project)),
    )


def overview(
    store: Store, project: ProjectRow, snapshot: Snapshot, viewer: int | None, zone: tzinfo
) -> Overview:
    """What the front page shows besides the snapshot; `viewer` is the number of who looks, in that zone."""
    known, now = history(store, project), snapshot.made_at
    week = periods.last(7, now, zone)
    return made_of(
        store.introductions.of(project.id).about,
        told(store, project, snapshot),
        goals(checked(store, project)),
        known,
        store.log.newest_between(project.id, week.since, week.until, [ChangeKind.REGRESSED], UNDONE),
        week=week,
        whole=periods.named(periods.ALL, known.begun, now, zone),
        newcomer=all(person.id != viewer for person in snapshot.people),
    )


def told(store: Store, project: ProjectRow, snapshot: Snapshot) -> Guidelines | None:
    """The project's own guidelines."""
    said = store.introductions.of(project.id)
    return guidelines(said, snapshot.repository_url, snapshot.commit.sha)


def begun(store: Store, project: ProjectRow) -> datetime | None:
    """When the first check was."""
    return history(store, project).begun


def _waiting(store: Store, known: History) -> dict[str, datetime]:
    """Since when work has been left to whoever wants it, by the labels of today."""
    labels = store.projects.labels(id for id, _ in known.free)
    return {labels[id]: since for id, since in known.free if id in labels}


def _questions(store: Store, project: ProjectRow, now: datetime) -> Iterator[Question]:
    """What somebody waits for a maintainer's answer to."""
    for queue in _ASKED:
        found = queues.view(store, project, queue, now)
        if found.count:
            yield Question(found.title, found.count, found.oldest)
