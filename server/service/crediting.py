"""Formal credit: those who wrote the Lean that passed, each to the degree of their lines."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from blueprint.graph import Graph
from lean_project.attribution import Authorship
from lean_project.status import TaskKind
from server.records.people import Person
from server.records.projects import ProjectRow
from server.records.tasks import TaskRow
from server.service.people import by_git
from server.store import Store
from server.store.ledger import About
from server.work.changes import Done
from server.work.kinds import FORMAL_KINDS, KINDS
from server.work.ledger import Entry, degrees
from server.work.standing import fold

UNCREDITED = "uncredited"


@dataclass(frozen=True, slots=True)
class Credited:
    """Who wrote it, who of them most (None where git names nobody), and how many entries are new."""

    people: frozenset[int]
    lead: int | None
    entries: int


@dataclass(frozen=True, slots=True)
class Written:
    """A task that passed, who wrote it, and the commit that made it pass."""

    task: TaskRow
    authors: tuple[Authorship, ...]
    sha: str


def give_credit(store: Store, project: ProjectRow, works: Sequence[Written], at: datetime) -> list[Credited]:
    """Enter everybody who has no entry of this kind for this node or one that it came from.

    People are made as needed. Work that is undone and done again by the same people is credited once.
    """
    lines = store.matches.lines(project.id, [work.task.node_id for work in works])
    given = store.ledger.given_to({id for line in lines.values() for id in line})
    known: dict[str, int] = {}
    credited, entries = [], []
    for work in works:
        task, kind = work.task, FORMAL_KINDS[TaskKind(work.task.kind)]
        wrote = _lines(store, work.authors, at, known)
        has = {person for person in wrote for id in lines[task.node_id] if (id, kind, person) in given}
        new = {person: degree for person, degree in degrees(wrote).items() if person not in has}
        given |= {(task.node_id, kind, person) for person in new}
        part, role = KINDS[kind].part, KINDS[kind].role
        entries += [
            (task.node_id, Entry(person, task.node, part, kind, role, degree, (work.sha,), at))
            for person, degree in new.items()
        ]
        credited.append(Credited(frozenset(wrote), next(iter(wrote), None), len(new)))
    store.ledger.add_all(project.id, entries)
    return credited


def credited(store: Store, project: ProjectRow, nodes: Collection[str]) -> dict[str, list[Person]]:
    """Whom the check credits with these nodes (labels), or with those that they came from, as it stands."""
    if not nodes:
        return {}
    ids = {row.label: row.id for row in store.projects.nodes(project.id) if row.label in nodes}
    lines = store.matches.lines(project.id, ids.values())
    kept = store.ledger.kept(project.id, About(nodes={id for line in lines.values() for id in line}))
    authors: dict[int | None, list[int]] = defaultdict(list)
    for one in fold(kept).values():
        if one.held and one.checked:
            authors[one.kept.node_id].append(one.kept.person)
    found = {node: dict.fromkeys(one for id in lines[ids[node]] for one in authors[id]) for node in nodes}
    known = {person.id: person for person in store.people.every()}
    return {node: [known[one] for one in people if one in known] for node, people in found.items()}


def own_up(
    store: Store,
    project: ProjectRow,
    graph: Graph,
    unknown: Mapping[Done, str],
    commit_id: int,
    now: datetime,
) -> None:
    """An event for each reason why nobody could be credited, `unknown` by work; not one for each work.

    A clone that is shallow gives hundreds the same reason. Work that somebody has credit for is left out.
    """
    rows = {row.label: row.id for row in store.projects.nodes(project.id)} if unknown else {}
    given = store.ledger.given_to({rows[work.node] for work in unknown})
    credited = {(node_id, kind) for node_id, kind, _ in given}
    by_reason: dict[str, list[Done]] = {}
    for work, reason in unknown.items():
        if (rows[work.node], FORMAL_KINDS[work.kind]) not in credited:
            by_reason.setdefault(reason, []).append(work)
    captions = {node.id: node.caption for node in graph.nodes} if by_reason else {}
    for reason, (first, *others) in by_reason.items():
        what = f"{FORMAL_KINDS[first.kind]} of {captions.get(first.node, first.node)}"
        more = f" and {len(others)} more" if others else ""
        text = f"Nobody could be credited for the {what}{more}: {reason}"
        store.log.record(project.id, UNCREDITED, text, now, node=first.node, commit_id=commit_id)


def _lines(
    store: Store, authors: Iterable[Authorship], now: datetime, known: dict[str, int]
) -> dict[int, int]:
    """Person -> lines, most first; several addresses may be one person. `known`: addresses met before."""
    lines: Counter[int] = Counter()
    for author in authors:
        address = author.email or author.name
        if address not in known:
            known[address] = by_git(store, author.name, address, now).id
        lines[known[address]] += author.lines
    return dict(lines.most_common())
