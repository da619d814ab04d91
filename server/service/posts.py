"""What a project's own topic is told: one message a day on what was verified, and milestones, each once.

A day is one of UTC: a project has people, and no clock of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from blueprint.graph import Graph
from dashboards.progress import NO_CHAPTER, Tally, chapter_of, tally_of
from lean_project.findings import Findings
from server.records.mail import Post, PostKind
from server.records.projects import ProjectRow
from server.service import channels
from server.service.channels import Home
from server.service.crediting import credited
from server.store import Store
from server.work.changes import ChangeKind, NodeChange
from server.work.frontier import goals

SHARES = (25, 50, 75, 100)  # percent of the nodes
_PROGRESS = (ChangeKind.VERIFIED, ChangeKind.REGRESSED)
_REACHED = (PostKind.SHARE, PostKind.GOAL, PostKind.CHAPTER)
_LONGEST = 200

Milestone = tuple[PostKind, str]


@dataclass(frozen=True, slots=True)
class Landed:
    """A node that was verified that day, and those who are credited with it; or (`lost`) is no longer."""

    node: str
    caption: str
    people: tuple[str, ...]
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """The progress of a day (`2026-03-02`), and where the project stands."""

    date: str
    landed: tuple[Landed, ...]
    tally: Tally


@dataclass(frozen=True, slots=True)
class Reached:
    """A milestone: what it is, and its name as it reads now."""

    kind: PostKind
    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Saying:
    """Something for the project's topic, under a key of its own; what has the same key is one message."""

    key: str
    home: Home
    what: Day | Reached


def look_back(
    store: Store, project: ProjectRow, changes: Collection[NodeChange], findings: Findings, now: datetime
) -> None:
    """After `changes` led to these findings: note what the project's topic is to be told.

    What was reached before them, as with a project that is new here, is no news. The caller holds the
    project's lock.
    """
    verified = {name for name, status in findings.statuses.items() if status.verified}
    gained = {change.node for change in changes if change.kind is ChangeKind.VERIFIED}
    lost = {change.node for change in changes if change.kind is ChangeKind.REGRESSED}
    known = store.posts.known(project.id, _REACHED)
    stood = _reached(findings.graph, verified - gained | lost)
    for kind, name in sorted(stood - known):
        store.posts.add(project.id, kind, name, now, None)
    _note(store, project, _reached(findings.graph, verified) - stood - known, now)
    if gained or lost:
        store.posts.again(project.id, PostKind.DAY, _day(now), now)
        changed = {change.node for change in changes}
        for person_id in store.ledger.newcomers(project.id, changed, now) - store.people.unnamed():
            store.posts.add(project.id, PostKind.NEWCOMER, str(person_id), now, now)


def due(store: Store, now: datetime) -> Iterator[Saying]:
    """What is to be said now; it is not due any more then. The caller sends in the same transaction."""
    store.posts.lock()
    projects = {project.id: project for project in store.projects.every()}
    for post in store.posts.due(now):
        store.posts.said(post.id)
        project = projects[post.project_id]
        home, findings = channels.home(store, project), store.projects.newest_findings(project.id)
        what = _what(store, project, post, findings) if home and findings else None
        if home and what:
            yield Saying(f"progress:{project.id}:{post.kind}:{post.name}", home, what)


def _note(store: Store, project: ProjectRow, new: Collection[Milestone], now: datetime) -> None:
    """Of several shares reached at once, the highest is told."""
    highest = max((int(name) for kind, name in new if kind is PostKind.SHARE), default=0)
    for kind, name in sorted(new):
        passed = kind is PostKind.SHARE and int(name) < highest
        store.posts.add(project.id, kind, name, now, None if passed else now)


def _reached(graph: Graph, verified: Collection[str]) -> frozenset[Milestone]:
    """The milestones of a project of which these nodes are verified."""
    total, done = len(graph.nodes), sum(node.id in verified for node in graph.nodes)
    shares = {(PostKind.SHARE, str(share)) for share in SHARES if total and 100 * done >= share * total}
    goal = {(PostKind.GOAL, _name(name)) for name in goals(graph) if name in verified}
    left = {chapter_of(node) for node in graph.nodes if node.id not in verified}
    chapters = {chapter_of(node) for node in graph.nodes} - left - {NO_CHAPTER}
    return frozenset(shares | goal | {(PostKind.CHAPTER, _name(title)) for title in chapters})


def _what(store: Store, project: ProjectRow, post: Post, findings: Findings) -> Day | Reached | None:
    tally = tally_of(findings.statuses.values())
    if post.kind is PostKind.DAY:
        landed = _landed(store, project, post.name, findings.graph)
        return Day(post.name, landed, tally) if landed else None
    name = _present_name(store, post, findings.graph)
    return Reached(post.kind, name, tally) if name else None


def _present_name(store: Store, post: Post, graph: Graph) -> str | None:
    """What it is called now: a share, a node, a chapter, a person; None where it is no more."""
    match post.kind:
        case PostKind.GOAL:
            return next((node.caption for node in graph.nodes if _name(node.id) == post.name), None)
        case PostKind.CHAPTER:
            return next(
                (title for node in graph.nodes if _name(title := chapter_of(node)) == post.name), None
            )
        case PostKind.NEWCOMER:
            person = store.people.get(int(post.name))
            return person.name if person and person.id not in store.people.unnamed() else None
        case _:
            return post.name


def _landed(store: Store, project: ProjectRow, date: str, graph: Graph) -> tuple[Landed, ...]:
    """What that day did to nodes, the last of it for each, in the order in which it happened."""
    begins = datetime.combine(datetime.fromisoformat(date), time(), UTC)
    events = store.log.between(project.id, begins, begins + timedelta(1), _PROGRESS)
    last = {event.node: event.kind for event in events if event.node is not None}
    captions = {node.id: node.caption for node in graph.nodes}
    authors = credited(store, project, [label for label in last if label in captions])
    return tuple(
        Landed(
            label,
            captions[label],
            tuple(person.name for person in people),
            lost=last[label] == ChangeKind.REGRESSED,
        )
        for label, people in authors.items()
    )


def _day(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()


def _name(text: str) -> str:
    """A label or a title, or what stands for it where it is too long to be kept."""
    return text if len(text) <= _LONGEST else hashlib.sha256(text.encode()).hexdigest()
