"""What the bot's two loops know of a chat: messages, accounts, and the ways in which it fails."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class UnreachableError(Exception):
    """No clear answer: what was asked may or may not have happened."""


class BusyError(Exception):
    """Asked too much; nothing happened. Ask again after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait {seconds} s")
        self.seconds = seconds


class RefusedError(Exception):
    """The chat said no, and will say no again; `code` is its own word for why."""

    def __init__(self, words: str, code: str = "") -> None:
        super().__init__(words)
        self.code = code


class QueueGoneError(Exception):
    """The event queue is no more; register a new one."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody's in the chat; `zone` is the time zone that they gave there, or nothing."""

    id: int
    name: str
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a queue of events has been read."""

    queue: str
    last: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message somebody wrote. `stream` is None for a direct one, whose `people` are all who read it.

    `channel` is the name of what `stream` is the number of.
    """

    id: int
    sender_id: int
    sender_name: str
    text: str
    mentioned: bool
    stream: int | None
    topic: str
    people: tuple[int, ...]
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came after a cursor, and how far that is; `rooms_changed` says that a channel is another now."""

    cursor: Cursor
    messages: tuple[Incoming, ...] = ()
    rooms_changed: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """A channel that the bot can see."""

    number: int
    name: str
    private: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """The most characters that the chat takes; what is longer, it cuts."""

    message: int = 10_000
    topic: int = 60


class Chat(Protocol):
    """The chat's server.

    Every method raises `UnreachableError`, `BusyError`, `RefusedError`, and `UserError` where the bot is
    shut out for good.
    """

    def account(self) -> Account:
        """The bot's own."""

    def human(self, user_id: int) -> Account | None:
        """None where a program has that account, or nobody."""

    def called(self, names: Collection[str]) -> Mapping[str, Sequence[int]]:
        """The numbers of the accounts of each of these names; all are asked for at once."""

    def rooms(self) -> tuple[Room, ...]:
        """Every channel that the bot can see."""

    def members(self, room: int) -> tuple[int, ...]:
        """The numbers of the accounts in that channel, as far as the bot can know."""

    def register(self) -> Cursor: ...

    def unregister(self, cursor: Cursor) -> None: ...

    def limits(self) -> Limits:
        """As the chat said at the last `register`; before, the usual ones."""

    def events(self, cursor: Cursor) -> Heard:
        """Wait for what comes after the cursor; raises `QueueGoneError`."""

    def unread(self) -> tuple[Incoming, ...]:
        """Direct messages and mentions not marked as read, oldest first."""

    def mark_read(self, messages: Sequence[int]) -> None: ...

    def send(self, channel: str, to: str, topic: str | None, text: str) -> int:
        """The number of the new message; `channel` and `to` as in `Outgoing`."""

    def edit(self, message: int, text: str) -> None:
        """Refused where it is too late for that, or the message is gone."""

    def reads(self, message: int) -> str:
        """What a message says now; refused where it is gone."""

    def react(self, message: int, emoji: str) -> None: ...

    def sent(self, channel: str, to: str, topic: str | None, text: str) -> tuple[int, ...]:
        """The numbers of the bot's own recent messages that look just so, oldest first."""
