"""What Zulip calls things: servers of different ages have different words, and all of them are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from server.chat import Incoming

# From these feature levels on, Zulip knows the newer word; the older is understood for longer.
_DIRECT_TYPE, _DIRECT_NARROW, _CHANNEL_TYPE, _CHANNEL_NARROW = 174, 177, 248, 250
_CHANNEL_TYPES = {"stream", "channel"}


def direct_type(level: int) -> str:
    return "direct" if level >= _DIRECT_TYPE else "private"


def channel_type(level: int) -> str:
    return "channel" if level >= _CHANNEL_TYPE else "stream"


def is_direct(level: int) -> tuple[str, str]:
    """The term of a search for direct messages."""
    return "is", "dm" if level >= _DIRECT_NARROW else "private"


def direct_with(level: int) -> str:
    """The operator of a search for direct messages with certain people."""
    return "dm" if level >= _DIRECT_NARROW else "pm-with"


def in_channel(level: int) -> str:
    """The operator of a search in a channel."""
    return "channel" if level >= _CHANNEL_NARROW else "stream"


def incoming(message: Mapping[str, Any], flags: Sequence[str]) -> Incoming:
    """A message of the API. `KeyError`, `TypeError` or `ValueError` where it has another shape."""
    public = message["type"] in _CHANNEL_TYPES
    return Incoming(
        id=int(message["id"]),
        sender_id=int(message["sender_id"]),
        sender_name=str(message["sender_full_name"]),
        text=str(message["content"]),
        mentioned="mentioned" in flags,
        stream=int(message["stream_id"]) if public else None,
        topic=topic_of(message) if public else "",
        people=() if public else tuple(int(user["id"]) for user in message["display_recipient"]),
        channel=str(message["display_recipient"]) if public else "",
    )


def topic_of(message: Mapping[str, Any]) -> str:
    return str(message["subject"] if "subject" in message else message["topic"])
