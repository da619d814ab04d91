"""What can happen on a forge, in one form for all of them: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Forge(StrEnum):
    """The kinds of forges that are understood; each is the last piece of an address."""

    GITHUB = "github"
    GITLAB = "gitlab"
    FORGEJO = "forgejo"
    GITEA = "gitea"


class Standing(StrEnum):
    """What a pull request is; merged is for ever."""

    DRAFT = "draft"
    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"


class Turn(StrEnum):
    """What happened to a pull request besides what it is now."""

    NOTHING = "nothing"
    PUSHED = "pushed"
    REVIEW_ASKED = "review asked"
    CHANGES_ASKED = "changes asked"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody on the forge; the number is theirs for ever, the login may become somebody else's."""

    id: int
    login: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """An issue or a pull request that is spoken of; `link` is its address, `branch` that of its work."""

    link: str
    title: str
    body: str
    branch: str = ""


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request (a merge request) as it was `at` that moment. `sha` is its newest commit."""

    subject: Subject
    standing: Standing
    author: Account
    sha: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something happened to a pull request. `by` did it; `vouched`: the forge lets them decide."""

    request: PullRequest
    turn: Turn
    by: Account
    vouched: bool = False


@dataclass(frozen=True, slots=True)
class Push:
    """New commits on a branch; `default`: on the default one. An empty `sha` says that it was deleted."""

    branch: str
    sha: str
    default: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """A check of that name of a commit has ended, `at` that moment where the forge says when."""

    sha: str
    name: str
    passed: bool
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """Something new that somebody said below an issue or a pull request; `key` is its number."""

    key: str
    text: str
    by: Account
    about: Subject
    at: datetime


Happening = Proposal | Push | Verdict | Comment


@dataclass(frozen=True, slots=True)
class Told:
    """What happened, and in which repository: its address."""

    repository: str
    what: Happening
