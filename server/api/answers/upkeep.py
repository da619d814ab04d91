"""What is told of renames, and of checks that others run."""

from __future__ import annotations

from typing_extensions import TypedDict

from dashboards.documents.describing import described


@described
class AskedDocument(TypedDict):
    """A question to maintainers: whether a node has become another."""

    old: str
    """The label of the node that was."""
    new: str
    """The label of the node that is."""
    caption: str
    """How people refer to the new one."""
    gone: bool
    """Whether the old one left; else the new one took something over from it."""
    why: str
    """What the two have in common."""
    asked: str
    """Since when that is asked."""
    was: str
    """The old statement, in LaTeX."""
    now: str
    """The new one."""
    waiting: list[str]
    """Who holds tasks that wait for the answer."""


@described
class DecidedDocument(TypedDict):
    """What was decided."""

    old: str
    """The label of the node that was."""
    new: str
    """The label of the node that is."""
    same: bool
    """Whether they are one node."""
    text: str
    """The same in a sentence."""


@described
class ReceiptDocument(TypedDict):
    """What became of a report."""

    commit: str
    """The commit that it is about."""
    pending: bool
    """Whether it waits until the repository here has that commit."""
    detail: str
    """The same in a sentence."""


@described
class ReporterDocument(TypedDict):
    """Somebody else who checks the project, and whom it trusts."""

    name: str
    """What it is called."""
    since: str
    """Since when it is trusted."""
    used: str | None
    """When it reported last."""
    ended: str | None
    """Until when it was trusted, where that is over."""


@described
class ReporterSecretsDocument(TypedDict):
    """The secrets of a new reporter, which are shown this once."""

    name: str
    """What it is called."""
    token: str
    """What lets it in."""
    key: str
    """What signs its reports."""


@described
class ReporterGoneDocument(TypedDict):
    """A reporter that is believed no more."""

    name: str
    """What it was called."""
    trusted: bool
    """Never."""


@described
class WebhookDocument(TypedDict):
    """A webhook, by which a forge tells of the project."""

    forge: str
    """Which forge."""
    address: str
    """Where it posts."""
    made: str
    """When its secret was made."""
    used: str | None
    """When it told something last."""
    ends: str | None
    """Until when the secret is good, where it was replaced."""


@described
class WebhookSecretDocument(TypedDict):
    """What a forge is to be told, shown this once."""

    forge: str
    """Which forge."""
    address: str
    """Where it is to post."""
    secret: str
    """What signs its deliveries."""


@described
class WebhookGoneDocument(TypedDict):
    """A webhook that is believed no more."""

    forge: str
    """Which forge."""
    ended: bool
    """Always."""
