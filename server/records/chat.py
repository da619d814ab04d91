"""The chat: its channels and accounts, and what was said there last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """A command that could be about any of these nodes; they are labels."""

    command: str
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LastDeed:
    """What somebody did last. `subject` is what to type for what it was done to, such as `#12`.

    `version` is that of the task afterwards, where it was done to one.
    """

    verb: str
    subject: str
    version: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ChatAccount:
    """An account of the chat: how many more commands it had when it was last `seen`, and whether it waits."""

    seen: datetime
    tokens: float
    waits: bool


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of the chat in which a project is spoken of; `number` is the chat's, once it is known.

    `progress` is posted in the topic.
    """

    name: str
    number: int | None = None
    private: bool = False
    progress: bool = False
    topic: str | None = None
