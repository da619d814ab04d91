"""Formal credit: those who wrote the Lean that passed, each to the degree of their lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from lean_project.attribution import Authorship
from lean_project.status import TaskKind
from server.records import ProjectRow, TaskRow
from server.service.people import by_git
from server.store import Store
from server.work.changes import Done
from server.work.kinds import FORMAL_KINDS, KINDS
from server.work.ledger import Entry, degrees

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
    """Enter everybody who has no entry of this kind for this node yet; people are made as needed.

    Work that is undone and done again by the same people is credited once.
    """
    lines = _lines(store, authors, at)
    kind = FORMAL_KINDS[TaskKind(task.kind)]
    given = store.ledger.given(task.node_id, kind)
    new = {person: degree for person, degree in degrees(lines).items() if person not in given}
    for person_id, degree in new.items():
        known = KINDS[kind]
        entry = Entry(person_id, task.node, known.part, kind, known.role, degree, (sha,), at)
        store.ledger.add(project.id, task.node_id, entry)
    return Credited(frozenset(lines), next(iter(lines), None), len(new))


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
