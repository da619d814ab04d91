"""A project at this moment, for whoever draws it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from blueprint.errors import UserError
from dashboards.snapshot import CommitView, PersonView, Snapshot
from server.records import ProjectRow
from server.service.board import Board, load
from server.store import Store

NEWEST_EVENTS = 1000


def snapshot(store: Store, project: ProjectRow, now: datetime) -> Snapshot:
    """All that may be shown of the project. `UserError` when nothing of it was ever checked."""
    board, commit = load(store, project, now), store.projects.newest_commit(project.id)
    if commit is None:
        raise UserError(f"Nothing of {project.slug} is checked yet; run `chantier sync {project.path}`.")
    return Snapshot(
        slug=project.slug,
        title=project.title,
        commit=CommitView(commit.sha, commit.at, commit.author, commit.summary),
        made_at=now,
        graph=board.findings.graph,
        facts=board.findings.facts,
        statuses=board.findings.statuses,
        tasks=board.tasks,
        people=_people(store, project, board),
        credit=store.ledger.views(project.id),
        events=store.log.events(project.id, limit=NEWEST_EVENTS),
        repository_url=project.repository_url,
    )


def _people(store: Store, project: ProjectRow, board: Board) -> tuple[PersonView, ...]:
    """Those with credit or a claim here, and the maintainers."""
    nodes = store.ledger.nodes_credited(project.id)
    claims = Counter(claim.person_id for task in board.tasks for claim in task.claims)
    return tuple(
        PersonView(person.id, person.name, person.role, nodes.get(person.id, 0), claims[person.id])
        for person in store.people.every()
        if person.id in nodes or claims[person.id] or person.role == "maintainer"
    )
