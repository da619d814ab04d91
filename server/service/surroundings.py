"""What the page of a node says of the people and the work around it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from dashboards.links import topic_link
from dashboards.node_page import Surroundings
from dashboards.snapshot import EventView
from lean_project.git_folder import branch_of
from server.records.projects import ProjectRow
from server.service import channels, company, prospects, pull_requests
from server.store import Store

A_PAGE = 20
# Whoever wants to go back further reads the log by the API.
MOST_PAGES = 50


def around(
    store: Store, project: ProjectRow, node: str, now: datetime, *, chat: str = "", page: int = 1
) -> Surroundings:
    """Of a node of today, by its label; `chat` is the address of the organization, if there is one.

    `page` is that of its history, counted from 1.
    """
    page = min(max(page, 1), MOST_PAGES)
    known, next_ = company.around(store, project, node, now), prospects.ahead(store, project, node)
    names = (node, *store.matches.ancestors(project.id).get(node, ()))
    past = _history(store, project, names, page * A_PAGE + 1)
    return Surroundings(
        workers=known.workers,
        reviewers=known.reviewers,
        helpers=known.helpers,
        ready=next_.ready,
        resting=next_.resting,
        goals=next_.goals,
        topic=_topic(store, project, node, chat),
        branch=branch_of(Path(project.path)),
        checked=store.projects.checked_at(project.id),
        history=past[(page - 1) * A_PAGE : page * A_PAGE],
        page=page,
        older=len(past) > page * A_PAGE and page < MOST_PAGES,
        proposals=_proposals(store, project, node),
    )


def _proposals(store: Store, project: ProjectRow, node: str) -> dict[int, list[tuple[str, str]]]:
    """What the forge told last: `open; all checks passed`."""
    checked = {True: "; all checks passed", False: "; a check failed", None: ""}
    return {
        number: [(row.link, f"{row.standing}{checked[row.passes]}") for row in rows]
        for number, rows in pull_requests.of_node(store, project, node).items()
    }


def _history(store: Store, project: ProjectRow, names: tuple[str, ...], most: int) -> tuple[EventView, ...]:
    """Of the node under all the names that it had, newest first."""
    events = [event for name in names for event in store.log.events(project.id, name, limit=most)]
    return tuple(sorted(events, key=lambda event: event.at, reverse=True)[:most])


def _topic(store: Store, project: ProjectRow, node: str, chat: str) -> str | None:
    home = channels.home(store, project)
    return topic_link(chat, home.channel, node) if home and channels.is_topic(node) else None
