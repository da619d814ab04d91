"""What people are told, and what goes to the chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.work.sentences import spoken


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know. `node` is a label, `project` a slug.

    `kept` is the sentence with what to type in it still set apart.
    """

    id: int
    project: str
    at: datetime
    kind: str
    node: str | None
    kept: str
    read: bool

    @property
    def text(self) -> str:
        """The sentence for whoever can type what it says."""
        return spoken(self.kept)


# Channel, to and topic: what is sent within one is sent in order.
Conversation = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A notice on its way to the chat. `node` is a label."""

    id: int
    project_id: int
    person_id: int
    kind: str
    node: str | None
    text: str


@dataclass(frozen=True, slots=True)
class DueDigest:
    """Somebody's digest: of what came after that event and that notice. `due` is when it was to come."""

    person_id: int
    seen_event: int
    seen_notice: int
    due: datetime


class PostKind(StrEnum):
    """What is said in a project's topic: the progress of a day, and milestones."""

    DAY = "day"
    SHARE = "share"
    GOAL = "goal"
    CHAPTER = "chapter"
    NEWCOMER = "newcomer"


@dataclass(frozen=True, slots=True)
class Post:
    """Something to say there. `name`: a date, a percentage, a label, a title, or a person's number."""

    id: int
    project_id: int
    kind: PostKind
    name: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message waiting to be sent or, where it has a `number`, to be edited.

    `channel` is `direct`, `stream` or `reaction`; `to` is a Zulip user id, the number or the name of a
    channel, or a message id. Where `plain` holds, the text is nobody's markup and the sender must escape it.
    `floor`: what became of an attempt has a higher number.
    """

    id: int
    channel: str
    to: str
    topic: str | None
    text: str
    plain: bool
    attempts: int
    created: datetime
    number: int | None = None
    floor: int = 0

    @property
    def conversation(self) -> Conversation:
        return self.channel, self.to, self.topic
