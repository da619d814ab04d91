"""The fake Zulip's state as its API shows it: every object with the fields that Zulip gives it."""

from __future__ import annotations

import html
from typing import Any

from .fake_zulip import Channel, FakeZulip, Message, User, flags_of

_CODES = {"check": "2705", "eyes": "1f440", "cross_mark": "274c", "working_on_it": "1f6e0"}


EVERYBODY = 11  # the number of the group of all users


def profile(user: User) -> dict[str, Any]:
    return {
        "user_id": user.id,
        "full_name": user.name,
        "email": user.email,
        "delivery_email": user.email,
        "is_bot": user.is_bot,
        "is_active": user.active,
        "is_admin": user.role <= 200,
        "is_owner": user.role == 100,
        "is_guest": user.role == 600,
        "role": user.role,
        "timezone": user.zone,
        "avatar_url": f"/avatar/{user.id}",
        "avatar_version": 1,
        "date_joined": "2026-01-01T00:00:00+00:00",
    }


def member(user: User) -> dict[str, Any]:
    """One of a list of users; only there, a bot has a type and an owner."""
    bot = {"bot_type": 1, "bot_owner_id": None} if user.is_bot else {}
    return {**profile(user), **bot}


def channel(each: Channel) -> dict[str, Any]:
    return {
        "stream_id": each.id,
        "name": each.name,
        "description": "",
        "rendered_description": "",
        "date_created": 1_767_225_600,
        "creator_id": None,
        "folder_id": None,
        "invite_only": each.private,
        "is_web_public": False,
        "is_archived": False,
        "is_announcement_only": each.posters is not None,
        "is_recently_active": True,
        "stream_post_policy": 1 if each.posters is None else 2,
        "message_retention_days": None,
        "history_public_to_subscribers": True,
        "first_message_id": None,
        "stream_weekly_traffic": None,
        "subscriber_count": 1 if each.members is None else len(each.members),
        "can_remove_subscribers_group": 1,
        "can_subscribe_group": 1,
        "can_send_message_group": _posters(each),
    }


def _posters(each: Channel) -> int | dict[str, list[int]]:
    """The number of a group, or who is in one that has no name."""
    if each.posters is None:
        return EVERYBODY
    return {"direct_members": sorted(each.posters), "direct_subgroups": []}


def subscription(each: Channel) -> dict[str, Any]:
    """A channel as one of those that somebody is in."""
    only = {"color": "#c2c2c2", "pin_to_top": False, "is_muted": False, "in_home_view": True}
    return {**channel(each), **only}


def message(zulip: FakeZulip, each: Message, *, markdown: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": each.id,
        "sender_id": each.sender.id,
        "sender_full_name": each.sender.name,
        "sender_email": each.sender.email,
        "sender_realm_str": "",
        "avatar_url": None,
        "client": "fake",
        "content": f"<p>{html.escape(each.content)}</p>" if markdown else each.content,
        "content_type": "text/html" if markdown else "text/x-markdown",
        "is_me_message": False,
        "reactions": [{**emoji(name), "user_id": user} for user, name in each.reactions],
        "recipient_id": 1,
        "subject": each.topic,
        "submessages": [],
        "timestamp": int(each.timestamp),
        "topic_links": [],
        **({"last_edit_timestamp": int(each.edited)} if each.edited else {}),
    }
    if each.stream is not None:
        name = zulip.channels[each.stream].name
        return {**shown, "type": "stream", "stream_id": each.stream, "display_recipient": name}
    people = [_recipient(zulip.users[number]) for number in each.recipients]
    return {**shown, "type": "private", "display_recipient": people}


def event(zulip: FakeZulip, each: dict[str, Any], user: User, *, markdown: bool) -> dict[str, Any]:
    if each["type"] != "message":
        return each
    found: Message = each["of"]
    shown = {"type": "message", "id": each["id"], "flags": flags_of(user, found)}
    return {**shown, "message": message(zulip, found, markdown=markdown)}


def emoji(name: str) -> dict[str, str]:
    return {"emoji_name": name, "emoji_code": _CODES.get(name, "2753"), "reaction_type": "unicode_emoji"}


def _recipient(user: User) -> dict[str, Any]:
    return {"id": user.id, "full_name": user.name, "email": user.email, "is_mirror_dummy": False}
