"""Tasks, who holds them, and what is asked about them."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import TypedDict  # the standard library's keeps too little of itself before 3.12

from dashboards.documents.describing import described
from dashboards.snapshot import ClaimView, RequestView, TaskView
from lean_project.status import Readiness


@described
class RequestDocument(TypedDict):
    """What somebody asks about a task."""

    kind: str
    """Offered, invited, handing over, asked (to join) or queued (waits until it is free)."""
    by_id: int
    """Who asks."""
    by_name: str
    """What they are called."""
    to_id: int | None
    """Who is to answer; nobody in particular where any holder may, or nobody has to."""
    to_name: str | None
    """What they are called."""
    at: str
    """When it was asked."""
    expires: str | None
    """Until when it can be answered."""


@described
class ClaimDocument(TypedDict):
    """Somebody who holds a task."""

    person: int
    """Their number."""
    name: str
    """What they are called."""
    since: str
    """Since when."""
    expires: str | None
    """Until when; nothing while the clock stands still, or where claims have no end."""
    paused: str | None
    """Since when the clock stands still because the statement changed."""
    acknowledged: str | None
    """When they said that they know."""


@described
class TaskDocument(TypedDict):
    """A piece of work on one node."""

    number: int
    """Its number in the project."""
    node: str
    """The label of the node."""
    caption: str
    """How people refer to the node."""
    kind: str
    """State, define or prove; or, of informal work, write, split, review or piece."""
    state: str
    """Where it stands, in a word."""
    size: str
    """S, M or L."""
    readiness: Readiness
    """Whether it can be taken up."""
    blocked_by: list[str]
    """The nodes that it waits for."""
    unblocks: int
    """How many nodes wait for it."""
    title: str | None
    """What informal work is about."""
    piece_of: int | None
    """The task that it is a piece of."""
    tags: list[str]
    """What it is about."""
    proposed: list[str]
    """The changes that are proposed for it."""
    stuck: str | None
    """What its holders tried in vain."""
    requests: list[RequestDocument]
    """What is asked about it."""
    claims: list[ClaimDocument]
    """Who holds it, the lead first."""


def task_document(found: TaskView) -> TaskDocument:
    return {
        "number": found.number,
        "node": found.node,
        "caption": found.caption,
        "kind": found.kind,
        "state": found.state,
        "size": found.size,
        "readiness": found.readiness,
        "blocked_by": list(found.blocked_by),
        "unblocks": found.unblocks,
        "title": found.title,
        "piece_of": found.parent,
        "tags": list(found.tags),
        "proposed": list(found.links),
        "stuck": found.stuck,
        "requests": [_request(ask) for ask in found.requests],
        "claims": [_claim(claim) for claim in found.claims],
    }


def _claim(found: ClaimView) -> ClaimDocument:
    return {
        "person": found.person_id,
        "name": found.person_name,
        "since": found.since.isoformat(),
        "expires": _moment(found.expires),
        "paused": _moment(found.paused),
        "acknowledged": _moment(found.acknowledged),
    }


def _request(found: RequestView) -> RequestDocument:
    return {
        "kind": found.kind,
        "by_id": found.by_id,
        "by_name": found.by_name,
        "to_id": found.to_id,
        "to_name": found.to_name,
        "at": found.at.isoformat(),
        "expires": _moment(found.expires),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
