"""A project at this moment, for whoever draws it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from blueprint.errors import UserError
from dashboards.graph_page import Moment, Past
from dashboards.selection import Then
from dashboards.snapshot import CommitView, CreditView, PersonView, Snapshot, TaskView, Terms, heirs
from lean_project.status import NodeStatus, Readiness
from server.records import CommitRow, ProjectRow, Role
from server.service.board import load
from server.service.members import maintainers
from server.service.reporting import SHOWN
from server.store import Store
from server.work.leases import Policy
from server.work.naming import mask

NEWEST_EVENTS = 1000
MOST_MOMENTS = 200


def snapshot(store: Store, project: ProjectRow, now: datetime) -> Snapshot:
    """All that may be shown of the project. `UserError` when nothing of it was ever checked."""
    board, commit = load(store, project, now), store.projects.newest_commit(project.id)
    tasks = board.tasks
    if commit is None:
        raise UserError(f"Nothing of {project.slug} is checked yet; run `chantier sync {project.path}`.")
    contributions, statuses = store.ledger.contributions(project.id), board.findings.statuses
    credit = tuple(entry for entry in contributions if entry.held)
    author = mask(store.people.aliases())(commit.author)
    return Snapshot(
        slug=project.slug,
        title=project.title,
        commit=CommitView(commit.sha, commit.at, author, commit.summary),
        made_at=now,
        graph=board.findings.graph,
        facts=board.findings.facts,
        statuses=statuses,
        tasks=tasks,
        people=_people(store, project, tasks, credit, statuses),
        credit=credit,
        contributions=contributions,
        leaderboard=project.leaderboard,
        events=store.log.events(project.id, limit=NEWEST_EVENTS),
        repository_url=project.repository_url,
        agreements=store.agreements.views(project.id),
        reports=store.reports.newest(project.id, SHOWN),
        ancestors=store.matches.ancestors(project.id),
        holds=store.tasks.holds(project.id),
        terms=_terms(board.policy),
    )


def past(store: Store, project: ProjectRow, sha: str) -> Past:
    """The commits that were checked, and what the one whose hash begins with `sha` was like, if there is one.

    The newest is the present, which is no past. Where there are very many, they are thinned out evenly.
    """
    rows = store.projects.moments(project.id)[:-1]
    chosen = next((row for row in rows if sha and row.sha.startswith(sha)), None)
    step = -(-len(rows) // MOST_MOMENTS) or 1
    shown = tuple(_moment(row) for at, row in enumerate(rows) if at % step == 0 or row is chosen)
    if chosen is None:
        return Past(shown)
    found = store.projects.statuses(chosen.id)
    ready = frozenset(label for label, status in found.items() if status.readiness is Readiness.READY)
    then = Then({label: status.formal for label, status in found.items()}, ready)
    return Past(shown, _moment(chosen), then)


def _moment(row: CommitRow) -> Moment:
    return Moment(row.sha, row.at, row.summary)


def _terms(policy: Policy) -> Terms:
    days = {size.value: days for size, days in policy.days.items()}
    return Terms(policy.assignment, policy.leases, days, policy.longest)


def _people(
    store: Store,
    project: ProjectRow,
    tasks: tuple[TaskView, ...],
    credit: tuple[CreditView, ...],
    statuses: Mapping[str, NodeStatus],
) -> tuple[PersonView, ...]:
    """Those with credit or a claim here, and the maintainers."""
    keepers = {one.id: one.role for one in maintainers(store, project)}
    shown = heirs(statuses, store.matches.ancestors(project.id))
    credited = {(one.person_id, node) for one in credit for node in shown.get(one.node, (one.node,))}
    known = {person_id for person_id, _ in credited}
    verified = Counter(
        person_id for person_id, node in credited if node in statuses and statuses[node].verified
    )
    claims = Counter(claim.person_id for task in tasks for claim in task.claims)
    unnamed, unranked, logins = store.people.unnamed(), store.people.unranked(), store.people.logins()
    consenting = store.people.consenting()
    return tuple(
        PersonView(
            person.id,
            person.name,
            keepers.get(person.id, Role.CONTRIBUTOR),
            verified[person.id],
            claims[person.id],
            named=person.id not in unnamed,
            ranked=person.id not in unranked,
            login=logins.get(person.id),
            dataset=person.id in consenting,
        )
        for person in store.people.every()
        if person.id in known or person.id in claims or person.id in keepers
    )
