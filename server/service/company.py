"""Who has to do with a node: who holds it, worked on it, reviewed it, and who could help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from dashboards.snapshot import CreditView, TaskView
from server.records import ProjectRow
from server.service.board import Board, load
from server.service.members import maintainers
from server.service.nodes import resolve
from server.store import Store
from server.work.ground import ground

MOST_HELPERS = 5
_REVIEWS = frozenset({"review", "error report"})


@dataclass(frozen=True, slots=True)
class Company:
    """`tasks` are those somebody holds; the others are names, each once.

    `helpers` did formal work on nodes beside it; where nobody did, they are the maintainers.
    """

    node: str
    caption: str
    tasks: tuple[TaskView, ...]
    workers: tuple[str, ...]
    reviewers: tuple[str, ...]
    helpers: tuple[str, ...]


def company(store: Store, project: ProjectRow, ref: str, now: datetime) -> Company:
    """`UserError` as in `nodes.resolve`."""
    return around(store, project, resolve(store, project, ref), now)


def around(store: Store, project: ProjectRow, label: str, now: datetime) -> Company:
    """The same of a node by its label of today."""
    board = load(store, project, now)
    names = (label, *store.matches.ancestors(project.id).get(label, ()))
    credit = [entry for name in names for entry in store.ledger.views(project.id, name)]
    held = tuple(task for task in board.of_node(label) if task.claims)
    there = {claim.person_id for task in held for claim in task.claims} | {one.person_id for one in credit}
    return Company(
        label,
        board.node(label).caption,
        held,
        _names(entry for entry in credit if entry.kind not in _REVIEWS),
        _names(entry for entry in credit if entry.kind in _REVIEWS),
        _helpers(store, project, board, label, there),
    )


def _names(credit: Iterable[CreditView]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry.person_name for entry in credit))


def _helpers(
    store: Store, project: ProjectRow, board: Board, label: str, there: Collection[int]
) -> tuple[str, ...]:
    """Those who let their name be shown and are not there already, most nodes beside it first."""
    silent, beside = store.people.unnamed(), set(ground(board.findings.graph).beside[label])
    nodes = Counter(
        (person_id, name) for person_id, name, node in store.crew.hands(project.id) if node in beside
    )
    found = [name for (person_id, name), _ in nodes.most_common() if person_id not in {*silent, *there}]
    hosts = maintainers(store, project)
    return tuple(found or (one.name for one in hosts if one.id not in {*silent, *there}))[:MOST_HELPERS]
