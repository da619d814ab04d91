"""A `server.chat.Chat` over the `zulip` client."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import structlog

from server import chat_words
from server.bot.client import Answer, Connection, Credentials, open_connection
from server.bot.pace import Pace
from server.chat import Account, Cursor, Heard, Incoming, Limits, RefusedError, Room

_PAGE = 200
_EVENTS = ("message", "restart", "stream", "subscription")
_LONGPOLL = 90.0  # seconds, where the server does not say
_MARGIN = 10.0

log = structlog.get_logger(__name__)


def connect(credentials: Credentials, pace: Pace | None = None) -> ZulipChat:
    """The chat, as the bot. Raises `UserError` when it cannot be reached or the credentials are wrong."""
    return ZulipChat(open_connection(credentials, pace or Pace()))


class ZulipChat:
    """For one thread at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._client, self._ask = connection.client, connection.ask
        self._humans: dict[int, Account | None] = {}
        self._me: Account | None = None
        self._limits = Limits()
        self._longpoll = _LONGPOLL

    def account(self) -> Account:
        answer = self._ask(self._client.get_profile)
        self._me = Account(answer["user_id"], answer["full_name"])
        return self._me

    def human(self, user_id: int) -> Account | None:
        """An account that Zulip does not show us is none of a person."""
        if user_id not in self._humans:
            try:
                user = self._ask(self._client.get_user_by_id, user_id)["user"]
            except RefusedError:
                return None
            person = Account(user["user_id"], user["full_name"], str(user.get("timezone") or ""))
            self._humans[user_id] = person if user["is_bot"] is False else None
        return self._humans[user_id]

    def called(self, names: Collection[str]) -> Mapping[str, Sequence[int]]:
        found: dict[str, list[int]] = {name: [] for name in names}
        try:
            members = self._ask(self._client.get_users)["members"]
        except RefusedError:  # not every account may list the others
            return found
        for user in members:
            if user["full_name"] in found:
                found[user["full_name"]].append(user["user_id"])
        return found

    def rooms(self) -> tuple[Room, ...]:
        streams = self._ask(self._client.get_streams)["streams"]
        return tuple(
            Room(each["stream_id"], each["name"], bool(each.get("invite_only", True))) for each in streams
        )

    def members(self, room: int) -> tuple[int, ...]:
        try:
            answer = self._ask(self._client.call_endpoint, f"streams/{room}/members", "GET")
        except RefusedError:  # a room that the bot may not look into
            return ()
        return tuple(int(number) for number in answer["subscribers"])

    def register(self) -> Cursor:
        answer = self._ask(
            self._client.register,
            event_types=_EVENTS,
            fetch_event_types=["realm"],
            apply_markdown=False,
        )
        self._client.feature_level = int(answer.get("zulip_feature_level") or self._connection.level)
        self._longpoll = float(answer.get("event_queue_longpoll_timeout_seconds") or _LONGPOLL)
        self._limits = _limits(answer)
        return Cursor(answer["queue_id"], answer["last_event_id"])

    def unregister(self, cursor: Cursor) -> None:
        self._ask(self._client.deregister, cursor.queue)

    def limits(self) -> Limits:
        return self._limits

    def events(self, cursor: Cursor) -> Heard:
        # The client's own way to wait for events gives up after 90 seconds, whatever the server says, and
        # then asks again without end; so it is asked as for anything else, with the server's patience.
        answer = self._ask(
            self._client.call_endpoint,
            "events",
            "GET",
            {"queue_id": cursor.queue, "last_event_id": cursor.last},
            timeout=self._longpoll + _MARGIN,
        )
        events = sorted(answer["events"], key=lambda event: int(event["id"]))
        last = max((int(event["id"]) for event in events), default=cursor.last)
        raw = [(event["message"], event["flags"]) for event in events if event["type"] == "message"]
        self._heed(events)
        moved = any(event["type"] in ("stream", "subscription") for event in events)
        return Heard(Cursor(cursor.queue, max(last, cursor.last)), _readable(raw), rooms_changed=moved)

    def _heed(self, events: Sequence[Mapping[str, Any]]) -> None:
        """After a restart the server may be a newer one."""
        levels = (event.get("zulip_feature_level") for event in events if event["type"] == "restart")
        for level in filter(None, levels):
            self._client.feature_level = int(level)

    def unread(self) -> tuple[Incoming, ...]:
        direct = chat_words.is_direct(self._connection.level)
        pages = [*self._pages(direct), *self._pages(("is", "mentioned"))]
        found = {message["id"]: (message, message["flags"]) for page in pages for message in page}
        return _readable([found[number] for number in sorted(found)])

    def mark_read(self, messages: Sequence[int]) -> None:
        flags = {"messages": list(messages), "op": "add", "flag": "read"}
        self._ask(self._client.update_message_flags, flags)

    def send(self, channel: str, to: str, topic: str | None, text: str) -> int:
        level = self._connection.level
        if channel == "direct":
            where: Answer = {"type": chat_words.direct_type(level), "to": [int(to)]}
        else:
            where = {"type": chat_words.channel_type(level), "to": _room(to), "topic": topic or ""}
        return int(self._ask(self._client.send_message, {**where, "content": text})["id"])

    def edit(self, message: int, text: str) -> None:
        self._ask(self._client.update_message, {"message_id": message, "content": text})

    def reads(self, message: int) -> str:
        raw = {"apply_markdown": False}
        answer = self._ask(self._client.call_endpoint, f"messages/{message}", "GET", raw)
        return str(answer["message"]["content"])

    def react(self, message: int, emoji: str) -> None:
        try:
            self._ask(self._client.add_reaction, {"message_id": message, "emoji_name": emoji})
        except RefusedError as error:
            if error.code != "REACTION_ALREADY_EXISTS":
                raise

    def sent(self, channel: str, to: str, topic: str | None, text: str) -> tuple[int, ...]:
        me, level = self._me or self.account(), self._connection.level
        place: tuple[str, object] = (chat_words.in_channel(level), _room(to))
        if channel == "direct":
            place = (chat_words.direct_with(level), [int(to)])
        recent = self._messages("newest", (place, ("sender", me.id)), before=_PAGE)["messages"]
        return tuple(
            message["id"]
            for message in recent
            if message["content"].strip() == text.strip()
            and (channel == "direct" or chat_words.topic_of(message).casefold() == (topic or "").casefold())
        )

    def _pages(self, kind: tuple[str, str]) -> list[list[Answer]]:
        """Everything unread of that kind, a page at a time."""
        pages: list[list[Answer]] = []
        anchor: str | int = "oldest"
        while True:
            answer = self._messages(anchor, (("is", "unread"), kind), after=_PAGE)
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
        return self._ask(self._client.get_messages, query)


def _limits(answer: Mapping[str, Any]) -> Limits:
    """As the server says, or as it has always been."""
    usual = Limits()
    return Limits(
        int(answer.get("max_message_length") or usual.message),
        int(answer.get("max_topic_length") or usual.topic),
    )


def _room(to: str) -> int | str:
    """A channel's number, or its name."""
    return int(to) if to.isascii() and to.isdigit() else to


def _readable(raw: Sequence[tuple[Mapping[str, Any], Sequence[str]]]) -> tuple[Incoming, ...]:
    """The messages that have the shape of one; any other is logged and left."""
    messages = []
    for message, flags in raw:
        try:
            messages.append(chat_words.incoming(message, flags))
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            log.error("message of an unknown shape", message=message.get("id"), error=repr(error))
    return tuple(messages)
