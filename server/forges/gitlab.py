"""GitLab's payloads."""

from __future__ import annotations

from server.forges.events import (
    Account,
    Comment,
    Proposal,
    PullRequest,
    Push,
    Standing,
    Subject,
    Told,
    Turn,
    Verdict,
)
from server.forges.shapes import Link, Moment, Number, Perhaps, Sha, Shape, Words

_BRANCH = "refs/heads/"
_ASKS_CHANGES = "requested_changes"
_STANDINGS = {"merged": Standing.MERGED, "closed": Standing.CLOSED}
_ENDS = {"success": True, "failed": False}


class User(Shape):
    id: Number
    username: Words = ""


class Reviewer(Shape):
    id: Number
    state: Words = ""
    re_requested: bool = False


class Reviewers(Shape):
    previous: tuple[Reviewer, ...] = ()
    current: tuple[Reviewer, ...] = ()


class Changes(Shape):
    reviewers: Reviewers = Reviewers()


class Project(Shape):
    web_url: Link
    default_branch: Words = ""


class Commit(Shape):
    id: Sha


class Request(Shape):
    title: Words
    description: Words = ""
    state: Words = ""
    draft: bool = False
    work_in_progress: bool = False
    source_branch: Words = ""
    author_id: Number
    url: Link
    updated_at: Moment
    last_commit: Commit
    oldrev: Words = ""


class Delivery(Shape):
    project: Project


class PushDelivery(Delivery):
    ref: Words
    after: Sha


class RequestDelivery(Delivery):
    user: User
    object_attributes: Request
    changes: Changes = Changes()


class Topic(Shape):
    """The issue or the merge request below which somebody said something."""

    title: Words
    description: Words = ""
    source_branch: Words = ""


class Note(Shape):
    id: Number
    note: Words
    system: bool = False
    action: Words = "create"
    created_at: Moment
    url: Link


class NoteDelivery(Delivery):
    event_type: Words = ""
    user: User
    object_attributes: Note
    issue: Topic | None = None
    merge_request: Topic | None = None


class Pipeline(Shape):
    sha: Sha
    status: Words
    source: Words = ""
    finished_at: Perhaps = None


class PipelineDelivery(Delivery):
    object_attributes: Pipeline


def push(body: bytes) -> Told | None:
    payload = PushDelivery.model_validate_json(body)
    if not payload.ref.startswith(_BRANCH):
        return None
    branch, gone = payload.ref.removeprefix(_BRANCH), not payload.after.strip("0")
    what = Push(branch, "" if gone else payload.after, branch == payload.project.default_branch)
    return Told(payload.project.web_url, what)


def merge_request(body: bytes) -> Told | None:
    payload = RequestDelivery.model_validate_json(body)
    by, reviewers = Account(payload.user.id, payload.user.username), payload.changes.reviewers
    turn = _turn(reviewers, by) or (Turn.PUSHED if payload.object_attributes.oldrev else Turn.NOTHING)
    # Who reviews there was chosen by somebody who may.
    what = Proposal(_request(payload), turn, by, vouched=turn is Turn.CHANGES_ASKED)
    return Told(payload.project.web_url, what)


def note(body: bytes) -> Told | None:
    payload = NoteDelivery.model_validate_json(body)
    said, about = payload.object_attributes, payload.issue or payload.merge_request
    if said.system or said.action != "create" or about is None or payload.event_type == "confidential_note":
        return None
    link = said.url.partition("#")[0]
    subject = Subject(link, about.title, about.description, about.source_branch)
    by = Account(payload.user.id, payload.user.username)
    return Told(payload.project.web_url, Comment(str(said.id), said.note, by, subject, said.created_at))


def pipeline(body: bytes) -> Told | None:
    payload = PipelineDelivery.model_validate_json(body)
    run, passed = payload.object_attributes, _ENDS.get(payload.object_attributes.status)
    if passed is None:
        return None
    what = Verdict(run.sha, f"pipeline {run.source}".strip(), passed, run.finished_at)
    return Told(payload.project.web_url, what)


def _turn(reviewers: Reviewers, by: Account) -> Turn | None:
    before = {one.id: one.state for one in reviewers.previous}
    for one in reviewers.current:
        if one.id == by.id and one.state == _ASKS_CHANGES and before.get(one.id) != _ASKS_CHANGES:
            return Turn.CHANGES_ASKED
    asked = (one.re_requested or one.id not in before for one in reviewers.current)
    return Turn.REVIEW_ASKED if any(asked) else None


def _request(payload: RequestDelivery) -> PullRequest:
    told = payload.object_attributes
    draft = Standing.DRAFT if told.draft or told.work_in_progress else Standing.OPEN
    author = Account(told.author_id, payload.user.username if payload.user.id == told.author_id else "")
    return PullRequest(
        Subject(told.url, told.title, told.description, told.source_branch),
        _STANDINGS.get(told.state, draft),
        author,
        told.last_commit.id,
        told.updated_at,
    )


READERS = {
    "Push Hook": push,
    "Merge Request Hook": merge_request,
    "Note Hook": note,
    "Pipeline Hook": pipeline,
}
