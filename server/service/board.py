"""The tasks of a project as they stand now: rows, leases and status put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from blueprint.errors import UserError
from blueprint.graph import Node
from dashboards.snapshot import ClaimView, RequestView, TaskView
from lean_project.findings import Findings
from lean_project.status import NodeStatus, Readiness
from server.records import ClaimRow, ProjectRow, RequestRow, TaskRow
from server.service.policy import policy_of
from server.store import Store
from server.work.efforts import size
from server.work.frontier import waiting
from server.work.identity import Same
from server.work.leases import Policy, Size, is_over
from server.work.transitions import DONE, WORKED, State, What

# Until a maintainer says otherwise.
INFORMAL_SIZE = Size.S


@dataclass(frozen=True, slots=True)
class Aside:
    """A claim on a task whose node left the blueprint, or may be another there: a maintainer is asked."""

    number: int
    name: str
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """`tasks` are those of the present blueprint, by number; `ids` are their rows' ids, in the same order.

    `aside` are the claims on tasks that are not among them.
    """

    findings: Findings
    tasks: tuple[TaskView, ...]
    ids: tuple[int, ...]
    policy: Policy
    aside: tuple[Aside, ...] = ()

    def of_node(self, node: str) -> tuple[TaskView, ...]:
        return tuple(task for task in self.tasks if task.node == node)

    def numbered(self, number: int) -> TaskView | None:
        return next((task for task in self.tasks if task.number == number), None)

    def id_of(self, task: TaskView) -> int:
        return self.ids[self.tasks.index(task)]

    def node(self, name: str) -> Node:
        return next(node for node in self.findings.graph.nodes if node.id == name)


def load(store: Store, project: ProjectRow, now: datetime) -> Board:
    """`UserError` when nothing of the project was ever checked."""
    findings = checked(store, project)
    rows = store.tasks.of_project(project.id)
    policy = policy_of(store, project)
    around = _Around.of(store, project, policy, now)
    views = _Views(findings, rows, around)
    shown = [(view, row.id) for row in rows if (view := views.of(row)) is not None]
    ids = tuple(row_id for _, row_id in shown)
    aside = _set_aside(rows, around.leases, ids)
    return Board(findings, tuple(view for view, _ in shown), ids, policy, aside)


def _set_aside(
    rows: Iterable[TaskRow], leases: Mapping[int, ClaimRow], shown: Iterable[int]
) -> tuple[Aside, ...]:
    hidden = leases.keys() - set(shown)
    return tuple(
        Aside(row.number, row.name, tuple(one.person_id for one in leases[row.id].crew))
        for row in rows
        if row.id in hidden
    )


def with_aside(store: Store, project: ProjectRow, board: Board, number: int, now: datetime) -> Board:
    """The board, and on it the task of that number, where that waits for what became of its node."""
    row = store.tasks.numbered(project.id, number)
    waits = row and row.state is not State.SUPERSEDED and row.node_id in store.matches.aside(project.id)
    if row is None or not waits:
        return board
    view = _Views(board.findings, (row,), _Around.of(store, project, board.policy, now)).aside(row)
    return replace(board, tasks=(*board.tasks, view), ids=(*board.ids, row.id))


def look_again(store: Store, project: ProjectRow, board: Board, task: TaskView, now: datetime) -> TaskView:
    """The task as it is now; `board` may be from before."""
    row = store.tasks.numbered(project.id, task.number)
    if row is None:
        return task
    views = _Views(board.findings, (row,), _Around.of(store, project, board.policy, now))
    return replace(views.of(row) or views.aside(row), parent=task.parent)


def checked(store: Store, project: ProjectRow) -> Findings:
    """What the newest check found. `UserError` when there was none."""
    findings = store.projects.newest_findings(project.id)
    if findings is None:
        raise UserError(f"Nothing of {project.slug} is checked yet; run `chantier sync {project.path}`.")
    return findings


@dataclass(frozen=True, slots=True)
class _Around:
    """What belongs to tasks, by their rows' ids."""

    leases: Mapping[int, ClaimRow]
    links: Mapping[int, list[str]]
    requests: Mapping[int, list[RequestView]]

    @classmethod
    def of(cls, store: Store, project: ProjectRow, policy: Policy, now: datetime) -> _Around:
        """A lease whose time is over is gone, whether or not somebody has written that down."""
        links, asked = defaultdict(list), defaultdict(list)
        for task_id, link in store.tasks.links(project.id):
            links[task_id].append(link)
        for ask in store.tasks.requests(project.id):
            asked[ask.task_id].append(_asked(ask))
        live = (lease for lease in store.tasks.claims(project.id) if not is_over(policy, lease.ends, now))
        return cls({lease.task_id: lease for lease in live}, links, asked)


def _asked(ask: RequestRow) -> RequestView:
    return RequestView(ask.kind, ask.by_id, ask.by_name, ask.to_id, ask.to_name, ask.at, ask.expires)


@lru_cache(maxsize=8)
def _derived(of: Same[Findings]) -> tuple[Mapping[str, Node], Mapping[str, int]]:
    """Nodes by their ids, and how much waits for each; every page and every claim asks for both."""
    nodes = {node.id: node for node in of.value.graph.nodes}
    return nodes, waiting(of.value.graph, of.value.statuses)


class _Views:
    def __init__(self, findings: Findings, rows: tuple[TaskRow, ...], around: _Around) -> None:
        self._statuses = findings.statuses
        self._nodes, self._waiting = _derived(Same(findings))
        self._numbers = {row.id: row.number for row in rows}
        self._around = around

    def of(self, row: TaskRow) -> TaskView | None:
        """None where the newest blueprint has no such node or no such work on it."""
        node, work = self._nodes.get(row.node), _work(self._statuses.get(row.node), row)
        if node is None or work is None or row.state is State.SUPERSEDED:
            return None
        estimate = size(node, row.formal) if row.formal else INFORMAL_SIZE
        view = self._of(row, node.caption, row.size or estimate, work[0])
        return replace(view, blocked_by=work[1], unblocks=self._waiting[node.id])

    def aside(self, row: TaskRow) -> TaskView:
        """A task whose node is not in the blueprint, or may be another there: nobody can work on it now."""
        return self._of(row, row.node, row.size or INFORMAL_SIZE, Readiness.BLOCKED)

    def _of(self, row: TaskRow, caption: str, size: Size, readiness: Readiness) -> TaskView:
        lease = self._around.leases.get(row.id)
        lapsed = row.state in WORKED and lease is None
        return TaskView(
            number=row.number,
            node=row.node,
            caption=caption,
            kind=row.kind,
            state=State.OPEN if lapsed else row.state,
            size=size,
            readiness=readiness,
            claims=_claims(row, lease),
            title=row.title,
            parent=self._numbers.get(row.parent_id) if row.parent_id else None,
            tags=row.tags,
            links=() if lapsed else tuple(self._around.links.get(row.id, ())),
            requests=tuple(
                ask for ask in self._around.requests.get(row.id, ()) if not lapsed or ask.kind == What.QUEUED
            ),
            stuck=lease.stuck if lease else None,
        )


def _claims(row: TaskRow, lease: ClaimRow | None) -> tuple[ClaimView, ...]:
    if lease is None:
        return ()
    paused = lease.paused if row.state is State.PAUSED else None
    return tuple(
        ClaimView(one.person_id, one.person_name, one.since, lease.ends, paused, lease.acknowledged)
        for one in lease.crew
    )


def _work(status: NodeStatus | None, row: TaskRow) -> tuple[Readiness, tuple[str, ...]] | None:
    """Whether the task can be worked on, and what stands before it; for informal work nothing does."""
    if status is None:
        return None
    if row.formal is None:
        return (Readiness.DONE if row.state in DONE else Readiness.READY), ()
    found = (work for work in status.work if work.kind is row.kind)
    return next(((work.readiness, work.blocked_by) for work in found), None)
