"""The form of GitHub's payloads, which Forgejo and Gitea follow in most of them."""

from __future__ import annotations

from server.forges.events import Account, Comment, PullRequest, Push, Standing, Subject
from server.forges.shapes import Link, Moment, Number, Sha, Shape, Words

_BRANCH = "refs/heads/"


class User(Shape):
    id: Number
    login: Words = ""


class Repository(Shape):
    html_url: Link
    default_branch: Words = ""


class Head(Shape):
    sha: Sha
    ref: Words = ""


class Pull(Shape):
    html_url: Link
    title: Words
    body: Words = ""
    state: Words
    draft: bool = False
    merged_at: Words = ""
    updated_at: Moment
    user: User | None = None
    head: Head


class Marker(Shape):
    """What an issue that is a pull request has besides."""

    html_url: Link | None = None


class Issue(Shape):
    html_url: Link
    title: Words
    body: Words = ""
    pull_request: Marker | None = None


class Said(Shape):
    id: Number
    body: Words = ""
    user: User | None = None
    created_at: Moment


class Delivery(Shape):
    """What every payload has; `action` where one event is about several things."""

    action: Words = ""
    repository: Repository
    sender: User | None = None


class PushDelivery(Delivery):
    ref: Words
    after: Sha
    deleted: bool = False


class CommentDelivery(Delivery):
    issue: Issue
    comment: Said


class PullDelivery(Delivery):
    pull_request: Pull


def account(user: User | None) -> Account:
    """An account that was deleted is nobody's."""
    return Account(user.id, user.login) if user else Account(0)


def push(payload: PushDelivery) -> Push | None:
    """Nothing for a tag."""
    if not payload.ref.startswith(_BRANCH):
        return None
    branch = payload.ref.removeprefix(_BRANCH)
    gone = payload.deleted or not payload.after.strip("0")
    return Push(branch, "" if gone else payload.after, branch == payload.repository.default_branch)


def comment(payload: CommentDelivery) -> Comment | None:
    """What is new only: who changes an old one has said it already."""
    if payload.action != "created":
        return None
    said, about = payload.comment, payload.issue
    link = (about.pull_request and about.pull_request.html_url) or about.html_url
    subject = Subject(link, about.title, about.body)
    return Comment(str(said.id), said.body, account(said.user), subject, said.created_at)


def request(pull: Pull) -> PullRequest:
    subject = Subject(pull.html_url, pull.title, pull.body, pull.head.ref)
    return PullRequest(subject, _standing(pull), account(pull.user), pull.head.sha, pull.updated_at)


def _standing(pull: Pull) -> Standing:
    if pull.merged_at:
        return Standing.MERGED
    if pull.state == "closed":
        return Standing.CLOSED
    return Standing.DRAFT if pull.draft else Standing.OPEN
