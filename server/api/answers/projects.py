"""What is told of projects and their past commits."""

from __future__ import annotations

from typing_extensions import TypedDict

from dashboards.documents.describing import described
from dashboards.documents.projects import CommitDocument
from lean_project.status import Formal


@described
class ProjectLinkDocument(TypedDict):
    """A project that is looked after here."""

    slug: str
    """The name in addresses."""
    title: str
    """The title of its blueprint."""
    url: str
    """The path of its address in the API."""


@described
class MomentDocument(CommitDocument):
    """A commit that was checked."""

    checked: str
    """When that was."""


@described
class NodeMomentDocument(TypedDict):
    """What a node was like at a commit."""

    node: str
    """The label that it had."""
    status: Formal
    """How far it was formalized."""
    verified: bool
    """Whether it was verified."""
