"""What waits for a project's maintainers: which queues there are, how long they are, and what is in them.

A queue is its members with the moments since when they wait; only those of a page are read in full.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from blueprint.identity import Same, remembered
from dashboards.maintaining import QueueView
from dashboards.snapshot import CreditView
from lean_project.findings import Findings
from lean_project.statement import prints
from lean_project.status import NodeStatus
from lean_project.verdict import USABLE
from server.records.projects import ProjectRow
from server.service.board import checked
from server.service.policy import policy_of
from server.service.present import present
from server.store import Store
from server.store.queues import Line
from server.work.agreement import Step
from server.work.changes import ChangeKind
from server.work.standing import Status

_NEVER = datetime.min.replace(tzinfo=UTC)


class Queue(StrEnum):
    """Each kind of thing that waits, the most pressing first."""

    SYNCS = "syncs"
    STATEMENTS = "statements"
    RENAMES = "renames"
    CREDIT = "credit"
    REQUESTS = "requests"
    STUCK = "stuck"
    EXPIRING = "expiring"
    REVIEWS = "reviews"
    DRIFT = "drift"
    EDGES = "edges"
    PROBLEMS = "problems"
    LETTERS = "letters"
    DELIVERIES = "deliveries"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A member of a queue: a number or a label, and since when it waits, where that is known."""

    key: int | str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Drift:
    """What is kept of a project: the drift that a check found, since when."""

    findings: Findings
    waiting: tuple[Waiting, ...]

    @property
    def weight(self) -> int:
        return len(self.waiting)


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    meaning: str


WORDS: Mapping[Queue, Words] = {
    Queue.SYNCS: Words(
        "Syncs that failed",
        "A forge told of new commits, and they could not be brought in: all that is shown is older.",
    ),
    Queue.STATEMENTS: Words(
        "Statements to agree on",
        "What Lean states, and nobody has agreed that it is what the blueprint means; first what has changed "
        "since somebody did.",
    ),
    Queue.RENAMES: Words(
        "Unsure renames", "Nodes that left, of which only a person can tell what became of them."
    ),
    Queue.CREDIT: Words(
        "Credit",
        "Entries that are disputed, or that wait to be confirmed by somebody.",
    ),
    Queue.REQUESTS: Words(
        "Offers and requests", "What people ask each other about tasks, and nobody has answered yet."
    ),
    Queue.STUCK: Words("Stuck", "Tasks whose holders tried, and wrote what stopped them."),
    Queue.EXPIRING: Words(
        "Claims that run out",
        "Claims that end soon, or have ended and are kept for their holders a little longer.",
    ),
    Queue.REVIEWS: Words(
        "Awaiting review", "Work that was proposed: its holders’ clocks stand still until somebody answers."
    ),
    Queue.DRIFT: Words("Drift", "Where what the blueprint claims is not what Lean found."),
    Queue.EDGES: Words(
        "Edges to mend", "Where what `\\uses` says is not what Lean uses, with the change that mends it."
    ),
    Queue.PROBLEMS: Words("Problems of the blueprint", "What the reader of the LaTeX complained of."),
    Queue.LETTERS: Words(
        "Messages not sent",
        "What the chat would not take, in this project’s channels: try again, or let go.",
    ),
    Queue.DELIVERIES: Words(
        "Webhooks not worked off", "What a forge told that nothing could be made of, and why not."
    ),
}


def overview(store: Store, project: ProjectRow, now: datetime) -> tuple[QueueView, ...]:
    """All queues with their lengths, in order."""
    return tuple(view(store, project, queue, now) for queue in Queue)


def view(store: Store, project: ProjectRow, queue: Queue, now: datetime) -> QueueView:
    """The queue with its length; what is a table of the books is only counted."""
    words = WORDS[queue]
    if queue in _LINES:
        length, oldest = _LINES[queue](store, project, now).length()
    else:
        found = _FOUND[queue](store, project, now)
        length, oldest = len(found), min((one.since for one in found if one.since), default=None)
    return QueueView(queue, words.title, words.meaning, length, oldest)


def line(store: Store, project: ProjectRow, queue: Queue, now: datetime) -> tuple[Waiting, ...]:
    """Everything in a queue, in the order in which to look at it."""
    if queue in _LINES:
        return tuple(Waiting(id, since) for id, since in _LINES[queue](store, project, now))
    return _FOUND[queue](store, project, now)


def _syncs(store: Store, project: ProjectRow, now: datetime) -> Line:
    return store.queues.syncs(project.id)


def _requests(store: Store, project: ProjectRow, now: datetime) -> Line:
    return store.queues.requests(project.id, now)


def _stuck(store: Store, project: ProjectRow, now: datetime) -> Line:
    return store.queues.stuck(project.id, _let_go(store, project, now))


def _expiring(store: Store, project: ProjectRow, now: datetime) -> Line:
    policy = policy_of(store, project)
    by = now + timedelta(days=policy.notice) if policy.leases else _NEVER  # then no lease ends
    return store.queues.ending(project.id, _let_go(store, project, now), by)


def _let_go(store: Store, project: ProjectRow, now: datetime) -> datetime:
    """A lease that ended then or before is over, whether or not somebody has written that down."""
    policy = policy_of(store, project)
    return now - timedelta(days=policy.grace) if policy.leases else _NEVER


def _reviews(store: Store, project: ProjectRow, now: datetime) -> Line:
    return store.queues.reviews(project.id)


def _renames(store: Store, project: ProjectRow, now: datetime) -> Line:
    return store.queues.doubts(project.id)


def _letters(store: Store, project: ProjectRow, now: datetime) -> Line:
    return store.queues.dead(places(store, project))


def places(store: Store, project: ProjectRow) -> tuple[str, ...]:
    """The project's channels as messages are addressed to them: by number, and by name."""
    found = store.channels.of_project(project.id)
    return tuple(str(to) for one in found for to in (one.number, one.name) if to is not None)


def _deliveries(store: Store, project: ProjectRow, now: datetime) -> Line:
    return store.queues.deliveries(project.id)


def _credit(store: Store, project: ProjectRow, now: datetime) -> tuple[Waiting, ...]:
    return _open(present(store, project, now).snapshot.contributions)


@remembered(16)
def _open(contributions: Sequence[CreditView]) -> tuple[Waiting, ...]:
    """Those that somebody is to answer, the disputed ones first."""
    waits = [one for one in contributions if one.status in (Status.DISPUTED, Status.PROPOSED)]
    waits.sort(key=lambda one: (one.status != Status.DISPUTED, one.id))
    return tuple(Waiting(one.id, one.at) for one in waits)


def _statements(store: Store, project: ProjectRow, now: datetime) -> tuple[Waiting, ...]:
    """First those that moved since somebody agreed."""
    steps, findings = store.queues.steps(project.id), checked(store, project)
    seen = ((id, *steps[id]) for id in findings.statuses if id in steps)
    moved = [Waiting(id, at) for id, step, at in seen if step is Step.MOVED]
    agreed = {id for id, (step, _) in steps.items() if step is not Step.WITHDRAWN}
    new = (Waiting(id) for id in _whole(Same(findings)) if id not in agreed)
    return (*sorted(moved, key=lambda one: one.since or now), *new)


@lru_cache(maxsize=16)
def _whole(of: Same[Findings]) -> tuple[str, ...]:
    """The nodes of which Lean has a complete statement, to which somebody could agree."""
    findings, known = of.value, of.value.facts.by_name()
    return tuple(
        node.id
        for node in findings.graph.nodes
        if findings.statuses[node.id].statement.formal in USABLE
        and all(one.fingerprint is not None for one in prints(node, known))
    )


def _drift(store: Store, project: ProjectRow, now: datetime) -> tuple[Waiting, ...]:
    """Only checks write down drift, so it is looked up once for each."""
    findings, key = checked(store, project), ("drift", project.id)
    known = store.kept.peek(key)
    if not isinstance(known, _Drift) or known.findings is not findings:
        known = _Drift(findings, _drifting(store, project, findings))
        store.kept.put(key, known)
    return known.waiting


def _drifting(store: Store, project: ProjectRow, findings: Findings) -> tuple[Waiting, ...]:
    found = [id for id, status in findings.statuses.items() if status.drift]
    since = store.queues.told(project.id, ChangeKind.DRIFT, found)
    return tuple(Waiting(id, since.get(id)) for id in found)


def _edges(store: Store, project: ProjectRow, now: datetime) -> tuple[Waiting, ...]:
    return _differing(checked(store, project).statuses)


@remembered(16)
def _differing(statuses: Mapping[str, NodeStatus]) -> tuple[Waiting, ...]:
    """The nodes of which the blueprint declares other edges than Lean has."""
    return tuple(Waiting(id) for id, one in statuses.items() if one.edges.missing or one.edges.superfluous)


def _problems(store: Store, project: ProjectRow, now: datetime) -> tuple[Waiting, ...]:
    """Errors before warnings; by their places among the graph's problems."""
    return tuple(Waiting(place) for place in problem_places(checked(store, project)))


def problem_places(findings: Findings) -> list[int]:
    ranks = {"error": 0, "warning": 1}
    problems = findings.graph.problems
    worth = [place for place, one in enumerate(problems) if one.severity in ranks]
    return sorted(worth, key=lambda place: ranks[problems[place].severity])


# What waits in rows of the books, and what follows from the newest check or from the ledger.
_LINES: Mapping[Queue, Callable[[Store, ProjectRow, datetime], Line]] = {
    Queue.SYNCS: _syncs,
    Queue.RENAMES: _renames,
    Queue.REQUESTS: _requests,
    Queue.STUCK: _stuck,
    Queue.EXPIRING: _expiring,
    Queue.REVIEWS: _reviews,
    Queue.LETTERS: _letters,
    Queue.DELIVERIES: _deliveries,
}
_FOUND: Mapping[Queue, Callable[[Store, ProjectRow, datetime], tuple[Waiting, ...]]] = {
    Queue.STATEMENTS: _statements,
    Queue.CREDIT: _credit,
    Queue.DRIFT: _drift,
    Queue.EDGES: _edges,
    Queue.PROBLEMS: _problems,
}
