"""The payloads of Forgejo and of Gitea, which it comes from."""

from __future__ import annotations

from server.forges import github, hub
from server.forges.events import Proposal, Told, Turn, Verdict
from server.forges.shapes import Perhaps, Sha, Shape, Words

_TURNS = {"synchronized": Turn.PUSHED, "review_requested": Turn.REVIEW_ASKED}


class Run(Shape):
    """What ran, as Forgejo tells it."""

    commit_sha: Sha
    workflow_id: Words = ""
    stopped: Perhaps = None
    repository: hub.Repository


class RunDelivery(Shape):
    run: Run


class Workflow(Shape):
    """The same, as Gitea does."""

    head_sha: Sha
    path: Words = ""
    conclusion: Words = ""
    updated_at: Perhaps = None


class WorkflowDelivery(hub.Delivery):
    workflow_run: Workflow


def pull_request(body: bytes) -> Told | None:
    return _proposal(body, None)


def rejected(body: bytes) -> Told | None:
    """A review that asks for changes."""
    return _proposal(body, Turn.CHANGES_ASKED)


def run_failed(body: bytes) -> Told | None:
    return _verdict(body, passed=False)


def run_passed(body: bytes) -> Told | None:
    return _verdict(body, passed=True)


def workflow(body: bytes) -> Told | None:
    payload = WorkflowDelivery.model_validate_json(body)
    run = payload.workflow_run
    if payload.action != "completed" or run.conclusion not in ("success", "failure"):
        return None
    what = Verdict(run.head_sha, run.path, run.conclusion == "success", run.updated_at)
    return Told(payload.repository.html_url, what)


def _proposal(body: bytes, turn: Turn | None) -> Told:
    payload = hub.PullDelivery.model_validate_json(body)
    meant = turn or _TURNS.get(payload.action, Turn.NOTHING)
    what = Proposal(hub.request(payload.pull_request), meant, hub.account(payload.sender))
    return Told(payload.repository.html_url, what)


def _verdict(body: bytes, *, passed: bool) -> Told:
    run = RunDelivery.model_validate_json(body).run
    return Told(run.repository.html_url, Verdict(run.commit_sha, run.workflow_id, passed, run.stopped))


READERS = {
    "push": github.push,
    "pull_request": pull_request,
    "pull_request_rejected": rejected,
    "issue_comment": github.comment,
    "status": github.status,
    "action_run_failure": run_failed,
    "action_run_recover": run_passed,
    "action_run_success": run_passed,
    "workflow_run": workflow,
}
