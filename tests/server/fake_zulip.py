"""A Zulip server as far as a bot can tell: its state, in memory; `fake_zulip_http` puts it on the network.

It has the part of the REST API that the bot uses, for the unmodified `zulip` client. Beside each message
it keeps whom Zulip would have alerted, by Zulip's own rules, so that a test can see that nobody was.
"""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LIMIT = 10_000
HEARTBEAT = 0.3

# What a fault does to the next request it fits: lose the answer after acting, or refuse before acting.
BAD_GATEWAY, BAD_GATEWAY_AFTER, BUSY, DROP_AFTER, REFUSE = "502", "502 after", "429", "drop after", "400"

_FENCE = re.compile(r"(`{3,}|~{3,}) *(?:([\w+\-./#]+)(?: +[^ ~`][^~`]*)?)? *")
_CODE = re.compile(r"(?<!\\)(`+)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_MENTION = re.compile(r"(?<![^\s'\"({\[/<])@(?P<silent>_?)(?:\*\*(?P<name>[^*]+)\*\*|\*(?P<group>[^*]+)\*)")
_EVERYBODY = {"all", "everyone", "channel", "stream", "topic"}


@dataclass
class User:
    id: int
    name: str
    email: str
    is_bot: bool = False
    key: str = "key"
    zone: str = ""


@dataclass
class Queue:
    user: int
    events: list[dict[str, Any]] = field(default_factory=list)
    next_id: int = 0


@dataclass
class Message:
    id: int
    sender: User
    content: str
    stream: int | None
    topic: str
    recipients: tuple[int, ...]
    mentioned: frozenset[int]
    alerts: tuple[str, ...]
    read_by: set[int] = field(default_factory=set)
    reactions: list[tuple[int, str]] = field(default_factory=list)


class FakeZulip:
    """The server's state. Tests act through `say` and `direct`, and look at `messages`."""

    def __init__(self) -> None:
        self.users: dict[int, User] = {}
        self.messages: list[Message] = []
        self.queues: dict[str, Queue] = {}
        self.requests: list[str] = []
        self.channels: dict[int, str] = {}
        self.too_late_to_edit = False
        self.url = ""
        self._faults: list[tuple[str, str]] = []
        self._changed = threading.Condition(threading.RLock())

    # What a test does.

    def add_user(self, name: str, *, is_bot: bool = False) -> User:
        number = 10 + len(self.users)
        user = User(number, name, f"user{number}@chat.example", is_bot, key=f"key{number}")
        self.users[number] = user
        return user

    def say(self, sender: User, content: str, *, stream: int = 1, topic: str = "general") -> Message:
        return self._store(sender, content, stream, topic, ())

    def direct(self, sender: User, content: str, *to: User) -> Message:
        return self._store(sender, content, None, "", tuple(sorted({sender.id, *(user.id for user in to)})))

    def fail_next(self, request: str, fault: str, times: int = 1) -> None:
        """Let the next requests of this kind (`POST messages`) go wrong."""
        with self._changed:
            self._faults += [(request, fault)] * times

    def heal(self) -> None:
        """Let nothing go wrong that did not yet."""
        with self._changed:
            self._faults.clear()

    def expire_queues(self) -> None:
        with self._changed:
            self.queues.clear()
            self._changed.notify_all()

    def said_by(self, user: User) -> list[Message]:
        with self._changed:
            return [message for message in self.messages if message.sender is user]

    def wait_until(self, holds: Callable[[], bool], seconds: float = 10) -> None:
        deadline = time.monotonic() + seconds
        with self._changed:
            while not holds():
                if not self._changed.wait(max(0.0, min(0.2, deadline - time.monotonic()))):
                    assert time.monotonic() < deadline, f"not so after {seconds} s; {self.requests[-8:]}"

    # What the API does.

    def fault(self, request: str) -> str | None:
        with self._changed:
            self.requests.append(request)
            for number, (wanted, fault) in enumerate(self._faults):
                if request == wanted:
                    del self._faults[number]
                    return fault
        return None

    def user_of(self, header: str | None) -> User | None:
        email, _, key = base64.b64decode((header or "").removeprefix("Basic ")).decode().partition(":")
        return next((u for u in self.users.values() if (u.email, u.key) == (email, key)), None)

    def register(self, user: User, data: dict[str, str]) -> dict[str, Any]:
        assert json.loads(data["apply_markdown"]) is False
        with self._changed:
            name = f"queue-{len(self.requests)}"
            self.queues[name] = Queue(user.id)
        return {"queue_id": name, "last_event_id": -1, "max_message_length": LIMIT}

    def events(self, user: User, data: dict[str, str]) -> dict[str, Any]:
        deadline = time.monotonic() + HEARTBEAT
        last = int(data["last_event_id"])
        with self._changed:
            while True:
                queue = self.queues.get(data["queue_id"])
                if queue is None or queue.user != user.id:
                    return error("Bad event queue ID", "BAD_EVENT_QUEUE_ID")
                queue.events = [event for event in queue.events if event["id"] > last]
                if queue.events:
                    return {"events": list(queue.events)}
                if time.monotonic() >= deadline:
                    queue.next_id += 1
                    return {"events": [{"type": "heartbeat", "id": queue.next_id - 1}]}
                self._changed.wait(0.05)

    def find(self, user: User, data: dict[str, str]) -> dict[str, Any]:
        narrow = [(term["operator"], term["operand"]) for term in json.loads(data.get("narrow", "[]"))]
        narrow = [(kind, self._channel(str(what)) if kind == "stream" else what) for kind, what in narrow]
        with self._changed:
            seen = [m for m in self.messages if _can_see(user, m) and all(_fits(user, m, t) for t in narrow)]
            before, after = int(data["num_before"]), int(data["num_after"])
            newest = self.messages[-1].id if self.messages else 0
            anchor = {"oldest": 0, "newest": newest}.get(data["anchor"]) or int(
                data["anchor"] if data["anchor"].isdigit() else 0
            )
            older = [m for m in seen if m.id < anchor]
            here = [m for m in seen if m.id == anchor and data.get("include_anchor") != "false"]
            newer = [m for m in seen if m.id > anchor]
            chosen = (older[-before:] if before else []) + here + newer[:after]
            shown = [{**self._shown(m), "flags": _flags(user, m)} for m in chosen]
        return {
            "messages": shown,
            "found_newest": len(newer) <= after,
            "found_oldest": len(older) <= before,
        }

    def send(self, user: User, data: dict[str, str]) -> dict[str, Any]:
        if data["type"] == "stream":
            number = self._channel(data["to"])
            if number is None:
                return error("Channel does not exist", "STREAM_DOES_NOT_EXIST")
            return {"id": self._store(user, data["content"], number, data["topic"], ()).id}
        assert data["type"] == "direct"
        ids = json.loads(data["to"])
        if any(number not in self.users for number in ids):
            return error("Invalid user ID", "BAD_REQUEST")
        return {"id": self._store(user, data["content"], None, "", tuple(sorted({user.id, *ids}))).id}

    def _channel(self, to: str) -> int | None:
        if to.isdigit():
            return int(to)
        return next((number for number, name in self.channels.items() if name == to), None)

    def edit(self, user: User, number: int, data: dict[str, str]) -> dict[str, Any]:
        with self._changed:
            message = next((m for m in self.messages if m.id == number and m.sender is user), None)
            if message is None:
                return error("Invalid message(s)", "BAD_REQUEST")
            if self.too_late_to_edit:
                return error("The time limit for editing this message has passed", "BAD_REQUEST")
            message.content = data["content"]
            self._changed.notify_all()
        return {}

    def delete(self, message: Message) -> None:
        with self._changed:
            self.messages.remove(message)

    def read(self, user: User, number: int) -> dict[str, Any]:
        with self._changed:
            message = next((m for m in self.messages if m.id == number and _can_see(user, m)), None)
            return (
                {"message": self._shown(message)} if message else error("Invalid message(s)", "BAD_REQUEST")
            )

    def flag(self, user: User, data: dict[str, str]) -> dict[str, Any]:
        assert (data["op"], data["flag"]) == ("add", "read")
        numbers = set(json.loads(data["messages"]))
        with self._changed:
            for message in self.messages:
                if message.id in numbers:
                    message.read_by.add(user.id)
            self._changed.notify_all()
        return {"messages": sorted(numbers)}

    def react(self, user: User, number: int, data: dict[str, str]) -> dict[str, Any]:
        with self._changed:
            message = next((m for m in self.messages if m.id == number), None)
            if message is None:
                return error("Invalid message(s)", "BAD_REQUEST")
            if (user.id, data["emoji_name"]) in message.reactions:
                return error("Reaction already exists.", "REACTION_ALREADY_EXISTS")
            message.reactions.append((user.id, data["emoji_name"]))
            self._changed.notify_all()
        return {}

    def _store(
        self, sender: User, content: str, stream: int | None, topic: str, recipients: tuple[int, ...]
    ) -> Message:
        content = content.rstrip().lstrip("\n")
        if len(content) > LIMIT:
            content = content[: LIMIT - 20] + "\n[message truncated]"
        alerts = alerts_in(content)
        mentioned = self._mentioned(alerts)
        with self._changed:
            number = self.messages[-1].id + 1 if self.messages else 100
            message = Message(
                number, sender, content, stream, topic, recipients, mentioned, alerts, {sender.id}
            )
            self.messages.append(message)
            for queue in self.queues.values():
                self._tell(queue, message)
            self._changed.notify_all()
        return message

    def _tell(self, queue: Queue, message: Message) -> None:
        user = self.users[queue.user]
        if _can_see(user, message):
            event = {"type": "message", "id": queue.next_id, "flags": _flags(user, message)}
            queue.events.append({**event, "message": self._shown(message)})
            queue.next_id += 1

    def _mentioned(self, alerts: tuple[str, ...]) -> frozenset[int]:
        """Users mentioned by name or id."""
        named = [alert.strip("@*").partition("|") for alert in alerts]
        return frozenset(
            user.id
            for user in self.users.values()
            for name, _, number in named
            if number == str(user.id) or (not number and name == user.name)
        )

    def _shown(self, message: Message) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "id": message.id,
            "sender_id": message.sender.id,
            "sender_full_name": message.sender.name,
            "sender_email": message.sender.email,
            "content": message.content,
            "subject": message.topic,
            "timestamp": int(time.time()),
        }
        if message.stream is not None:
            return {
                **shown,
                "type": "stream",
                "stream_id": message.stream,
                "display_recipient": self.channels.get(message.stream, "crew"),
            }
        people = [{"id": number, "full_name": self.users[number].name} for number in message.recipients]
        return {**shown, "type": "private", "display_recipient": people}


def alerts_in(content: str) -> tuple[str, ...]:
    """The mentions in a message that would alert somebody: those neither silent nor in code."""
    bare = _CODE.sub(" ", _without_blocks(content))
    return tuple(match[0] for match in _MENTION.finditer(bare) if not match["silent"])


def _without_blocks(content: str) -> str:
    """The lines outside blocks of code; within spoilers and quotations, markup is alive."""
    shown: list[str] = []
    open_blocks: list[tuple[str, bool]] = []
    for line in content.split("\n"):
        opening = _FENCE.fullmatch(line)
        if open_blocks and line.rstrip() == open_blocks[-1][0]:
            open_blocks.pop()
        elif open_blocks and open_blocks[-1][1]:
            continue
        elif opening:
            open_blocks.append((opening[1], opening[2] not in ("spoiler", "quote")))
        else:
            shown.append(line)
    return "\n".join(shown)


def _can_see(user: User, message: Message) -> bool:
    return message.stream is not None or user.id in message.recipients


def _flags(user: User, message: Message) -> list[str]:
    flags = ["read"] if user.id in message.read_by else []
    wild = any(alert.strip("@*") in _EVERYBODY for alert in message.alerts)
    return (
        flags
        + (["mentioned"] if user.id in message.mentioned else [])
        + (["wildcard_mentioned"] if wild else [])
    )


def _fits(user: User, message: Message, term: tuple[str, Any]) -> bool:
    match term:
        case ("is", "unread"):
            return user.id not in message.read_by
        case ("is", "mentioned"):
            return any("mentioned" in flag for flag in _flags(user, message))
        case ("is", "dm"):
            return message.stream is None
        case ("stream", int(number)):
            return message.stream == number
        case ("dm", [int(number)]):
            return message.recipients == tuple(sorted({user.id, number}))
        case ("sender", int(number)):
            return message.sender.id == number
    raise AssertionError(f"the fake knows no {term}")


def error(text: str, code: str, **more: Any) -> dict[str, Any]:
    return {"result": "error", "msg": text, "code": code, **more}
