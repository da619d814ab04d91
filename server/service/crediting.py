"""Formal credit: those who wrote the Lean that passed, each to the degree of their lines."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from lean_project.attribution import Authorship
from lean_project.status import TaskKind
from server.records import Person, ProjectRow, TaskRow
from server.service.people import by_git
from server.store import Store
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


def give_credit(
    store: Store,
    project: ProjectRow,
    task: TaskRow,
    authors: Iterable[Authorship],
    sha: str,
    at: datetime,
) -> Credited:
    """Enter everybody who has no entry of this kind for this node or one that it came from.

    People are made as needed. Work that is undone and done again by the same people is credited once.
    """
    lines = _lines(store, authors, at)
    kind = FORMAL_KINDS[TaskKind(task.kind)]
    given = {person for id in store.matches.line(task.node_id) for person in store.ledger.given(id, kind)}
    new = {person: degree for person, degree in degrees(lines).items() if person not in given}
    for person_id, degree in new.items():
        known = KINDS[kind]
        entry = Entry(person_id, task.node, known.part, kind, known.role, degree, (sha,), at)
        store.ledger.add(project.id, task.node_id, entry)
    return Credited(frozenset(lines), next(iter(lines), None), len(new))


def credited(store: Store, project: ProjectRow, nodes: Collection[str]) -> dict[str, list[Person]]:
    """Whom the check credits with these nodes (labels), or with those that they came from, as it stands."""
    if not nodes:
        return {}
    lines = _origins(store, project, nodes)
    kept = store.ledger.kept(project.id, {id for line in lines.values() for id in line})
    authors: dict[int | None, list[int]] = defaultdict(list)
    for one in fold(kept).values():
        if one.held and one.checked:
            authors[one.kept.node_id].append(one.kept.person)
    numbers = {node: dict.fromkeys(one for id in line for one in authors[id]) for node, line in lines.items()}
    known = {person.id: person for person in store.people.every()}
    return {node: [known[one] for one in found if one in known] for node, found in numbers.items()}


def _origins(store: Store, project: ProjectRow, nodes: Iterable[str]) -> dict[str, list[int]]:
    """The ids of each node and of all that it came from."""
    ids = {row.label: row.id for row in store.projects.nodes(project.id)}
    before = store.matches.ancestors(project.id)
    return {node: [ids[label] for label in (node, *before.get(node, ())) if label in ids] for node in nodes}


def own_up(
    store: Store, project: ProjectRow, unknown: Mapping[Done, str], commit_id: int, now: datetime
) -> None:
    """An event for each reason why nobody could be credited, `unknown` by work; not one for each work.

    A clone that is shallow gives hundreds the same reason. Work that somebody has credit for is left out.
    """
    rows = {row.label: row.id for row in store.projects.nodes(project.id)}
    by_reason: dict[str, list[Done]] = {}
    for work, reason in unknown.items():
        if not store.ledger.given(rows[work.node], FORMAL_KINDS[work.kind]):
            by_reason.setdefault(reason, []).append(work)
    for reason, (first, *others) in by_reason.items():
        more = f" and {len(others)} more" if others else ""
        text = f"Nobody could be credited for the {FORMAL_KINDS[first.kind]} of {first.node}{more}: {reason}"
        store.log.record(project.id, UNCREDITED, text, now, node=first.node, commit_id=commit_id)


def _lines(store: Store, authors: Iterable[Authorship], now: datetime) -> dict[int, int]:
    """Person -> lines, most first; several addresses may be one person."""
    lines: Counter[int] = Counter()
    for author in authors:
        person = by_git(store, author.name, author.email or author.name, now)
        lines[person.id] += author.lines
    return dict(lines.most_common())
