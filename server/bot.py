"""The door to Zulip, and the bot that stands in it. Needs Zulip 7 or newer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from configparser import Error as ConfigError
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import structlog
import zulip

from blueprint.errors import UserError
from server.caretaker import look_after
from server.chat import Account, BusyError, Cursor, Incoming, QueueGoneError, RefusedError, UnreachableError
from server.listener import Listener
from server.sender import Sender
from server.store import Database

_SHUT_OUT = {"INVALID_API_KEY", "UNAUTHORIZED", "USER_DEACTIVATED", "REALM_DEACTIVATED"}
_LONGEST_WAIT = 300.0  # seconds
_PAGE = 200

log = structlog.get_logger(__name__)

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Credentials:
    """Either a zuliprc file, or the three things such a file holds."""

    file: Path | None = None
    site: str | None = None
    email: str | None = None
    key: str | None = None


def connect(credentials: Credentials) -> ZulipChat:
    """The chat, as the bot. Raises `UserError` when it cannot be reached or the credentials are wrong."""
    if credentials.file is not None and not credentials.file.is_file():
        raise UserError(f"There is no file {credentials.file}; download the bot's zuliprc from Zulip.")
    try:
        client = zulip.Client(
            config_file=str(credentials.file) if credentials.file else None,
            site=credentials.site,
            email=credentials.email,
            api_key=credentials.key,
            client="Chantier",
            retry_on_errors=False,
        )
    except (zulip.ConfigNotFoundError, zulip.MissingURLError, ConfigError) as error:
        raise UserError(
            "The bot's Zulip site, e-mail address or key is missing; see docs/zulip.md."
        ) from error
    except (zulip.ZulipError, OSError, ValueError, AssertionError) as error:
        where = credentials.file or credentials.site or "the site in the environment"
        raise UserError(f"No Zulip server answers at {where}; check the address.") from error
    return ZulipChat(client)


class ZulipChat:
    """A `server.chat.Chat` over the `zulip` client, whose own retries must be off: they repeat messages."""

    def __init__(self, client: zulip.Client) -> None:
        self._client = client
        self._humans: dict[int, Account | None] = {}
        self._me: Account | None = None

    def account(self) -> Account:
        answer = _ask(self._client.get_profile)
        self._me = Account(answer["user_id"], answer["full_name"])
        return self._me

    def human(self, user_id: int) -> Account | None:
        """An account that Zulip does not show us is none of a person."""
        if user_id not in self._humans:
            try:
                user = _ask(self._client.get_user_by_id, user_id)["user"]
            except RefusedError:
                return None
            person = Account(user["user_id"], user["full_name"], str(user.get("timezone") or ""))
            self._humans[user_id] = person if user["is_bot"] is False else None
        return self._humans[user_id]

    def called(self, name: str) -> tuple[int, ...]:
        try:
            members = _ask(self._client.get_users)["members"]
        except RefusedError:  # not every account may list the others
            return ()
        return tuple(user["user_id"] for user in members if user["full_name"] == name)

    def register(self) -> Cursor:
        answer = _ask(self._client.register, event_types=["message"], apply_markdown=False)
        return Cursor(answer["queue_id"], answer["last_event_id"])

    def events(self, cursor: Cursor) -> tuple[Cursor, tuple[Incoming, ...]]:
        events = _ask(self._client.get_events, queue_id=cursor.queue, last_event_id=cursor.last)["events"]
        last = max((event["id"] for event in events), default=cursor.last)
        raw = [(event["message"], event["flags"]) for event in events if event["type"] == "message"]
        return Cursor(cursor.queue, last), _readable(raw)

    def unread(self) -> tuple[Incoming, ...]:
        pages = [*self._pages("dm"), *self._pages("mentioned")]
        found = {message["id"]: (message, message["flags"]) for page in pages for message in page}
        return _readable([found[number] for number in sorted(found)])

    def mark_read(self, messages: Sequence[int]) -> None:
        _ask(self._client.update_message_flags, {"messages": list(messages), "op": "add", "flag": "read"})

    def send(self, channel: str, to: str, topic: str | None, text: str) -> int:
        where: Answer = {"type": "stream", "to": _channel(to), "topic": topic or ""}
        if channel == "direct":
            where = {"type": "direct", "to": [int(to)]}
        return int(_ask(self._client.send_message, {**where, "content": text})["id"])

    def edit(self, message: int, text: str) -> None:
        _ask(self._client.update_message, {"message_id": message, "content": text})

    def reads(self, message: int) -> str:
        answer = _ask(self._client.call_endpoint, f"messages/{message}", "GET", {"apply_markdown": False})
        return str(answer["message"]["content"])

    def react(self, message: int, emoji: str) -> None:
        _ask(self._client.add_reaction, {"message_id": message, "emoji_name": emoji})

    def sent(self, channel: str, to: str, topic: str | None, text: str) -> tuple[int, ...]:
        me = self._me or self.account()
        place = ("dm", [int(to)]) if channel == "direct" else ("stream", _channel(to))
        recent = self._messages("newest", (place, ("sender", me.id)), before=_PAGE)["messages"]
        return tuple(
            message["id"]
            for message in recent
            if message["content"] == text and (channel == "direct" or message["subject"] == topic)
        )

    def _pages(self, kind: str) -> list[list[Answer]]:
        """Everything unread of that kind, a page at a time."""
        pages: list[list[Answer]] = []
        anchor: str | int = "oldest"
        while True:
            answer = self._messages(anchor, (("is", "unread"), ("is", kind)), after=_PAGE)
            pages.append(answer["messages"])
            if answer["found_newest"] or not answer["messages"]:
                return pages
            anchor = answer["messages"][-1]["id"]

    def _messages(
        self, anchor: str | int, narrow: Sequence[tuple[str, object]], before: int = 0, after: int = 0
    ) -> Answer:
        query = {
            "anchor": anchor,
            "num_before": before,
            "num_after": after,
            "narrow": [{"operator": operator, "operand": operand} for operator, operand in narrow],
            "apply_markdown": False,
        }
        return _ask(self._client.get_messages, query)


def _channel(to: str) -> int | str:
    """A channel's number, or its name."""
    return int(to) if to.isascii() and to.isdigit() else to


def run(
    database: Database,
    project: str | None,
    base_url: str,
    credentials: Credentials,
    clock: Callable[[], datetime],
    stop: threading.Event,
) -> None:
    """Speak for that project, or for all: listen, send, remind until told to stop.

    `UserError` when shut out. Safe to kill at any time.
    """
    ears = Listener(database, connect(credentials), project, base_url, clock)
    mouth = Sender(database, connect(credentials), clock)
    ends: SimpleQueue[Exception | None] = SimpleQueue()
    for work in (ears.run, mouth.run, partial(look_after, database, clock)):
        threading.Thread(target=_until_it_ends, args=(work, stop, ends), daemon=True).start()
    failure = ends.get()
    stop.set()
    if failure is not None:
        raise failure


def _until_it_ends(
    work: Callable[[threading.Event], None], stop: threading.Event, ends: SimpleQueue[Exception | None]
) -> None:
    try:
        work(stop)
    except Exception as failure:  # noqa: BLE001  (the main thread raises it)
        ends.put(failure)
    else:
        ends.put(None)


def _ask(call: Callable[..., Answer], *args: object, **named: object) -> Answer:
    """The answer of a call that succeeded; everything else as one of the ways a chat fails."""
    try:
        answer = call(*args, **named)
    except (OSError, zulip.ZulipError) as error:
        raise UnreachableError(type(error).__name__) from error
    if not isinstance(answer, dict):
        raise UnreachableError("an answer that is no object")
    if answer.get("result") != "success":
        raise _failure(answer)
    return answer


def _failure(answer: Answer) -> Exception:
    code, words = answer.get("code"), str(answer.get("msg"))
    if code == "RATE_LIMIT_HIT" or "retry-after" in answer:
        return BusyError(min(max(float(answer.get("retry-after") or 1), 0.05), _LONGEST_WAIT))
    if code in _SHUT_OUT:
        return UserError(f"Zulip does not let the bot in ({words}); check its e-mail address and key.")
    if code == "BAD_EVENT_QUEUE_ID":
        return QueueGoneError(words)
    # Zulip's own mistakes come without a code, or not as JSON at all, and may come after the fact.
    return RefusedError(words) if answer.get("result") == "error" and code else UnreachableError(words)


def _readable(raw: Sequence[tuple[Mapping[str, Any], Sequence[str]]]) -> tuple[Incoming, ...]:
    """The messages that have the shape of one; any other is logged and left."""
    messages = []
    for message, flags in raw:
        try:
            messages.append(_incoming(message, flags))
        except (KeyError, TypeError, ValueError) as error:
            log.error("message of an unknown shape", message=message.get("id"), error=repr(error))
    return tuple(messages)


def _incoming(message: Mapping[str, Any], flags: Sequence[str]) -> Incoming:
    public = message["type"] == "stream"
    return Incoming(
        id=int(message["id"]),
        sender_id=int(message["sender_id"]),
        sender_name=str(message["sender_full_name"]),
        text=str(message["content"]),
        mentioned="mentioned" in flags,
        stream=int(message["stream_id"]) if public else None,
        topic=str(message["subject"]) if public else "",
        channel=str(message["display_recipient"]) if public else "",
        people=() if public else tuple(int(user["id"]) for user in message["display_recipient"]),
    )
