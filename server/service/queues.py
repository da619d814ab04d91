"""What waits for a project's maintainers: which queues there are, how long they are, and what is in them.

A queue is its members with the moments since when they wait; only those of a page are read in full.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from blueprint.identity import Same
from dashboards.maintaining import QueueView
from lean_project.findings import Findings
from lean_project.statement import prints
from lean_project.verdict import USABLE
from server.records.projects import ProjectRow
from server.service import hooks
from server.service.board import checked
from server.service.policy import policy_of
from server.store import Store
from server.store.ledger import About
from server.work.agreement import Step
from server.work.changes import ChangeKind
from server.work.standing import Status, fold


class Queue(StrEnum):
    """Each kind of thing that waits, the most pressing first."""

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
class Words:
    title: str
    meaning: str


WORDS: Mapping[Queue, Words] = {
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
        "Edges to mend", "Where what \\uses says is not what Lean uses, with the change that mends it."
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
    return tuple(view(queue, line(store, project, queue, now)) for queue in Queue)


def view(queue: Queue, waiting: Sequence[Waiting]) -> QueueView:
    words = WORDS[queue]
    oldest = min((one.since for one in waiting if one.since), default=None)
    return QueueView(queue, words.title, words.meaning, len(waiting), oldest)


def line(store: Store, project: ProjectRow, queue: Queue, now: datetime) -> tuple[Waiting, ...]:
    """Everything in a queue, in the order in which to look at it."""
    return _LINES[queue](store, project, now)


def _numbered(found: Sequence[tuple[int, datetime]]) -> tuple[Waiting, ...]:
    return tuple(Waiting(id, since) for id, since in found)


def _requests(store: Store, project: ProjectRow, now: datetime) -> tuple[Waiting, ...]:
    return _numbered(store.queues.requests(project.id, now))


def _stuck(store: Store, project: ProjectRow, now: datetime) -> tuple[Waiting, ...]:
    return _numbered(store.queues.stuck(project.id, _let_go(store, project, now)))


def _expiring(store: Store, project: ProjectRow, now: datetime) -> tuple[Waiting, ...]:
    policy = policy_of(store, project)
    if not policy.leases:
        return ()
    by = now + timedelta(days=policy.notice)
    return _numbered(store.queues.ending(project.id, _let_go(store, project, now), by))


def _let_go(store: Store, project: ProjectRow, now: datetime) -> datetime:
    """A lease that ended then or before is over, whether or not somebody has written that down."""
    policy = policy_of(store, project)
    return now - timedelta(days=policy.grace) if policy.leases else datetime.min.replace(tzinfo=UTC)


def _reviews(store: Store, project: ProjectRow, now: datetime) -> tuple[Waiting, ...]:
    return _numbered(store.queues.reviews(project.id))


def _renames(store: Store, project: ProjectRow, now: datetime) -> tuple[Waiting, ...]:
    return _numbered(store.queues.doubts(project.id))


def _letters(store: Store, project: ProjectRow, now: datetime) -> tuple[Waiting, ...]:
    return _numbered(store.queues.dead(places(store, project)))


def places(store: Store, project: ProjectRow) -> tuple[str, ...]:
    """The project's channels as messages are addressed to them: by number, and by name."""
    found = store.channels.of_project(project.id)
    return tuple(str(to) for one in found for to in (one.number, one.name) if to is not None)


def _deliveries(store: Store, project: ProjectRow, now: datetime) -> tuple[Waiting, ...]:
    return tuple(Waiting(one.id, one.dead) for one in reversed(hooks.dead(store, project)))


class _Memory:
    """What waited in each project, as long as what that follows from is the same."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, tuple[Waiting, ...]]] = {}

    def get(
        self, project: ProjectRow, of: object, read: Callable[[], tuple[Waiting, ...]]
    ) -> tuple[Waiting, ...]:
        known = self._known.get(project.id)
        if known is None or known[0] != of:
            known = self._known[project.id] = of, read()
        return known[1]


_CREDIT, _DRIFT = _Memory(), _Memory()


def _credit(store: Store, project: ProjectRow, now: datetime) -> tuple[Waiting, ...]:
    """Disputes first. What was sealed does not change, so only the newest seal is looked at."""
    return _CREDIT.get(project, store.ledger.head(project.id), lambda: _open_credit(store, project))


def _open_credit(store: Store, project: ProjectRow) -> tuple[Waiting, ...]:
    # Only what people said can be open: what the check says counts until somebody disputes it.
    found = fold(store.ledger.kept(project.id, About(told=True))).values()
    waits = [one for one in found if one.status in (Status.DISPUTED, Status.PROPOSED)]
    waits.sort(key=lambda one: (one.status is not Status.DISPUTED, one.kept.number))
    return tuple(Waiting(one.kept.number, one.kept.entry.at) for one in waits)


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
    """Only checks write down drift."""
    findings = checked(store, project)
    return _DRIFT.get(project, Same(findings), lambda: _drifting(store, project, findings))


def _drifting(store: Store, project: ProjectRow, findings: Findings) -> tuple[Waiting, ...]:
    found = [id for id, status in findings.statuses.items() if status.drift]
    since = store.queues.told(project.id, ChangeKind.DRIFT, found)
    return tuple(Waiting(id, since.get(id)) for id in found)


def _edges(store: Store, project: ProjectRow, now: datetime) -> tuple[Waiting, ...]:
    statuses = checked(store, project).statuses
    return tuple(Waiting(id) for id, one in statuses.items() if one.edges.missing or one.edges.superfluous)


def _problems(store: Store, project: ProjectRow, now: datetime) -> tuple[Waiting, ...]:
    """Errors before warnings; by their places among the graph's problems."""
    return tuple(Waiting(place) for place in problem_places(checked(store, project)))


def problem_places(findings: Findings) -> list[int]:
    ranks = {"error": 0, "warning": 1}
    problems = findings.graph.problems
    worth = [place for place, one in enumerate(problems) if one.severity in ranks]
    return sorted(worth, key=lambda place: ranks[problems[place].severity])


_LINES: Mapping[Queue, Callable[[Store, ProjectRow, datetime], tuple[Waiting, ...]]] = {
    Queue.STATEMENTS: _statements,
    Queue.RENAMES: _renames,
    Queue.CREDIT: _credit,
    Queue.REQUESTS: _requests,
    Queue.STUCK: _stuck,
    Queue.EXPIRING: _expiring,
    Queue.REVIEWS: _reviews,
    Queue.DRIFT: _drift,
    Queue.EDGES: _edges,
    Queue.PROBLEMS: _problems,
    Queue.LETTERS: _letters,
    Queue.DELIVERIES: _deliveries,
}
