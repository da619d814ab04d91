"""A Zulip server as far as a bot can tell: its state, in memory.

`fake_zulip_api` has what its REST API answers, and `fake_zulip_http` puts that on the network, for the
unmodified `zulip` client. Beside each message it keeps whom Zulip would have alerted, by Zulip's own rules,
so that a test can see that nobody was.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from .fake_zulip_markup import EVERYBODY, alerts_in

LIMIT, TOPIC_LIMIT = 10_000, 60
HEARTBEAT = 0.3  # seconds
NEWEST_LEVEL = 400  # of Zulip's features; 7.0 has 185
TRUNCATED = "\n[message truncated]"

# What a fault does to a request: refuse it before anything happens, or lose the answer after it did.
BAD_GATEWAY, BAD_GATEWAY_AFTER = "502", "502 after"
DROP, DROP_AFTER = "drop", "drop after"
BUSY, REFUSE, SLOW = "429", "400", "slow"
FAULTS = (BAD_GATEWAY, BAD_GATEWAY_AFTER, DROP, DROP_AFTER, BUSY, SLOW)


@dataclass
class User:
    id: int
    name: str
    email: str
    is_bot: bool = False
    key: str = "key"
    zone: str = ""
    role: int = 400
    active: bool = True


@dataclass
class Channel:
    """`members` and `posters` are numbers of users; None is everybody."""

    id: int
    name: str
    private: bool = False
    members: set[int] | None = None
    posters: set[int] | None = None

    def has(self, user: User) -> bool:
        return self.members is None or user.id in self.members

    def shows(self, user: User) -> bool:
        return not self.private or self.has(user)


@dataclass
class Queue:
    user: int
    kinds: tuple[str, ...] | None = None
    markdown: bool = False
    everything: bool = False
    events: list[dict[str, Any]] = field(default_factory=list)
    next_id: int = 0
    delivered: int = -1

    def put(self, event: dict[str, Any]) -> None:
        if self.kinds is None or event["type"] in self.kinds or event["type"] == "heartbeat":
            self.events.append({**event, "id": self.next_id})
            self.next_id += 1

    def put_before_last(self, event: dict[str, Any]) -> None:
        """Out of order, where the last event has not been delivered yet."""
        last = self.events.pop() if self.events and self.events[-1]["id"] > self.delivered else None
        self.next_id -= last is not None
        self.put(event)
        if last is not None:
            self.put(last)


@dataclass
class Message:
    """`received_by` are the users who have it in their own history; `timestamp` is in seconds."""

    id: int
    sender: User
    content: str
    stream: int | None
    topic: str
    recipients: tuple[int, ...]
    received_by: frozenset[int]
    mentioned: frozenset[int]
    alerts: tuple[str, ...]
    read_by: set[int] = field(default_factory=set)
    reactions: list[tuple[int, str]] = field(default_factory=list)
    timestamp: float = field(default_factory=time.time)
    edited: float | None = None

    @property
    def conversation(self) -> tuple[object, ...]:
        return (self.sender.id, self.recipients) if self.stream is None else (self.stream, self.topic)


@dataclass
class Storm:
    """Faults at random: each request meets one with probability `rate`."""

    chance: Random
    rate: float
    faults: Sequence[str] = FAULTS


class FakeZulip:
    """The server's state. Tests act through `say` and `direct`, and look at `messages`."""

    def __init__(self, level: int = NEWEST_LEVEL) -> None:
        self.level = level
        self.limit, self.topic_limit = LIMIT, TOPIC_LIMIT
        self.users: dict[int, User] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: list[Message] = []
        self.queues: dict[str, Queue] = {}
        self.requests: list[str] = []
        self.url = ""
        self.edit_seconds: int | None = 600
        self.slowness = 0.4  # seconds that a slow answer takes
        self.rate: int | None = None  # requests a minute
        self.storm: Storm | None = None
        self.disorder: Random | None = None
        self.changed = threading.Condition(threading.RLock())
        self._faults: list[tuple[str, str]] = []
        self._down = 0.0
        self._asked: dict[int, deque[float]] = {}
        self._queue_number = 0

    # What a test does.

    def add_user(self, name: str, *, is_bot: bool = False) -> User:
        number = 10 + len(self.users)
        user = User(number, name, f"user{number}@chat.example", is_bot, key=f"key{number}")
        self.users[number] = user
        return user

    def add_channel(
        self, number: int, name: str, members: Collection[User] | None = None, *, private: bool = False
    ) -> Channel:
        chosen = None if members is None else {user.id for user in members}
        self.channels[number] = Channel(number, name, private, chosen)
        return self.channels[number]

    def say(self, sender: User, content: str, *, stream: int = 1, topic: str = "general") -> Message:
        """A message in a channel, which is made where there is none of that number."""
        with self.changed:
            if stream not in self.channels:
                self.add_channel(stream, f"channel {stream}")
        return self.store(sender, content, stream, topic, ())

    def direct(self, sender: User, content: str, *to: User) -> Message:
        return self.store(sender, content, None, "", tuple(sorted({sender.id, *(user.id for user in to)})))

    def fail_next(self, request: str, fault: str, times: int = 1) -> None:
        """Let the next requests of this kind (`POST messages`) go wrong."""
        with self.changed:
            self._faults += [(request, fault)] * times

    def heal(self) -> None:
        """Let nothing go wrong that did not yet."""
        with self.changed:
            self._faults.clear()
            self.storm = self.disorder = None
            self._down = 0.0

    def expire_queues(self) -> None:
        with self.changed:
            self.queues.clear()
            self.changed.notify_all()

    def restart(self, down: float = 0.0, *, graceful: bool = False) -> None:
        """Go away for some seconds; unless graceful, with every queue of events."""
        with self.changed:
            self._down = time.monotonic() + down
            if graceful:
                self.publish(
                    {
                        "type": "restart",
                        "zulip_version": "11.0",
                        "zulip_merge_base": "11.0",
                        "zulip_feature_level": self.level,
                        "server_generation": int(time.time()),
                    },
                    self.users,
                )
            else:
                self.expire_queues()

    def said_by(self, user: User) -> list[Message]:
        with self.changed:
            return [message for message in self.messages if message.sender is user]

    def wait_until(self, holds: Callable[[], bool], seconds: float = 10) -> None:
        deadline = time.monotonic() + seconds
        with self.changed:
            while not holds():
                if not self.changed.wait(max(0.0, min(0.2, deadline - time.monotonic()))):
                    assert time.monotonic() < deadline, f"not so after {seconds} s; {self.requests[-8:]}"

    # What its doors use.

    def fault(self, request: str) -> str | None:
        with self.changed:
            self.requests.append(request)
            for number, (wanted, fault) in enumerate(self._faults):
                if request == wanted:
                    del self._faults[number]
                    return fault
            if time.monotonic() < self._down:
                return BAD_GATEWAY
            if self.storm is not None and self.storm.chance.random() < self.storm.rate:
                return self.storm.chance.choice(self.storm.faults)
        return None

    def allowance(self, user: User) -> tuple[int, int, float]:
        """Count a request: the limit, how many are left (negative: too many), and seconds until one is."""
        now = time.monotonic()
        with self.changed:
            asked = self._asked.setdefault(user.id, deque())
            while asked and asked[0] < now - 60:
                asked.popleft()
            limit = 1_000_000 if self.rate is None else self.rate
            left = limit - len(asked) - 1
            if left >= 0:
                asked.append(now)
            return limit, left, (asked[0] + 60 - now) if asked else 0.0

    def message(self, number: int) -> Message | None:
        return next((message for message in self.messages if message.id == number), None)

    def store(
        self, sender: User, content: str, stream: int | None, topic: str, recipients: tuple[int, ...]
    ) -> Message:
        content = _cut(content.rstrip().lstrip("\n"), self.limit, TRUNCATED)
        topic = _cut(topic, self.topic_limit, "...")
        with self.changed:
            got = set(recipients) if stream is None else self._members(stream) | {sender.id}
            alerts = alerts_in(content)
            message = Message(
                self.messages[-1].id + 1 if self.messages else 100,
                sender,
                content,
                stream,
                topic,
                recipients,
                frozenset(got),
                self.mentioned(alerts),
                alerts,
                {sender.id},
            )
            self.messages.append(message)
            self.publish({"type": "message", "of": message}, message.received_by)
        return message

    def change(self, message: Message, content: str) -> None:
        """Give it another text; nobody is alerted anew."""
        message.content = _cut(content.rstrip(), self.limit, TRUNCATED)
        message.alerts += alerts_in(message.content)
        message.edited = time.time()

    def register(self, user: User, queue: Queue) -> str:
        with self.changed:
            self._queue_number += 1
            name = f"queue-{self._queue_number}"
            self.queues[name] = queue
            return name

    def publish(self, event: dict[str, Any], users: Collection[int]) -> None:
        """Put an event into the queues of these users, now and then twice or before the one before it."""
        for queue in self.queues.values():
            if queue.user not in users and not (queue.everything and _public(self, event)):
                continue
            if self.disorder and queue.events and self._swappable(queue.events[-1], event):
                queue.put_before_last(event)
            else:
                queue.put(event)
            if self.disorder and self.disorder.random() < 0.1:
                queue.put(event)
        self.changed.notify_all()

    def _swappable(self, last: dict[str, Any], event: dict[str, Any]) -> bool:
        """Zulip keeps the order within a conversation."""
        both = last["type"] == event["type"] == "message"
        apart = both and last["of"].conversation != event["of"].conversation
        return apart and self.disorder is not None and self.disorder.random() < 0.3

    def mentioned(self, alerts: tuple[str, ...]) -> frozenset[int]:
        """Users mentioned by name or id."""
        named = [alert.strip("@*").partition("|") for alert in alerts]
        return frozenset(
            user.id
            for user in self.users.values()
            for name, _, number in named
            if number == str(user.id) or (not number and name == user.name)
        )

    def _members(self, stream: int) -> set[int]:
        members = self.channels[stream].members
        return set(self.users) if members is None else set(members)


def flags_of(user: User, message: Message) -> list[str]:
    if user.id not in message.received_by:
        return ["read", "historical"]
    wild = any(alert.strip("@*") in EVERYBODY for alert in message.alerts)
    flags = {"read": user.id in message.read_by, "mentioned": user.id in message.mentioned}
    return [flag for flag, holds in {**flags, "wildcard_mentioned": wild}.items() if holds]


def _public(zulip: FakeZulip, event: dict[str, Any]) -> bool:
    message = event.get("of")
    return message is not None and message.stream is not None and not zulip.channels[message.stream].private


def _cut(text: str, limit: int, mark: str) -> str:
    """As Zulip cuts what is too long."""
    return text if len(text) <= limit else text[: limit - len(mark)] + mark
