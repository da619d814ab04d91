"""GitHub's payloads."""

from __future__ import annotations

from server.forges import hub
from server.forges.events import Proposal, Told, Turn, Verdict
from server.forges.shapes import Perhaps, Sha, Shape, Words

_TURNS = {"synchronize": Turn.PUSHED, "review_requested": Turn.REVIEW_ASKED}
# Whose reviews count, though nobody here may know them.
_INSIDERS = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
# How a check ended -> whether it passed; that it was skipped or given up says nothing.
_ENDS = {
    "success": True,
    "failure": False,
    "error": False,
    "timed_out": False,
    "startup_failure": False,
}


class Review(Shape):
    state: Words
    user: hub.User | None = None
    author_association: Words = ""


class ReviewDelivery(hub.PullDelivery):
    review: Review


class CheckRun(Shape):
    name: Words
    head_sha: Sha
    conclusion: Words = ""
    completed_at: Perhaps = None


class CheckDelivery(hub.Delivery):
    check_run: CheckRun


class StatusDelivery(hub.Delivery):
    sha: Sha
    state: Words
    context: Words = ""
    updated_at: Perhaps = None


def push(body: bytes) -> Told | None:
    payload = hub.PushDelivery.model_validate_json(body)
    what = hub.push(payload)
    return Told(payload.repository.html_url, what) if what else None


def pull_request(body: bytes) -> Told | None:
    payload = hub.PullDelivery.model_validate_json(body)
    turn = _TURNS.get(payload.action, Turn.NOTHING)
    what = Proposal(hub.request(payload.pull_request), turn, hub.account(payload.sender))
    return Told(payload.repository.html_url, what)


def review(body: bytes) -> Told | None:
    payload = ReviewDelivery.model_validate_json(body)
    said = payload.review
    asks = payload.action == "submitted" and said.state.lower() == "changes_requested"
    turn = Turn.CHANGES_ASKED if asks else Turn.NOTHING
    vouched = said.author_association in _INSIDERS
    what = Proposal(hub.request(payload.pull_request), turn, hub.account(said.user), vouched)
    return Told(payload.repository.html_url, what)


def comment(body: bytes) -> Told | None:
    payload = hub.CommentDelivery.model_validate_json(body)
    what = hub.comment(payload)
    return Told(payload.repository.html_url, what) if what else None


def check_run(body: bytes) -> Told | None:
    payload = CheckDelivery.model_validate_json(body)
    run, passed = payload.check_run, _ENDS.get(payload.check_run.conclusion)
    if payload.action != "completed" or passed is None:
        return None
    return Told(payload.repository.html_url, Verdict(run.head_sha, run.name, passed, run.completed_at))


def status(body: bytes) -> Told | None:
    payload = StatusDelivery.model_validate_json(body)
    passed = _ENDS.get(payload.state)
    if passed is None:
        return None
    what = Verdict(payload.sha, payload.context, passed, payload.updated_at)
    return Told(payload.repository.html_url, what)


READERS = {
    "push": push,
    "pull_request": pull_request,
    "pull_request_review": review,
    "issue_comment": comment,
    "check_run": check_run,
    "status": status,
}
