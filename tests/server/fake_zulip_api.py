"""What the fake Zulip answers to each request: its REST API, as a table of routes and what each does."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from . import fake_zulip_shown as shown
from .fake_zulip import HEARTBEAT, Channel, FakeZulip, Message, Queue, User, flags_of

Form = dict[str, str]
Answer = dict[str, Any]

_BAD = "BAD_REQUEST"
# The feature levels from which on Zulip knows these words.
_DIRECT_TYPE, _CHANNEL_TYPE = 174, 248
_OPERATORS = {"dm": 177, "is:dm": 177, "channel": 250}


class RefusalError(Exception):
    """An answer of the server's that says no; the status is that of HTTP."""

    def __init__(self, words: str, code: str = _BAD, status: int = 400, **more: Any) -> None:
        super().__init__(words)
        self.answer = {"result": "error", "msg": words, "code": code, **more}
        self.status = status


def server_settings(zulip: FakeZulip) -> Answer:
    """The one request that needs no key."""
    return {
        "zulip_version": "11.0",
        "zulip_feature_level": zulip.level,
        "zulip_merge_base": "11.0",
        "push_notifications_enabled": False,
        "is_incompatible": False,
        "email_auth_enabled": True,
        "require_email_format_usernames": True,
        "realm_url": zulip.url,
        "realm_name": "Fake",
        "realm_icon": "",
        "realm_description": "",
        "realm_web_public_access_enabled": False,
    }


def register(zulip: FakeZulip, user: User, form: Form) -> Answer:
    kinds = tuple(json.loads(form["event_types"])) if "event_types" in form else None
    fetched = json.loads(form["fetch_event_types"]) if "fetch_event_types" in form else kinds
    queue = Queue(user.id, kinds, _yes(form, "apply_markdown"), _yes(form, "all_public_streams"))
    answer: Answer = {
        "queue_id": zulip.register(user, queue),
        "last_event_id": -1,
        "zulip_version": "11.0",
        "zulip_merge_base": "11.0",
        "zulip_feature_level": zulip.level,
    }
    if fetched is None or "realm" in fetched:
        answer["max_message_length"] = zulip.limit
        answer["max_topic_length"] = zulip.topic_limit
        answer["realm_message_content_edit_limit_seconds"] = zulip.edit_seconds
        answer["event_queue_longpoll_timeout_seconds"] = 90
    if fetched is None or "subscription" in fetched:
        answer["subscriptions"] = [shown.subscription(each) for each in _channels(zulip, user)]
    return answer


def events(zulip: FakeZulip, user: User, form: Form) -> Answer:
    deadline, last = time.monotonic() + HEARTBEAT, int(form["last_event_id"])
    with zulip.changed:
        while True:
            queue = zulip.queues.get(form["queue_id"])
            if queue is None or queue.user != user.id:
                name = form["queue_id"]
                raise RefusalError(f"Bad event queue ID: {name}", "BAD_EVENT_QUEUE_ID", queue_id=name)
            queue.events = [event for event in queue.events if event["id"] > last]
            if not queue.events and (_yes(form, "dont_block") or time.monotonic() >= deadline):
                queue.put({"type": "heartbeat"})
            if queue.events:
                queue.delivered = queue.events[-1]["id"]
                told = [shown.event(zulip, each, user, markdown=queue.markdown) for each in queue.events]
                return {"events": told, "queue_id": form["queue_id"]}
            zulip.changed.wait(max(0.0, deadline - time.monotonic()))


def forget_queue(zulip: FakeZulip, user: User, form: Form) -> Answer:
    if zulip.queues.pop(form["queue_id"], None) is None:
        raise RefusalError("Bad event queue ID", "BAD_EVENT_QUEUE_ID", queue_id=form["queue_id"])
    return {}


def find(zulip: FakeZulip, user: User, form: Form) -> Answer:
    narrow = [_term(zulip, term) for term in json.loads(form.get("narrow", "[]"))]
    in_channel = any(operator == "channel" for operator, _ in narrow)
    with zulip.changed:
        seen = [
            message
            for message in zulip.messages
            if (user.id in message.received_by or (in_channel and _visible(zulip, user, message)))
            and all(_fits(user, message, term) for term in narrow)
        ]
        answer = _window(zulip, seen, form)
        told = [_message(zulip, user, message, form) for message in answer.pop("chosen")]
    return {**answer, "messages": told, "history_limited": False}


def _window(zulip: FakeZulip, seen: list[Message], form: Form) -> Answer:
    before, after = int(form["num_before"]), int(form["num_after"])
    anchor = _anchor(zulip, form.get("anchor", "newest"))
    older = [m for m in seen if m.id < anchor]
    here = [m for m in seen if m.id == anchor and form.get("include_anchor") != "false"]
    newer = [m for m in seen if m.id > anchor]
    return {
        "anchor": anchor,
        "chosen": (older[-before:] if before else []) + here + newer[:after],
        "found_anchor": bool(here),
        "found_newest": len(newer) <= after,
        "found_oldest": len(older) <= before,
    }


def _anchor(zulip: FakeZulip, text: str) -> int:
    newest = zulip.messages[-1].id if zulip.messages else 0
    return {"oldest": 0, "newest": newest}[text] if not text.isdigit() else int(text)


def get_message(zulip: FakeZulip, user: User, form: Form, number: int) -> Answer:
    message = _seen(zulip, user, number)
    return {"message": _message(zulip, user, message, form), "raw_content": message.content}


def send(zulip: FakeZulip, user: User, form: Form) -> Answer:
    kind, to = form["type"], json.loads(form["to"]) if _is_json(form["to"]) else form["to"]
    if not form["content"].strip():
        raise RefusalError("Message must not be empty")
    if (kind == "channel" and zulip.level < _CHANNEL_TYPE) or (
        kind == "direct" and zulip.level < _DIRECT_TYPE
    ):
        raise RefusalError("Invalid type")
    if kind in ("channel", "stream"):
        channel = _named_channel(zulip, to[0] if isinstance(to, list) else to)
        _refuse_unless_poster(channel, user)
        return {"id": zulip.store(user, form["content"], channel.id, form["topic"], ()).id}
    people = [_person(zulip, each) for each in (to if isinstance(to, list) else [to])]
    everyone = tuple(sorted({user.id, *(person.id for person in people)}))
    return {"id": zulip.store(user, form["content"], None, "", everyone).id}


def edit(zulip: FakeZulip, user: User, form: Form, number: int) -> Answer:
    message = _seen(zulip, user, number)
    if message.sender is not user:
        raise RefusalError("You don't have permission to edit this message")
    if zulip.edit_seconds is not None and time.time() - message.timestamp > zulip.edit_seconds + 20:
        raise RefusalError("The time limit for editing this message has passed")
    with zulip.changed:
        zulip.change(message, form["content"])
        told = {
            "type": "update_message",
            "user_id": user.id,
            "rendering_only": False,
            "message_id": number,
            "message_ids": [number],
            "flags": [],
            "edit_timestamp": int(message.edited or 0),
            "content": message.content,
        }
        zulip.publish(told, message.received_by)
    return {"detached_uploads": []}


def delete(zulip: FakeZulip, user: User, form: Form, number: int) -> Answer:
    message = _seen(zulip, user, number)
    if message.sender is not user:
        raise RefusalError("You don't have permission to delete this message")
    with zulip.changed:
        zulip.messages.remove(message)
    return {}


def flag(zulip: FakeZulip, user: User, form: Form) -> Answer:
    numbers = set(json.loads(form["messages"]))
    with zulip.changed:
        changed = [m for m in zulip.messages if m.id in numbers and user.id in m.received_by]
        if form["flag"] == "read":
            for message in changed:
                (message.read_by.add if form["op"] == "add" else message.read_by.discard)(user.id)
        zulip.changed.notify_all()
    return {
        "messages": sorted(message.id for message in changed),
        "ignored_because_not_subscribed_channels": [],
    }


def react(zulip: FakeZulip, user: User, form: Form, number: int) -> Answer:
    message, reaction = _seen(zulip, user, number), (user.id, form["emoji_name"])
    with zulip.changed:
        if reaction in message.reactions:
            raise RefusalError("Reaction already exists.", "REACTION_ALREADY_EXISTS")
        message.reactions.append(reaction)
        zulip.publish(_reaction("add", user, number, form["emoji_name"]), message.received_by)
    return {}


def take_back(zulip: FakeZulip, user: User, form: Form, number: int) -> Answer:
    message, reaction = _seen(zulip, user, number), (user.id, form["emoji_name"])
    with zulip.changed:
        if reaction not in message.reactions:
            raise RefusalError("Reaction doesn't exist.", "REACTION_DOES_NOT_EXIST")
        message.reactions.remove(reaction)
        zulip.publish(_reaction("remove", user, number, form["emoji_name"]), message.received_by)
    return {}


def me(zulip: FakeZulip, user: User, form: Form) -> Answer:
    return shown.profile(user)


def users(zulip: FakeZulip, user: User, form: Form) -> Answer:
    return {"members": [shown.member(each) for each in zulip.users.values()]}


def get_user(zulip: FakeZulip, user: User, form: Form, number: int) -> Answer:
    if number not in zulip.users:
        raise RefusalError("No such user")
    return {"user": shown.member(zulip.users[number])}


def subscriptions(zulip: FakeZulip, user: User, form: Form) -> Answer:
    mine = [each for each in _channels(zulip, user) if each.has(user)]
    return {"subscriptions": [shown.subscription(each) for each in mine]}


def channels(zulip: FakeZulip, user: User, form: Form) -> Answer:
    return {"streams": [shown.channel(each) for each in _channels(zulip, user)]}


def channel_number(zulip: FakeZulip, user: User, form: Form) -> Answer:
    return {"stream_id": _named_channel(zulip, form["stream"]).id}


def get_channel(zulip: FakeZulip, user: User, form: Form, number: int) -> Answer:
    return {"stream": shown.channel(_named_channel(zulip, number))}


def members(zulip: FakeZulip, user: User, form: Form, number: int) -> Answer:
    there = _named_channel(zulip, number)
    if not there.shows(user):
        raise RefusalError("Invalid channel ID")
    return {"subscribers": [each.id for each in zulip.users.values() if there.has(each)]}


def group_member(zulip: FakeZulip, user: User, form: Form, group: int, number: int) -> Answer:
    return {"is_user_group_member": group == shown.EVERYBODY}


ROUTES: dict[tuple[str, str], Callable[..., Answer]] = {
    ("POST", "register"): register,
    ("GET", "events"): events,
    ("DELETE", "events"): forget_queue,
    ("GET", "messages"): find,
    ("POST", "messages"): send,
    ("POST", "messages/flags"): flag,
    ("GET", "messages/<int:number>"): get_message,
    ("PATCH", "messages/<int:number>"): edit,
    ("DELETE", "messages/<int:number>"): delete,
    ("POST", "messages/<int:number>/reactions"): react,
    ("DELETE", "messages/<int:number>/reactions"): take_back,
    ("GET", "users/me"): me,
    ("GET", "users"): users,
    ("GET", "users/<int:number>"): get_user,
    ("GET", "users/me/subscriptions"): subscriptions,
    ("GET", "user_groups/<int:group>/members/<int:number>"): group_member,
    ("GET", "streams"): channels,
    ("GET", "streams/<int:number>"): get_channel,
    ("GET", "streams/<int:number>/members"): members,
    ("GET", "get_stream_id"): channel_number,
}


def _yes(form: Form, name: str) -> bool:
    return bool(json.loads(form.get(name, "false")))


def _is_json(text: str) -> bool:
    return text.lstrip("-").isdigit() or text.startswith(("[", '"'))


def _message(zulip: FakeZulip, user: User, message: Message, form: Form) -> Answer:
    markdown = form.get("apply_markdown", "true") == "true"
    return {**shown.message(zulip, message, markdown=markdown), "flags": flags_of(user, message)}


def _channels(zulip: FakeZulip, user: User) -> list[Channel]:
    return [each for each in zulip.channels.values() if each.shows(user)]


def _visible(zulip: FakeZulip, user: User, message: Message) -> bool:
    return message.stream is not None and zulip.channels[message.stream].shows(user)


def _seen(zulip: FakeZulip, user: User, number: int) -> Message:
    with zulip.changed:
        message = zulip.message(number)
        if message is None or not (user.id in message.received_by or _visible(zulip, user, message)):
            raise RefusalError("Invalid message(s)")
        return message


def _named_channel(zulip: FakeZulip, name: str | int) -> Channel:
    if isinstance(name, int):
        if name not in zulip.channels:
            words = f"Channel with ID '{name}' does not exist"
            raise RefusalError(words, "STREAM_DOES_NOT_EXIST", stream_id=name)
        return zulip.channels[name]
    found = next((each for each in zulip.channels.values() if each.name == name), None)
    if found is None:
        raise RefusalError(f"Channel '{name}' does not exist", "STREAM_DOES_NOT_EXIST", stream=name)
    return found


def _refuse_unless_poster(channel: Channel, user: User) -> None:
    if not channel.shows(user):
        raise RefusalError(f"Not authorized to send to channel '{channel.name}'")
    if channel.posters is not None and user.id not in channel.posters:
        raise RefusalError("You do not have permission to post in this channel.")


def _person(zulip: FakeZulip, who: int | str) -> User:
    found = next((user for user in zulip.users.values() if who in (user.id, user.email)), None)
    if found is None:
        raise RefusalError(f"Invalid user ID {who}")
    if not found.active:
        raise RefusalError(f"'{found.email}' is no longer using Zulip.")
    return found


def _term(zulip: FakeZulip, term: Any) -> tuple[str, Any]:
    """One term of a narrow, in the newer spelling; refused where this server does not know it yet."""
    operator, operand = term if isinstance(term, list) else (term["operator"], term["operand"])
    word = f"is:{operand}" if operator == "is" else operator
    if zulip.level < _OPERATORS.get(word, 0):
        raise RefusalError(f"Invalid narrow operator: unknown '{word}' operator.", "BAD_NARROW")
    operator = {"stream": "channel", "pm-with": "dm"}.get(operator, operator)
    operand = "dm" if (operator, operand) == ("is", "private") else operand
    return operator, _named_channel(zulip, operand).id if operator == "channel" else operand


def _fits(user: User, message: Message, term: tuple[str, Any]) -> bool:
    match term:
        case ("is", "unread"):
            return user.id not in message.read_by
        case ("is", "mentioned"):
            return any("mentioned" in each for each in flags_of(user, message))
        case ("is", "dm"):
            return message.stream is None
        case ("channel", int(number)):
            return message.stream == number
        case ("topic", str(topic)):
            return message.topic.casefold() == topic.casefold()
        case ("dm", [*numbers]):
            return message.stream is None and message.recipients == tuple(sorted({user.id, *numbers}))
        case ("sender", int() | str() as who):
            return who in (message.sender.id, message.sender.email)
        case ("id", int() | str() as number):
            return message.id == int(number)
        case ("search", str(words)):
            return words.casefold() in message.content.casefold()
    raise RefusalError(f"Invalid narrow operator: unknown '{term[0]}' operator.", "BAD_NARROW")


def _reaction(op: str, user: User, number: int, name: str) -> Answer:
    return {"type": "reaction", "op": op, "user_id": user.id, "message_id": number, **shown.emoji(name)}
