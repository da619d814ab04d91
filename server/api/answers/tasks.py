"""What is told of tasks, and of what was done."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from dashboards.documents.credit import CreditDocument
from dashboards.documents.describing import described
from dashboards.documents.tasks import TaskDocument


@described
class SuggestionDocument(TaskDocument):
    """A free task, and why to take it."""

    reasons: list[str]
    """In sentences."""


@described
class MineDocument(TypedDict):
    """What a person has to do with a project."""

    held: list[TaskDocument]
    """The tasks that they hold."""
    asked: list[TaskDocument]
    """The tasks about which somebody waits for their answer."""
    set_aside: list[str]
    """Tasks of theirs that wait for what became of the nodes."""
    credit: list[CreditDocument]
    """Credit that waits for their word."""
    watched: list[str]
    """The nodes that they watch."""


@described
class DeedDocument(TypedDict):
    """What was done."""

    detail: str
    """In a sentence."""
    changed: bool
    """Whether anything is different now."""
    task: NotRequired[TaskDocument]
    """The task as it is afterwards, where it was about one."""
    renewed: NotRequired[bool]
    """Of a claim: whether the person had it already."""
    credit: NotRequired[CreditDocument]
    """The credit as it is afterwards, where it was about that."""


@described
class SaidDocument(TypedDict):
    """What the bot would answer."""

    text: str
    """The answer, in Zulip's Markdown."""
    ok: bool
    """Whether the wish was met."""
    changed: bool
    """Whether anything is different now."""
