"""Whether the bot has all it needs: the key, the server, and the channels of its projects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from blueprint.errors import UserError
from server.bot.client import Answer, Connection, Credentials, open_connection
from server.bot.pace import Pace
from server.chat import BusyError, RefusedError, UnreachableError
from server.records.chat import Channel
from server.records.projects import ProjectRow

OLDEST = 53  # the feature level of Zulip 4, which is the first that says how long a message may be
_ADMINISTRATOR, _MODERATOR, _MEMBER = 200, 300, 400
_POLICIES = {1: 600, 2: _ADMINISTRATOR, 3: _MEMBER, 4: _MODERATOR}


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about something that is as it should be, or is missing."""

    text: str
    ok: bool = True


def check(credentials: Credentials, wanted: Mapping[ProjectRow, Sequence[Channel]]) -> Iterator[Finding]:
    """Try everything without saying anything to anybody; `wanted` are the channels of each project."""
    try:
        connection = open_connection(credentials, Pace())
        me = connection.ask(connection.client.get_profile)
        yield from _account(connection, me)
        yield from _listening(connection)
        yield from _channels(connection, me, wanted)
    except UserError as error:
        yield Finding(str(error), ok=False)
    except (RefusedError, UnreachableError, BusyError) as error:
        yield Finding(f"Zulip does not answer as it should ({error}); try again in a while.", ok=False)


def _account(connection: Connection, me: Answer) -> Iterator[Finding]:
    known = f"It is known to Zulip as {me['full_name']} (number {me['user_id']})"
    if me.get("is_bot"):
        yield Finding(f"{known}.")
    else:
        yield Finding(f"{known}, which is no bot; add one in Zulip's settings and use its key.", ok=False)
    version, level = connection.client.zulip_version, connection.level
    if level >= OLDEST:
        yield Finding(f"The server is Zulip {version} (feature level {level}).")
    else:
        yield Finding(f"The server is Zulip {version}, and the bot needs 4.0 or newer.", ok=False)


def _listening(connection: Connection) -> Iterator[Finding]:
    try:
        answer = connection.ask(
            connection.client.register, event_types=["message"], fetch_event_types=["realm"]
        )
        connection.ask(connection.client.deregister, answer["queue_id"])
    except RefusedError as error:
        yield Finding(f"It may not listen to events: {_words(error)}.", ok=False)
        return
    yield Finding("It can listen to events.")
    if answer.get("realm_allow_message_editing") is False:
        yield Finding("Messages cannot be edited here, so each change of a progress post is a new message.")


def _channels(
    connection: Connection, me: Answer, wanted: Mapping[ProjectRow, Sequence[Channel]]
) -> Iterator[Finding]:
    streams = connection.ask(connection.client.get_streams)["streams"]
    known = {str(each["name"]).casefold(): each for each in streams}
    mine = connection.ask(connection.client.get_subscriptions)["subscriptions"]
    joined = {each["stream_id"] for each in mine}
    for project, names in wanted.items():
        if not names:
            yield Finding(f"`{project.slug}` has no channel; `chantier channels {project.slug} --add NAME`.")
        for channel in names:
            wrong = list(_wrong(connection, me, channel, known.get(channel.name.casefold()), joined))
            yield from (Finding(words, ok=False) for words in wrong)
            if not wrong:
                yield Finding(f"It can hear and write in `{channel.name}` for `{project.slug}`.")


def _wrong(
    connection: Connection, me: Answer, channel: Channel, stream: Answer | None, joined: Iterable[int]
) -> Iterator[str]:
    """What is missing in one channel, a sentence each."""
    name = f"`{channel.name}`"
    if stream is None:
        yield f"The bot sees no channel {name}; if it is there and private, subscribe the bot to it."
    elif stream.get("is_archived"):
        yield f"The channel {name} is archived; give the project another with `chantier channels`."
    else:
        if stream["stream_id"] not in joined:
            yield f"The bot is not subscribed to {name}; add it to the channel's subscribers."
        if not _may_post(connection, me, stream):
            yield f"The bot may not post in {name}; allow it in the channel's settings."
        if channel.progress and stream.get("topics_policy") == "empty_topic_only":
            yield f"The channel {name} has no topics, and progress needs one; allow topics in its settings."


def _may_post(connection: Connection, me: Answer, stream: Answer) -> bool:
    """By the channel's group of those who may, or, on older servers, by roles."""
    group: Any = stream.get("can_send_message_group")
    if group is None:
        return int(me.get("role") or _MEMBER) <= _POLICIES.get(stream.get("stream_post_policy") or 1, 600)
    if isinstance(group, dict):
        subgroups = group.get("direct_subgroups", ())
        return me["user_id"] in group.get("direct_members", ()) or any(
            _is_member(connection, me, each) for each in subgroups
        )
    return _is_member(connection, me, group)


def _is_member(connection: Connection, me: Answer, group: int) -> bool:
    path = f"user_groups/{group}/members/{me['user_id']}"
    return connection.ask(connection.client.call_endpoint, path, "GET")["is_user_group_member"] is True


def _words(error: Exception) -> str:
    return str(error).strip().rstrip(".")
