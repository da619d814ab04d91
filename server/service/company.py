"""Who has to do with a node: who holds it, worked on it, reviewed it, and who could help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from dashboards import relations
from dashboards.snapshot import CreditView, TaskView
from server.records.projects import ProjectRow
from server.service.hands import hands_of, hosts
from server.service.nodes import resolve
from server.service.present import Present, present
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
    found = present(store, project, now)
    snapshot = found.snapshot
    credit = [entry for entry in relations.credit_on(snapshot, label) if entry.held]
    held = tuple(task for task in relations.tasks_on(snapshot, label) if task.claims)
    there = {claim.person_id for task in held for claim in task.claims} | {one.person_id for one in credit}
    return Company(
        label,
        relations.by_id(snapshot)[label].caption,
        held,
        _names(entry for entry in credit if entry.kind not in _REVIEWS),
        _names(entry for entry in credit if entry.kind in _REVIEWS),
        _helpers(found, label, there),
    )


def _names(credit: Iterable[CreditView]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry.person_name for entry in credit))


def _helpers(found: Present, label: str, there: Collection[int]) -> tuple[str, ...]:
    """Those who let their name be shown and are not there already, most nodes beside it first."""
    beside, helpers = ground(found.findings.graph).beside[label], hands_of(found).helpers
    nodes = Counter(helper for node in beside for helper in helpers.get(node, ()))
    order = sorted(nodes.items(), key=lambda pair: (-pair[1], pair[0].person_id))
    able = [helper for helper, _ in order if helper.person_id not in there]
    able = able or [one for one in hosts(found) if one.person_id not in there]
    return tuple(one.name for one in able)[:MOST_HELPERS]
