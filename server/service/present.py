"""The present state of a project, kept by the process and brought up to date with what changed since.

What is kept is what a fresh reading would give. Threads share it, and nobody changes it: what comes after it
takes its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from blueprint.errors import UserError
from blueprint.identity import Same
from dashboards.snapshot import (
    CommitView,
    CreditView,
    EventView,
    HoldView,
    PersonView,
    Snapshot,
    TaskView,
    Terms,
    heirs,
)
from lean_project.findings import Findings
from lean_project.status import NodeStatus
from server import collecting
from server.records.projects import ProjectRow
from server.records.tasks import TaskRow
from server.service.board import Around, Views, checked
from server.service.members import maintainers
from server.service.policy import policy_of
from server.service.reporting import SHOWN
from server.store import Store
from server.store.changes import Change, Mark, Part
from server.work.efforts import Finished
from server.work.leases import Policy, lapses
from server.work.naming import mask
from server.work.permissions import Role
from server.work.transitions import DONE, State

NEWEST_EVENTS = 1000
# Where more tasks or entries of credit changed than this, all of them are read.
MANY = 2000


@dataclass(frozen=True, slots=True)
class Works:
    """The tasks of a project: numbers and views by the ids of their rows, in order of numbers.

    A view is None where the blueprint has no such work. `undone` are not finished and needed still; `ends`
    says when leases are over, `finished` how long work took. It is so at the moment `at`, and until a lease
    more, or one less, is over.
    """

    numbers: Mapping[int, int]
    views: Mapping[int, TaskView | None]
    undone: frozenset[int]
    ends: Mapping[int, datetime]
    holds: Mapping[int, HoldView]
    finished: tuple[Finished, ...]
    at: datetime

    def turned(self, now: datetime) -> frozenset[int]:
        """The tasks whose leases are over now and were not at that moment, or the other way round."""
        early, late = sorted((self.at, now))
        return frozenset(id for id, end in self.ends.items() if early < end <= late)


@dataclass(frozen=True, slots=True)
class Present:
    """A project as of two places in the changes: its own, and those that concern every project.

    `credit` and `events` are by their numbers, these newest first, that oldest first; `everybody` is in the
    books, of whom the snapshot shows those who have a part in the project.
    """

    own: Mark
    general: Mark
    findings: Findings
    policy: Policy
    works: Works
    events: Mapping[int, EventView]
    credit: Mapping[int, CreditView]
    everybody: tuple[PersonView, ...]
    snapshot: Snapshot

    @property
    def weight(self) -> int:
        return len(self.findings.graph.nodes)

    @property
    def undone(self) -> tuple[TaskView, ...]:
        """Of the snapshot's tasks, those that are not finished."""
        return _undone(Same(self.works))


def present(store: Store, project: ProjectRow, now: datetime) -> Present:
    """What is kept, brought up to date. `UserError` when nothing of the project was ever checked."""
    if store.changes.pending:
        return read(store, project, now)
    return _seen(_at_hand(store, project, now) or _fetched(store, project, now), project, now)


def _at_hand(store: Store, project: ProjectRow, now: datetime) -> Present | None:
    """What is kept, where that is how things stand; whoever only looks waits for nobody."""
    known = store.kept.peek(project.id)
    if isinstance(known, Present) and _news(store, project, known, now) is None:
        return known
    return None


def _fetched(store: Store, project: ProjectRow, now: datetime) -> Present:
    """Read by one thread, while others wait for what it finds."""
    with store.kept.turn(project.id):
        known = store.kept.peek(project.id)
        if isinstance(known, Present):
            found = _brought_up(store, project, known, now)
        else:
            found = read(store, project, now)
        if found is not known:
            store.kept.put(project.id, found)
        return found


def _seen(found: Present, project: ProjectRow, now: datetime) -> Present:
    """With what is known of the project itself without asking."""
    snapshot = replace(
        found.snapshot,
        slug=project.slug,
        title=project.title,
        repository_url=project.repository_url,
        leaderboard=project.leaderboard,
        made_at=now,
    )
    return replace(found, snapshot=snapshot)


def read(store: Store, project: ProjectRow, now: datetime) -> Present:
    """All of it, from the books alone."""
    own, _ = store.changes.since(project.id, None)
    general, _ = store.changes.since(None, None)
    findings, policy = checked(store, project), policy_of(store, project)
    snapshot = Snapshot(
        slug=project.slug,
        title=project.title,
        commit=_commit(store, project),
        made_at=now,
        graph=findings.graph,
        facts=findings.facts,
        statuses=findings.statuses,
        repository_url=project.repository_url,
        leaderboard=project.leaderboard,
        agreements=store.agreements.views(project.id),
        reports=store.reports.newest(project.id, SHOWN),
        ancestors=store.matches.ancestors(project.id),
        terms=_terms(policy),
    )
    works = _works(store, project, findings, policy, now)
    events = _newest_events(store, project)
    credit = _credit(store.ledger.contributions(project.id))
    empty = Present(
        own, general, findings, policy, works, events, credit, _everybody(store, project), snapshot
    )
    found = _shown(empty)
    collecting.settle()
    return found


@dataclass(frozen=True, slots=True)
class _News:
    """What changed since what is kept, and the marks of now."""

    own: Mark
    general: Mark
    change: Change


def _news(store: Store, project: ProjectRow, known: Present, now: datetime) -> _News | None:
    """None where all is as it was. Leases that are over now change their tasks."""
    own, changed = store.changes.since(project.id, known.own)
    general, common = store.changes.since(None, known.general)
    turned = known.works.turned(now)
    if changed is None and common is None and not turned:
        return None
    return _News(own, general, (changed or Change()) | (common or Change()) | Change(tasks=turned))


def _brought_up(store: Store, project: ProjectRow, known: Present, now: datetime) -> Present:
    news = _news(store, project, known, now)
    if news is None:
        return known
    change = news.change
    if {Part.EVERYTHING, Part.FINDINGS} & change.parts:
        return read(store, project, now)
    parts = _parts(store, project, known.snapshot, change)
    after = replace(known, own=news.own, general=news.general, snapshot=parts)
    if change.tasks:
        after = replace(after, works=_worked(store, project, after, change.tasks, now))
    if change.events:
        after = replace(after, events=_happened(store, project, after.events, change.events))
    if change.entries:
        after = replace(after, credit=_credited(store, project, after.credit, change.entries))
    if Part.PEOPLE in change.parts:
        after = replace(after, everybody=_everybody(store, project))
    return _shown(after)


def _shown(found: Present) -> Present:
    """The snapshot of all that is known."""
    contributions = _newest_first(Same(found.credit))
    tasks, credit = _listed(found.works), _held(Same(contributions))
    snapshot = replace(
        found.snapshot,
        tasks=tasks,
        credit=credit,
        contributions=contributions,
        events=tuple(found.events.values()),
        holds=found.works.holds,
    )
    return replace(found, snapshot=replace(snapshot, people=_people(found, snapshot)))


def _listed(works: Works) -> tuple[TaskView, ...]:
    return tuple(view for view in works.views.values() if view is not None)


@lru_cache(maxsize=16)
def _undone(works: Same[Works]) -> tuple[TaskView, ...]:
    views, undone = works.value.views, works.value.undone
    return tuple(view for id, view in views.items() if view is not None and id in undone)


@lru_cache(maxsize=16)
def _newest_first(credit: Same[Mapping[int, CreditView]]) -> tuple[CreditView, ...]:
    return tuple(credit.value.values())[::-1]


@lru_cache(maxsize=16)
def _held(credit: Same[tuple[CreditView, ...]]) -> tuple[CreditView, ...]:
    return tuple(entry for entry in credit.value if entry.held)


def _parts(store: Store, project: ProjectRow, known: Snapshot, change: Change) -> Snapshot:
    """Those parts anew that are read as a whole."""
    if Part.AGREEMENTS in change.parts:
        known = replace(known, agreements=store.agreements.views(project.id))
    if Part.REPORTS in change.parts:
        known = replace(known, reports=store.reports.newest(project.id, SHOWN))
    if Part.LINEAGE in change.parts:
        known = replace(known, ancestors=store.matches.ancestors(project.id))
    return known


def _commit(store: Store, project: ProjectRow) -> CommitView:
    commit = store.projects.newest_commit(project.id)
    if commit is None:
        raise UserError(f"Nothing of {project.slug} is checked yet; run `chantier sync {project.path}`.")
    author = mask(store.people.aliases())(commit.author)
    return CommitView(commit.sha, commit.at, author, commit.summary)


def _terms(policy: Policy) -> Terms:
    days = {size.value: days for size, days in policy.days.items()}
    return Terms(policy.assignment, policy.leases, days, policy.longest)


def _works(store: Store, project: ProjectRow, findings: Findings, policy: Policy, now: datetime) -> Works:
    rows, around = (
        store.tasks.of_project(project.id),
        Around.of_project(store, project, policy, now),
    )
    numbers = {row.id: row.number for row in rows}
    shown = Views(findings, numbers, around)
    return Works(
        numbers,
        {row.id: shown.of(row) for row in rows},
        frozenset(row.id for row in rows if _is_undone(row)),
        _ends(around, policy),
        store.tasks.holds(project.id),
        store.crew.finished(project.id),
        now,
    )


def _worked(store: Store, project: ProjectRow, known: Present, ids: frozenset[int], now: datetime) -> Works:
    """With these tasks anew."""
    if len(ids) > MANY:
        return _works(store, project, known.findings, known.policy, now)
    before = known.works
    rows = sorted(store.tasks.by_ids(ids).values(), key=lambda row: row.number)
    around = Around.of_tasks(store, ids, known.policy, now)
    numbers = {**before.numbers, **{row.id: row.number for row in rows}}
    shown = Views(known.findings, numbers, around)
    views = {**before.views, **{row.id: shown.of(row) for row in rows}}
    ends = {id: end for id, end in before.ends.items() if id not in ids} | _ends(around, known.policy)
    undone = (before.undone - ids) | {row.id for row in rows if _is_undone(row)}
    was_held = any(before.numbers.get(id) in before.holds for id in ids)
    held = was_held or any(row.state is State.HELD for row in rows)
    holds = store.tasks.holds(project.id) if held else before.holds
    done = any(row.state in DONE for row in rows)
    finished = store.crew.finished(project.id) if done else before.finished
    return Works(numbers, views, undone, ends, holds, finished, now)


def _is_undone(row: TaskRow) -> bool:
    return row.state not in DONE and row.state is not State.SUPERSEDED


def _ends(around: Around, policy: Policy) -> dict[int, datetime]:
    """When the leases are over that end at all; whether they are by now, does not matter."""
    moments = ((id, lapses(policy, lease.ends)) for id, lease in around.every.items())
    return {id: moment for id, moment in moments if moment is not None}


def _newest_events(store: Store, project: ProjectRow) -> dict[int, EventView]:
    return {one.id: one for one in store.log.events(project.id, limit=NEWEST_EVENTS)}


def _happened(
    store: Store, project: ProjectRow, known: Mapping[int, EventView], ids: frozenset[int]
) -> Mapping[int, EventView]:
    if len(ids) > NEWEST_EVENTS:
        return _newest_events(store, project)
    found = {**known, **{one.id: one for one in store.log.some(project.id, ids)}}
    return {id: found[id] for id in sorted(found, reverse=True)[:NEWEST_EVENTS]}


def _credit(entries: Iterable[CreditView]) -> dict[int, CreditView]:
    """By number, oldest first; `entries` are newest first."""
    return {one.id: one for one in tuple(entries)[::-1]}


def _credited(
    store: Store, project: ProjectRow, known: Mapping[int, CreditView], numbers: frozenset[int]
) -> Mapping[int, CreditView]:
    if len(numbers) > MANY:
        return _credit(store.ledger.contributions(project.id))
    return {**known, **_credit(store.ledger.affected(project.id, numbers))}


def _everybody(store: Store, project: ProjectRow) -> tuple[PersonView, ...]:
    keepers = {one.id: one.role for one in maintainers(store, project)}
    consenting = store.people.consenting()
    unnamed, unranked, logins = store.people.unnamed(), store.people.unranked(), store.people.logins()
    return tuple(
        PersonView(
            person.id,
            person.name,
            keepers.get(person.id, Role.CONTRIBUTOR),
            named=person.id not in unnamed,
            ranked=person.id not in unranked,
            login=logins.get(person.id),
            dataset=person.id in consenting,
        )
        for person in store.people.every()
    )


def keeps(person: PersonView) -> bool:
    """Whether the person looks after the project."""
    return Role(person.role).covers(Role.MAINTAINER)


def _people(found: Present, snapshot: Snapshot) -> tuple[PersonView, ...]:
    """Those with credit or a claim here, and the maintainers."""
    verified = _verified(Same(snapshot.credit), Same(snapshot.statuses), Same(snapshot.ancestors))
    claims = Counter(claim.person_id for task in _claimed(found.works) for claim in task.claims)
    return tuple(
        replace(person, verified_nodes=verified.get(person.id, 0), live_claims=claims[person.id])
        for person in found.everybody
        if person.id in verified or person.id in claims or keeps(person)
    )


def _claimed(works: Works) -> Iterable[TaskView]:
    return (view for view in works.views.values() if view is not None and view.claims)


@lru_cache(maxsize=16)
def _verified(
    credit: Same[tuple[CreditView, ...]],
    statuses: Same[Mapping[str, NodeStatus]],
    ancestors: Same[Mapping[str, tuple[str, ...]]],
) -> Mapping[int, int]:
    """Person with credit -> how many nodes of theirs are verified."""
    known = statuses.value
    shown = heirs(known, ancestors.value)
    credited = {(one.person_id, node) for one in credit.value for node in shown.get(one.node, (one.node,))}
    nodes = Counter(person for person, node in credited if node in known and known[node].verified)
    return {person: nodes[person] for person, _ in credited}
