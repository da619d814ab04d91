"""What is told of nodes, and of what was done about them."""

from __future__ import annotations

from typing_extensions import TypedDict

from dashboards.documents.describing import described
from dashboards.documents.tasks import TaskDocument


@described
class CompanyDocument(TypedDict):
    """Who has to do with a node."""

    node: str
    """The node's label."""
    caption: str
    """How people refer to it."""
    tasks: list[TaskDocument]
    """The tasks that somebody holds."""
    workers: list[str]
    """Who worked on it."""
    reviewers: list[str]
    """Who reviewed it."""
    helpers: list[str]
    """Who could help."""


@described
class BegunDocument(TypedDict):
    """Work that can begin."""

    kind: str
    """State, define or prove."""
    node: str
    """The label of the node."""


@described
class OpenedDocument(TypedDict):
    """What waits for a node."""

    done: bool
    """Whether the node needs no work any more."""
    ready: list[BegunDocument]
    """What can begin once it is done."""
    resting: int
    """How many nodes that are not verified stand on it."""
    goals: list[str]
    """The goals to which it leads."""


@described
class AgreedOutcomeDocument(TypedDict):
    """How the agreement on a statement stands afterwards."""

    node: str
    """The node's label."""
    caption: str
    """How people refer to it."""
    agreed: bool
    """Whether it is agreed upon."""
    changed: bool
    """Whether that is new."""
    text: str
    """The same in a sentence."""


@described
class WatchedDocument(TypedDict):
    """Whether a node is watched afterwards."""

    node: str
    """The node's label."""
    caption: str
    """How people refer to it."""
    watching: bool
    """Whether the person is told what happens to it."""
    changed: bool
    """Whether that is new."""
