"""What a page of a queue shows: each member in full, with what a maintainer can do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from blueprint.graph import Place, nodes_by_id
from dashboards import links
from dashboards.maintaining import (
    CreditItem,
    DeliveryItem,
    FindingItem,
    Item,
    LetterItem,
    StatementItem,
    SyncItem,
    TaskItem,
)
from lean_project.edges import Edge
from lean_project.findings import Findings
from lean_project.statement import fingerprint, prints
from lean_project.verdict import Code
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import hooks, mending, syncs
from server.service.board import checked, load
from server.service.contributions import words_of
from server.service.permission import may
from server.service.policy import policy_of
from server.service.present import present
from server.service.queues import Queue, Waiting, places
from server.store import Store
from server.store.ledger import About
from server.work.leases import lapses
from server.work.permissions import Action
from server.work.standing import fold

Members = Sequence[Waiting]


def items(
    store: Store, project: ProjectRow, person: Person, queue: Queue, members: Members, now: datetime
) -> tuple[Item, ...]:
    """These members of the queue, as `person` sees them. Whoever went meanwhile is left out."""
    match queue:
        case Queue.CREDIT:
            return _credit(store, project, person, members, now)
        case Queue.REQUESTS:
            return _requests(store, project, members, now)
        case Queue.STUCK | Queue.EXPIRING | Queue.REVIEWS:
            return _tasks(store, project, queue, members, now)
        case Queue.LETTERS:
            return _letters(store, project, members)
        case Queue.DELIVERIES:
            return _deliveries(store, project, members)
        case Queue.SYNCS:
            return tuple(item for item in [sync(store, project)] if item)
        case _:
            return _findings(store, project, queue, members)


def _numbers(members: Members) -> list[int]:
    return [int(one.key) for one in members]


def _tasks(
    store: Store, project: ProjectRow, queue: Queue, members: Members, now: datetime
) -> tuple[TaskItem, ...]:
    board, policy = load(store, project, now), policy_of(store, project)
    views = board.by_id(_numbers(members))
    ends = queue is Queue.EXPIRING
    return tuple(
        TaskItem(
            views[one.key],
            None if ends else one.since,
            ends=one.since if ends else None,
            over=lapses(policy, one.since) if ends else None,
        )
        for one in members
        if one.key in views
    )


def _requests(store: Store, project: ProjectRow, members: Members, now: datetime) -> tuple[TaskItem, ...]:
    asked = store.queues.request_tasks(_numbers(members))
    views = load(store, project, now).by_id(set(asked.values()))
    found = {ask.id: (view, ask) for view in views.values() for ask in view.requests}
    shown = (found[id] for id in _numbers(members) if id in found)
    return tuple(TaskItem(view, ask.at, ask) for view, ask in shown)


def _credit(
    store: Store, project: ProjectRow, person: Person, members: Members, now: datetime
) -> tuple[CreditItem, ...]:
    maintainer, numbers = may(store, project, person, Action.SETTLE_CREDIT), _numbers(members)
    known = present(store, project, now).credit
    said = fold(store.ledger.kept(project.id, About(numbers=numbers)))
    return tuple(CreditItem(known[id], words_of(said[id], person, maintainer)) for id in numbers)


def sync(store: Store, project: ProjectRow) -> SyncItem | None:
    """That the newest commit could not be brought in, where that is so."""
    found = syncs.failed(store, project)
    if found is None or found.failing is None:
        return None
    return SyncItem(found.failing, found.why or "", found.failures, found.due, found.begun)


def _letters(store: Store, project: ProjectRow, members: Members) -> tuple[LetterItem, ...]:
    names = {str(one.number): one.name for one in store.channels.of_project(project.id)}
    here = places(store, project)
    return tuple(
        LetterItem(one.id, names.get(one.to, one.to), one.topic, one.text, one.created, one.failed)
        for one in store.queues.letters(_numbers(members))
        if one.to in here
    )


def _deliveries(store: Store, project: ProjectRow, members: Members) -> tuple[DeliveryItem, ...]:
    asked = set(_numbers(members))
    return tuple(
        DeliveryItem(one.id, hooks.NAMES[one.forge], one.event, one.received, one.why or "")
        for one in reversed(hooks.dead(store, project))
        if one.id in asked
    )


def _findings(store: Store, project: ProjectRow, queue: Queue, members: Members) -> tuple[Item, ...]:
    findings = checked(store, project)
    commit = store.projects.newest_commit(project.id)
    place = _Places(project, commit.sha if commit else "")
    if queue is Queue.STATEMENTS:
        return _statements(store, project, findings, members)
    if queue is Queue.PROBLEMS:
        return tuple(_problem(findings, int(one.key), place) for one in members)
    if queue is Queue.DRIFT:
        return tuple(item for one in members for item in _drift(findings, one, place))
    patches = mending.patches(project, findings, place.sha, [str(one.key) for one in members])
    return tuple(item for one in members for item in _edges(findings, str(one.key), place, patches))


class _Places:
    """Where the lines of the blueprint can be read on the forge."""

    def __init__(self, project: ProjectRow, sha: str) -> None:
        self._repository, self.sha = project.repository_url, sha

    def of(self, place: Place | None) -> tuple[str | None, str | None]:
        """`file:line`, and the address."""
        if place is None:
            return None, None
        return f"{place.file}:{place.line}", links.source_link(self._repository, self.sha, place)


def _statements(
    store: Store, project: ProjectRow, findings: Findings, members: Members
) -> tuple[StatementItem, ...]:
    nodes, known = nodes_by_id(findings.graph), findings.facts.by_name()
    agreed = store.agreements.views(project.id) if any(one.since for one in members) else {}

    def item(one: Waiting) -> StatementItem:
        node = nodes[str(one.key)]
        reasons = findings.statuses[node.id].statement.reasons
        stated = node.statement.lean or node.lean
        return StatementItem(
            node.id,
            node.caption,
            node.statement,
            [(name, known[name].statement) for name in stated if name in known],
            fingerprint(prints(node, known)),
            one.since,
            agreed.get(node.id) if one.since else None,
            next((why.text for why in reasons if why.code is Code.DRIFTED), None),
        )

    return tuple(item(one) for one in members)


def _problem(findings: Findings, number: int, place: _Places) -> FindingItem:
    problem = findings.graph.problems[number]
    node = nodes_by_id(findings.graph).get(problem.node or "")
    file, source = place.of(problem.place)
    caption = node.caption if node else None
    id = node.id if node else None
    return FindingItem(
        problem.severity, problem.message, id, caption, file=file, source=source, hint=problem.hint
    )


def _drift(findings: Findings, one: Waiting, place: _Places) -> tuple[FindingItem, ...]:
    node = nodes_by_id(findings.graph)[str(one.key)]
    out = []
    for drift in findings.statuses[node.id].drift:
        part = node.proof if drift.part == "proof" and node.proof else node.statement
        file, source = place.of(part.place)
        about = node.id, node.caption, file, source
        out.append(FindingItem("drift", "", *about, since=one.since, drift=drift))
    return tuple(out)


def _edges(
    findings: Findings, id: str, place: _Places, patches: Mapping[str, str]
) -> tuple[FindingItem, ...]:
    """The differences of a node, and after the last of them the one change that mends all."""
    node, found = nodes_by_id(findings.graph)[id], findings.statuses[id].edges
    out = []
    both: tuple[tuple[str, Sequence[Edge]], ...] = (
        ("missing", found.missing),
        ("superfluous", found.superfluous),
    )
    for kind, edges in both:
        for edge in edges:
            file, source = place.of(Place(edge.file, edge.line) if edge.file and edge.line else None)
            out.append(FindingItem(kind, edge.text, id, node.caption, file, source))
    last = out.pop()
    patched = FindingItem(
        last.kind, last.words, id, node.caption, last.file, last.source, patch=patches.get(id, "")
    )
    return (*out, patched)
