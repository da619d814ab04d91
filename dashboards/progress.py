"""What a snapshot amounts to: counts by status, by chapter, and who has a part in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from blueprint.graph import Graph, Node
from blueprint.identity import remembered
from dashboards.legend import LEGEND, Entry
from dashboards.snapshot import ClaimView, PersonView, Snapshot, TaskView
from dashboards.texts import _, ngettext
from dashboards.wording import percent
from lean_project.status import Drift, Formal, NodeStatus, Readiness
from lean_project.verdict import DONE

NO_CHAPTER = "Unnumbered"
# What the work on a node counts beside that on others, by its size: as the usual length of a claim does.
WEIGHTS: Mapping[str, int] = {"S": 1, "M": 2, "L": 4}


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a progress bar: `start` and `width` in percent of the whole."""

    entry: Entry
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Tally:
    """How many nodes there are of each status."""

    counts: dict[Formal, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def verified(self) -> int:
        return sum(self.counts.get(status, 0) for status in DONE)

    @property
    def words(self) -> str:
        """`37 of 45 nodes verified, 1 of them in the library`"""
        done = ngettext(
            "%(verified)s of %(num)s node verified",
            "%(verified)s of %(num)s nodes verified",
            self.total,
            verified=self.verified,
        )
        return done + self.of_them

    @property
    def of_them(self) -> str:
        """`, 1 of them in the library`, where any is: the library's count as verified wherever we count."""
        upstream = self.counts.get(Formal.IN_LIBRARY, 0)
        return _(", %(count)s of them in the library", count=upstream) if upstream else ""

    @property
    def share(self) -> int:
        return percent(self.verified, self.total)

    @property
    def segments(self) -> tuple[Segment, ...]:
        """In the legend's order, best first, the empty ones left out."""
        out: list[Segment] = []
        start = 0.0
        for entry in LEGEND:
            if number := self.counts.get(entry.status, 0):
                width = 100 * number / self.total
                out.append(Segment(entry, number, round(start, 3), round(width, 3)))
                start += width
        return tuple(out)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the blueprint with its nodes in document order."""

    title: str
    nodes: tuple[Node, ...]
    tally: Tally


@dataclass(frozen=True, slots=True)
class Goal:
    """A node that the project is for; `tally` is of it and of all that it rests on.

    `share` is how many percent of the work on these is verified, by its size.
    """

    node: Node
    tally: Tally
    share: int


def tally(snapshot: Snapshot, nodes: Iterable[Node] | None = None) -> Tally:
    if nodes is None:
        return _whole(snapshot.graph, snapshot.statuses)
    return tally_of(snapshot.statuses[node.id] for node in nodes)


@remembered(8)
def _whole(graph: Graph, statuses: Mapping[str, NodeStatus]) -> Tally:
    return tally_of(statuses[node.id] for node in graph.nodes)


def tally_of(statuses: Iterable[NodeStatus]) -> Tally:
    return Tally(dict(Counter(status.formal for status in statuses)))


def chapter_of(node: Node) -> str:
    return node.sections[0] if node.sections else NO_CHAPTER


def chapters(snapshot: Snapshot) -> tuple[Chapter, ...]:
    return _chapters(snapshot.graph, snapshot.statuses)


@remembered(8)
def _chapters(graph: Graph, statuses: Mapping[str, NodeStatus]) -> tuple[Chapter, ...]:
    grouped: dict[str, list[Node]] = {}
    for node in graph.nodes:
        grouped.setdefault(chapter_of(node), []).append(node)
    return tuple(
        Chapter(title, tuple(nodes), tally_of(statuses[node.id] for node in nodes))
        for title, nodes in grouped.items()
    )


def free_tasks(snapshot: Snapshot) -> tuple[TaskView, ...]:
    """Tasks that anybody could take now, those that unblock most first."""
    return _free(snapshot.tasks)


@remembered(8)
def _free(tasks: tuple[TaskView, ...]) -> tuple[TaskView, ...]:
    free = [task for task in tasks if task.is_free]
    return tuple(sorted(free, key=lambda task: (-task.unblocks, task.number)))


def held(snapshot: Snapshot) -> tuple[tuple[TaskView, ClaimView], ...]:
    """Every live claim with its task, the one that ends first in front."""
    return _claimed(snapshot.tasks)


@remembered(8)
def _claimed(tasks: tuple[TaskView, ...]) -> tuple[tuple[TaskView, ClaimView], ...]:
    pairs = [(task, claim) for task in tasks for claim in task.claims]
    return tuple(
        sorted(pairs, key=lambda pair: pair[1].expires or datetime.max.replace(tzinfo=pair[1].since.tzinfo))
    )


def in_hand(snapshot: Snapshot) -> tuple[TaskView, ...]:
    """The tasks with a live claim, each once however many share it, in the order of `held`."""
    return tuple({task.number: task for task, _ in held(snapshot)}.values())


def asked(snapshot: Snapshot) -> tuple[TaskView, ...]:
    """The tasks about which somebody waits for an answer, by number."""
    return _requested(snapshot.tasks)


@remembered(8)
def _requested(tasks: tuple[TaskView, ...]) -> tuple[TaskView, ...]:
    return tuple(task for task in tasks if task.requests)


def on_hold(snapshot: Snapshot) -> tuple[TaskView, ...]:
    """The tasks that a maintainer wants nobody to begin with, by number; those in hand are there."""
    return _on_hold(snapshot.tasks)


@remembered(8)
def _on_hold(tasks: tuple[TaskView, ...]) -> tuple[TaskView, ...]:
    return tuple(task for task in tasks if task.state == "held" and not task.claims)


def blocked(snapshot: Snapshot) -> tuple[TaskView, ...]:
    """The tasks that wait for other nodes, but for those on hold, which wait for a maintainer first."""
    return _blocked(snapshot.tasks)


@remembered(8)
def _blocked(tasks: tuple[TaskView, ...]) -> tuple[TaskView, ...]:
    return tuple(task for task in tasks if task.readiness is Readiness.BLOCKED and task.state != "held")


def drift(snapshot: Snapshot) -> tuple[Drift, ...]:
    """Where the blueprint's claims and Lean differ, in document order."""
    return _drift(snapshot.statuses)


@remembered(8)
def _drift(statuses: Mapping[str, NodeStatus]) -> tuple[Drift, ...]:
    return tuple(one for status in statuses.values() for one in status.drift)


def active_people(
    snapshot: Snapshot, now: datetime, within: timedelta = timedelta(days=30)
) -> tuple[PersonView, ...]:
    """Who holds a claim or was part of an event lately, the most recent first, then by name."""
    last = {event.person_id: event.at for event in reversed(snapshot.events) if event.person_id is not None}
    busy = {claim.person_id for _, claim in held(snapshot)}
    active = [
        person
        for person in snapshot.people
        if person.id in busy or (person.id in last and now - last[person.id] <= within)
    ]
    return tuple(sorted(active, key=lambda person: (person.id not in busy, person.name.casefold())))
