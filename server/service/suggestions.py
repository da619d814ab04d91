"""What somebody could do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from blueprint.graph import Graph
from blueprint.identity import Same, remembered
from dashboards.relations import tasks_on
from dashboards.snapshot import TaskView
from dashboards.viewing import Suggested
from lean_project.status import NodeStatus
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service.hands import Hands, hands_of, hosts
from server.service.present import Present, present
from server.store import Store
from server.work.efforts import Finished, Pace, paces
from server.work.frontier import Frontier, frontier
from server.work.ground import NOTHING, Ground, Known, ground, known
from server.work.leases import Policy
from server.work.reasons import Ranking
from server.work.suggestions import Asker, Setting, Worths, is_in_doubt, order

__all__ = ["ALL", "Suggested", "next_tasks", "offer", "tasks"]

# So many tasks are kept back from others once they were offered, and so long.
OFFERED = 3
ALL = 10_000
KEPT = timedelta(hours=2)
# Who took a task within that time is at work.
RECENT = timedelta(days=60)


def offer(
    store: Store, project: ProjectRow, person: Person, *, now: datetime, limit: int = OFFERED
) -> Ranking:
    """`next_tasks`, of which others are offered the first three only after all else, for a while.

    Whoever asks again is offered the same. A claim is stronger than an offer, whoever makes it.
    """
    store.projects.lock(project.id)
    known = present(store, project, now)
    found = _ranked(store, project, person, known, now, limit)
    ids = [store.tasks.id_of(project.id, task.number) for task in found.tasks[:OFFERED]]
    store.crew.reserve(project.id, person.id, ids, now, now + kept(known.policy))
    return found


def kept(policy: Policy) -> timedelta:
    """Until the person may have claimed something; where nobody claims, until a long task may be done."""
    return KEPT if policy.assignment else timedelta(days=policy.large)


def next_tasks(
    store: Store, project: ProjectRow, person: Person | None, *, now: datetime, limit: int = OFFERED
) -> Ranking:
    """The free tasks to take up first, with reasons; for somebody in particular or for anybody."""
    return _ranked(store, project, person, present(store, project, now), now, limit)


def tasks(store: Store, project: ProjectRow, person: Person | None, *, now: datetime) -> tuple[TaskView, ...]:
    """All of them in that order, without the reasons: the one order in which what is ready is shown."""
    return next_tasks(store, project, person, now=now, limit=ALL).tasks


def _ranked(
    store: Store, project: ProjectRow, person: Person | None, found: Present, now: datetime, limit: int
) -> Ranking:
    findings, person_id = found.findings, person.id if person else None
    hands = hands_of(found)
    on = ground(findings.graph)
    setting = Setting(
        frontier=frontier(findings, _paces(findings.graph, found.works.finished)),
        ground=on,
        asker=_asker(store, found, person_id, on, hands),
        crew=len(store.crew.at_work(project.id, now - RECENT) - {person_id}) + 1,
        reserved=store.crew.reserved(project.id, person_id, now),
        unverified=_unverified(Same(findings.statuses)),
        doubtful=_doubtful(Same(findings.statuses), _unsure(store, project)),
        helpers=hands.helpers,
        hosts=tuple(one for one in hosts(found) if one.person_id != person_id),
    )
    return Ranking(_ordered(found, setting)[: max(0, limit)], setting)


@remembered(8)
def _paces(graph: Graph, finished: tuple[Finished, ...]) -> tuple[Pace, ...]:
    return paces(graph, finished)


def _ordered(found: Present, setting: Setting) -> Sequence[TaskView]:
    return _in_order(
        Same(found.undone),
        Same(setting.frontier),
        Same(setting.asker.known),
        Same(setting.doubtful),
        Same(setting.unverified),
        _Asked(setting),
    )


class _Asked:
    """The rest of what the order depends on, as a key."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._key = (setting.asker.newcomer, setting.crew, setting.reserved)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


@lru_cache(maxsize=64)
def _in_order(
    undone: Same[tuple[TaskView, ...]],
    frontier: Same[Frontier],
    known: Same[Known],
    _doubtful: Same[frozenset[str]],
    unverified: Same[frozenset[str]],
    asked: _Asked,
) -> Sequence[TaskView]:
    """Who asks again, while nothing changes, gets the same."""
    return tuple(order(undone.value, asked.setting, _worths(frontier, known, unverified, asked.setting.crew)))


@lru_cache(maxsize=64)
def _worths(
    _frontier: Same[Frontier], _known: Same[Known], _unverified: Same[frozenset[str]], _crew: int
) -> Worths:
    return Worths()


def _asker(store: Store, found: Present, person_id: int | None, on: Ground, hands: Hands) -> Asker:
    if person_id is None:
        return Asker()
    own = hands.nodes.get(person_id)
    what = _known(Same(on), own, _tags(found, own)) if own else NOTHING
    return Asker(what, store.ledger.is_newcomer(person_id), person_id)


def _tags(found: Present, nodes: frozenset[str]) -> frozenset[str]:
    """Those of the tasks on the nodes."""
    return frozenset(tag for node in nodes for task in tasks_on(found.snapshot, node) for tag in task.tags)


@lru_cache(maxsize=256)
def _known(on: Same[Ground], own: frozenset[str], tags: frozenset[str]) -> Known:
    return known(on.value, own, tags)


@lru_cache(maxsize=16)
def _unverified(statuses: Same[Mapping[str, NodeStatus]]) -> frozenset[str]:
    return frozenset(name for name, status in statuses.value.items() if not status.verified)


def _unsure(store: Store, project: ProjectRow) -> frozenset[str]:
    """The nodes that may be others than they seem."""
    return frozenset(doubt.new.label for doubt in store.matches.doubts(project.id))


@lru_cache(maxsize=16)
def _doubtful(statuses: Same[Mapping[str, NodeStatus]], unsure: frozenset[str]) -> frozenset[str]:
    """The nodes of which nobody knows for sure what they state, or which they are."""
    known = statuses.value.items()
    return frozenset(name for name, status in known if is_in_doubt(status) or name in unsure)
