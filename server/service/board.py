"""The tasks of a project as they stand now: rows, leases and status put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from blueprint.errors import UserError
from blueprint.graph import Node, nodes_by_id
from blueprint.identity import remembered
from dashboards.snapshot import ClaimView, RequestView, TaskView
from lean_project.findings import Findings
from lean_project.status import NodeStatus, Readiness
from server.records.projects import ProjectRow
from server.records.tasks import ClaimRow, Member, RequestRow, TaskRow
from server.service.policy import policy_of
from server.store import Store
from server.work.efforts import size
from server.work.frontier import waiting
from server.work.leases import Policy, Size, is_over
from server.work.suggestions import nearest
from server.work.transitions import DONE, FREE, WORKED, State, What

# Until a maintainer says otherwise.
INFORMAL_SIZE = Size.S
# So many nodes on either side are looked at, step by step, where something free near a node is wanted.
_NEAR = (16, 128, 1024)


@dataclass(frozen=True, slots=True)
class Held:
    """What one person holds: tasks of the present blueprint, and the names of tasks whose nodes left it, or
    may be others there; about these a maintainer is asked."""

    tasks: tuple[TaskView, ...]
    aside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The tasks of the present blueprint; each question reads the rows that it concerns, as they are then.

    `now` decides which leases are over.
    """

    store: Store
    project: ProjectRow
    findings: Findings
    policy: Policy
    now: datetime

    @property
    def tasks(self) -> tuple[TaskView, ...]:
        """All of them, by number; that takes the longer the more there are."""
        return self._many(self.store.tasks.of_project(self.project.id))

    @property
    def undone(self) -> tuple[TaskView, ...]:
        """Those of them that are not finished, by number."""
        return self._many(self.store.tasks.undone(self.project.id))

    def numbered(self, number: int) -> TaskView | None:
        row = self.store.tasks.numbered(self.project.id, number)
        return next(iter(self._views((row,))), None) if row else None

    def set_aside(self, number: int) -> TaskView | None:
        """The task of that number, where it waits for what became of its node."""
        row = self.store.tasks.numbered(self.project.id, number)
        if row is None or row.state is State.SUPERSEDED or not self.store.matches.is_aside(row.id):
            return None
        return Views(self.findings, {}, self._around((row,))).aside(row)

    def by_id(self, ids: Collection[int]) -> dict[int, TaskView]:
        """Tasks by the ids of their rows, also those that the present blueprint has no node for."""
        rows = self.store.tasks.by_ids(ids)
        found = tuple(rows.values())
        views = Views(self.findings, self._parents(found), self._around(found))
        return {row.id: views.of(row) or views.aside(row) for row in found}

    def of_node(self, node: str) -> tuple[TaskView, ...]:
        """By number."""
        return self._views(self.store.tasks.of_nodes(self.project.id, (node,)))

    def pieces(self, number: int) -> tuple[TaskView, ...]:
        """What the task of that number was split into."""
        whole = self.store.tasks.numbered(self.project.id, number)
        return self._views(self.store.tasks.pieces(whole.id)) if whole else ()

    def concerning(self, person_id: int) -> tuple[TaskView, ...]:
        """What the person holds, or may answer something about."""
        return self._views(self.store.tasks.concerning(self.project.id, person_id))

    def held_by(self, person_id: int) -> Held:
        rows = self.store.tasks.concerning(self.project.id, person_id)
        around = self._around(rows)
        held = tuple(row for row in rows if any(one.person_id == person_id for one in around.crew(row)))
        shown = self._shown(held, around, self._parents(held))
        numbers = {view.number for view in shown}
        return Held(shown, tuple(row.name for row in held if row.number not in numbers))

    def is_aside(self, row: TaskRow) -> bool:
        """Whether somebody holds the task, and it is not among the `tasks`."""
        return not self._views((row,)) and bool(self._around((row,)).crew(row))

    def near(self, node: str, count: int) -> tuple[TaskView, ...]:
        """Free tasks, those closest to the node in the document first; `now` has been written down."""
        graph, names = self.findings.graph, tuple(nodes_by_id(self.findings.graph))
        place = names.index(node)
        for reach in _NEAR:
            around = names[max(0, place - reach) : place + reach + 1]
            free = self.store.tasks.of_nodes(self.project.id, around, FREE)
            found = nearest(self._views(free), graph, node)
            if len(found) >= count or reach >= len(names):
                return found[:count]
        return nearest(self.undone, graph, node)[:count]

    def node(self, name: str) -> Node:
        return nodes_by_id(self.findings.graph)[name]

    def _many(self, rows: tuple[TaskRow, ...]) -> tuple[TaskView, ...]:
        around = Around.of_project(self.store, self.project, self.policy, self.now)
        known = {row.id: row.number for row in rows}
        away = {row.parent_id for row in rows if row.parent_id} - known.keys()
        return self._shown(rows, around, {**known, **self.store.tasks.numbers(away)})

    def _views(self, rows: tuple[TaskRow, ...]) -> tuple[TaskView, ...]:
        return self._shown(rows, self._around(rows), self._parents(rows))

    def _parents(self, rows: tuple[TaskRow, ...]) -> dict[int, int]:
        return self.store.tasks.numbers({row.parent_id for row in rows if row.parent_id})

    def _around(self, rows: tuple[TaskRow, ...]) -> Around:
        return Around.of_tasks(self.store, [row.id for row in rows], self.policy, self.now)

    def _shown(
        self, rows: tuple[TaskRow, ...], around: Around, numbers: Mapping[int, int]
    ) -> tuple[TaskView, ...]:
        views = Views(self.findings, numbers, around)
        return tuple(view for row in rows if (view := views.of(row)) is not None)


def load(store: Store, project: ProjectRow, now: datetime) -> Board:
    """`UserError` when nothing of the project was ever checked."""
    return Board(store, project, checked(store, project), policy_of(store, project), now)


def checked(store: Store, project: ProjectRow) -> Findings:
    """What the newest check found. `UserError` when there was none."""
    findings = store.projects.newest_findings(project.id)
    if findings is None:
        raise UserError(f"Nothing of {project.slug} is checked yet; run `chantier sync {project.path}`.")
    return findings


@dataclass(frozen=True, slots=True)
class Around:
    """What belongs to tasks, by their rows' ids. `leases` are those of `every` that are not over."""

    leases: Mapping[int, ClaimRow]
    every: Mapping[int, ClaimRow]
    links: Mapping[int, list[str]]
    requests: Mapping[int, list[RequestView]]

    @classmethod
    def of_project(cls, store: Store, project: ProjectRow, policy: Policy, now: datetime) -> Around:
        books = store.tasks
        kept = books.claims(project.id), books.links(project.id), books.requests(project.id)
        return cls._of(*kept, policy, now)

    @classmethod
    def of_tasks(cls, store: Store, ids: Collection[int], policy: Policy, now: datetime) -> Around:
        books = store.tasks
        return cls._of(books.leases(ids), books.links_of(ids), books.requests_of(ids), policy, now)

    @classmethod
    def _of(
        cls,
        leases: tuple[ClaimRow, ...],
        linked: tuple[tuple[int, str], ...],
        requests: tuple[RequestRow, ...],
        policy: Policy,
        now: datetime,
    ) -> Around:
        """A lease whose time is over is gone, whether or not somebody has written that down."""
        links, asked = defaultdict(list), defaultdict(list)
        for task_id, link in linked:
            links[task_id].append(link)
        for ask in requests:
            asked[ask.task_id].append(_asked(ask))
        live = (lease for lease in leases if not is_over(policy, lease.ends, now))
        known = {lease.task_id: lease for lease in leases}
        return cls({lease.task_id: lease for lease in live}, known, links, asked)

    def crew(self, row: TaskRow) -> tuple[Member, ...]:
        lease = self.leases.get(row.id)
        return lease.crew if lease else ()


def _asked(ask: RequestRow) -> RequestView:
    return RequestView(ask.kind, ask.by_id, ask.by_name, ask.to_id, ask.to_name, ask.at, ask.expires, ask.id)


@remembered(16)
def _waiting(findings: Findings) -> Mapping[str, int]:
    """How much waits for each node; every page and every claim asks for it."""
    return waiting(findings.graph, findings.statuses)


class Views:
    def __init__(self, findings: Findings, numbers: Mapping[int, int], around: Around) -> None:
        self._statuses = findings.statuses
        self._nodes, self._waiting = nodes_by_id(findings.graph), _waiting(findings)
        self._numbers = numbers
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
