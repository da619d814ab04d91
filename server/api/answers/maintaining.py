"""What maintainers are told."""

from __future__ import annotations

from typing_extensions import TypedDict

from dashboards.documents.describing import described
from server.api.answers.session import SelfDocument
from server.work.permissions import Role


@described
class QueueDocument(TypedDict):
    """A queue of what waits for maintainers."""

    key: str
    """Its name in addresses."""
    title: str
    """What it is called."""
    meaning: str
    """What waits there, and what to do about it."""
    count: int
    """How many wait."""
    oldest: str | None
    """Since when the first does, where that is known."""


@described
class WaitingDocument(TypedDict):
    """Something that waits in a queue."""

    key: int | str
    """The number of the task or the entry, or the label of the node."""
    since: str | None
    """Since when, where that is known."""


@described
class SettingDocument(TypedDict):
    """Something that a project decides."""

    key: str
    """Its name."""
    group: str
    """What it belongs to."""
    meaning: str
    """What it does."""
    value: str
    """How it is."""
    default: str
    """How it would be by itself."""
    own: bool
    """Whether that differs."""
    changed: str | None
    """When it was changed last."""
    changed_by: int | None
    """By whom; nobody where it was whoever runs the server."""


@described
class SentenceDocument(TypedDict):
    """What became of it."""

    detail: str
    """In a sentence."""


@described
class MemberDocument(TypedDict):
    """Somebody with a role of their own in the project."""

    person: SelfDocument
    """Who, with that role."""
    since: str
    """Since when."""


@described
class MemberOutcomeDocument(TypedDict):
    """What somebody's role in the project is afterwards."""

    person: int
    """Their number."""
    role: Role | None
    """None, where they have no role of their own."""
    changed: bool
    """Whether that is new."""
    detail: str
    """The same in a sentence."""


@described
class PrivacyDocument(TypedDict):
    """Who may know of the project."""

    private: bool
    """Its members alone; else everybody."""


@described
class HealthDocument(TypedDict):
    """How the project and its server are."""

    commit: str | None
    """The newest commit that was checked."""
    checked: str | None
    """When that was."""
    waiting: int
    """How many messages wait to be sent."""
    late: int
    """How many of them should have gone out."""
    failed: int
    """How many the chat would not take."""
    database: int
    """The size of the database in bytes."""
    free: int
    """The room that is left on the disk, in bytes."""
    version: str
    """The version of the server."""
    heard: str | None
    """When the bot last listened; never, where there is none."""
    deliveries: int
    """How much of what a forge told is not worked off yet."""
    oldest: QueueDocument | None
    """The queue in which something waits longest, where one does."""
    failing: str | None
    """Since when new commits cannot be brought in; `wrong` says why not."""
    wrong: list[str]
    """What somebody should look at now, in sentences."""
