"""What the page of a node says of the people and the work around it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from dashboards.links import topic_link
from dashboards.node_page import Surroundings
from lean_project.git_folder import branch_of
from server.records.projects import ProjectRow
from server.service import channels, company, news, prospects, pull_requests
from server.store import Store

A_PAGE = 20


def around(
    store: Store, project: ProjectRow, node: str, now: datetime, *, chat: str = "", before: int | None = None
) -> Surroundings:
    """Of a node of today, by its label; `chat` is the address of the organization, if there is one.

    Of its history, what was before the event `before`.
    """
    known, next_ = company.around(store, project, node, now), prospects.ahead(store, project, node)
    past = news.of_node(store, project, node, A_PAGE + 1, before)
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
        history=past[:A_PAGE],
        before=before,
        older=past[A_PAGE - 1].id if len(past) > A_PAGE else None,
        proposals=_proposals(store, project, node),
    )


def _proposals(store: Store, project: ProjectRow, node: str) -> dict[int, list[tuple[str, str]]]:
    """What the forge told last: `open; all checks passed`."""
    checked = {True: "; all checks passed", False: "; a check failed", None: ""}
    return {
        number: [(row.link, f"{row.standing}{checked[row.passes]}") for row in rows]
        for number, rows in pull_requests.of_node(store, project, node).items()
    }


def _topic(store: Store, project: ProjectRow, node: str, chat: str) -> str | None:
    home = channels.home(store, project)
    return topic_link(chat, home.channel, node) if home and channels.is_topic(node) else None
