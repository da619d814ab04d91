"""The tasks of a project as they stand now: rows, leases and status put together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from blueprint.errors import UserError
from blueprint.graph import Node
from dashboards.snapshot import ClaimView, TaskView
from lean_project.findings import Findings
from lean_project.status import NodeStatus, Work
from server.records import ClaimRow, ProjectRow, TaskRow
from server.store import Store
from server.work.efforts import size
from server.work.frontier import waiting
from server.work.leases import is_over
from server.work.tasks import State


@dataclass(frozen=True, slots=True)
class Board:
    """`tasks` are those of the present blueprint, by number; `ids` are their rows' ids, in the same order."""

    findings: Findings
    tasks: tuple[TaskView, ...]
    ids: tuple[int, ...]

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
    rows = [row for row in store.tasks.of_project(project.id) if row.state is not State.SUPERSEDED]
    views = _Views(findings, _live(store, project, now))
    shown = [(view, row.id) for row in rows if (view := views.of(row)) is not None]
    return Board(findings, tuple(view for view, _ in shown), tuple(row_id for _, row_id in shown))


def checked(store: Store, project: ProjectRow) -> Findings:
    """What the newest check found. `UserError` when there was none."""
    findings = store.projects.newest_findings(project.id)
    if findings is None:
        raise UserError(f"Nothing of {project.slug} is checked yet; run `chantier sync {project.path}`.")
    return findings


def _live(store: Store, project: ProjectRow, now: datetime) -> dict[int, list[ClaimRow]]:
    """Leases by task; one whose time is over is gone, whether or not somebody has written that down."""
    live: dict[int, list[ClaimRow]] = defaultdict(list)
    for claim in store.tasks.claims(project.id):
        if not is_over(store.policy, claim.ends, now):
            live[claim.task_id].append(claim)
    return live


class _Views:
    def __init__(self, findings: Findings, claims: dict[int, list[ClaimRow]]) -> None:
        self._statuses = findings.statuses
        self._nodes = {node.id: node for node in findings.graph.nodes}
        self._waiting = waiting(findings.graph, findings.statuses)
        self._claims = claims

    def of(self, row: TaskRow) -> TaskView | None:
        """None where the newest blueprint has no such node or no such work on it."""
        node, work = self._nodes.get(row.node), _work(self._statuses.get(row.node), row)
        if node is None or work is None:
            return None
        claims = tuple(
            ClaimView(c.person_id, c.person_name, c.since, c.ends, c.paused, c.acknowledged)
            for c in self._claims.get(row.id, ())
        )
        view = TaskView(
            number=row.number,
            node=node.id,
            caption=node.caption,
            kind=row.kind,
            state=row.state,
            size=size(node, row.kind),
            readiness=work.readiness,
            blocked_by=work.blocked_by,
            claims=claims,
            unblocks=self._waiting[node.id],
        )
        lapsed = row.state is State.CLAIMED and not claims
        return replace(view, state=State.OPEN) if lapsed else view


def _work(status: NodeStatus | None, row: TaskRow) -> Work | None:
    return next((work for work in status.work if work.kind is row.kind), None) if status else None
