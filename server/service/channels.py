"""Where in the chat a project is spoken of, and where its progress is posted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from blueprint.errors import UserError
from server.records.chat import Channel
from server.records.projects import ProjectRow
from server.service.permission import standing_of
from server.store import Store

LONGEST = 80
TOPIC = "progress"
_LONGEST_TOPIC = 60


@dataclass(frozen=True, slots=True)
class Home:
    """The channel where a project's nodes have their topics, and the topic where its progress is posted."""

    channel: str
    topic: str


def listing(store: Store, project: ProjectRow) -> tuple[Channel, ...]:
    """The project's channels, by name."""
    return store.channels.of_project(project.id)


def of_channel(store: Store, name: str) -> ProjectRow | None:
    """The project that is spoken of in the channel of that name; upper and lower case are the same."""
    return _project(store, store.channels.project_of(name))


def heard_in(store: Store, number: int, name: str) -> ProjectRow | None:
    """The project of a channel by the chat's number for it, or by its name where that is not known yet.

    A private project is spoken of in private channels alone.
    """
    by_number = store.channels.project_of_number(number)
    found = _project(store, by_number if by_number is not None else store.channels.project_unseen(name))
    if found is None or not found.private:
        return found
    here = (channel.private for channel in listing(store, found) if channel.number == number)
    return found if any(here) else None


def private_rooms(store: Store) -> frozenset[int]:
    """The numbers of the channels of which it matters who is in them."""
    hidden = {project.id for project in store.projects.every() if project.private}
    told = (
        each
        for id, found in store.channels.every().items()
        if id in hidden or _is_closed(found)
        for each in found
        if each.private or id not in hidden
    )
    return frozenset(each.number for each in told if each.number is not None)


def fill(store: Store, number: int, accounts: Collection[int]) -> None:
    """What the chat says of who is in a private channel."""
    store.channels.fill(number, [str(account) for account in accounts])


def heard_by(store: Store, projects: Collection[ProjectRow], account: str | None = None) -> list[ProjectRow]:
    """Of which projects that account may hear outside of their channels; without one, anybody."""
    every = store.channels.every()
    rooms = store.channels.rooms_of(account) if account and private_rooms(store) else frozenset[int]()
    standing = standing_of(store, store.people.by_identity("zulip", account) if account else None)
    return [
        project
        for project in projects
        if standing.in_(project) and (project.private or _is_open(every.get(project.id, ()), rooms))
    ]


def in_the_dark(store: Store) -> frozenset[int]:
    """The ids of projects that are private in the chat, which has not told yet who is in their channels."""
    closed = {id: found for id, found in store.channels.every().items() if _is_closed(found)}
    filled = store.channels.filled() if closed else frozenset[int]()
    return frozenset(id for id, found in closed.items() if not {each.number for each in found} & filled)


def _is_open(found: Sequence[Channel], rooms: frozenset[int]) -> bool:
    return not _is_closed(found) or any(channel.number in rooms for channel in found)


def _is_closed(found: Sequence[Channel]) -> bool:
    """A channel that the chat has not named yet may be private."""
    return bool(found) and all(channel.private or channel.number is None for channel in found)


def unseen(store: Store) -> bool:
    """Whether there are channels of which the chat has said nothing yet."""
    return any(channel.number is None for found in store.channels.every().values() for channel in found)


def see(store: Store, number: int, name: str, *, private: bool) -> None:
    """What the chat says of a channel: it may have been renamed, or closed, or become one that we know."""
    store.channels.see(number, name, private=private)


def home(store: Store, project: ProjectRow) -> Home | None:
    """None where the project posts its progress nowhere. `channel` is the number where it is known.

    What is private is posted in private channels alone.
    """
    found = next((channel for channel in listing(store, project) if channel.progress), None)
    if found is None or (project.private and not (found.private and found.number)):
        return None
    return Home(found.name if found.number is None else str(found.number), found.topic or TOPIC)


def is_topic(label: str) -> bool:
    """Whether a node of that label can have a topic of its own, which is named as it is."""
    return 0 < len(label) <= _LONGEST_TOPIC and label.isprintable()


def add(store: Store, project: ProjectRow, name: str) -> None:
    """Let the channel speak of the project. `UserError` where it speaks of another."""
    wanted = _name(name, "channel")
    if not store.channels.add(project.id, wanted):
        other = of_channel(store, wanted)
        if other is not None and other.id != project.id:
            raise UserError(f"The channel `{wanted}` belongs to `{other.slug}`; remove it there first.")


def remove(store: Store, project: ProjectRow, name: str) -> None:
    """`UserError` where the project has no such channel."""
    if not store.channels.remove(project.id, _name(name, "channel")):
        raise UserError(_unknown(store, project, name))


def post_progress(store: Store, project: ProjectRow, name: str | None, topic: str | None = None) -> None:
    """Post progress in that channel of the project from now on, in that topic; or nowhere.

    `UserError` where the project has no such channel.
    """
    wanted = None if name is None else _name(name, "channel")
    if wanted is not None and wanted.casefold() not in _names(store, project):
        raise UserError(_unknown(store, project, wanted))
    store.channels.post_progress(project.id, wanted, None if topic is None else _name(topic, "topic"))


def _names(store: Store, project: ProjectRow) -> dict[str, str]:
    return {channel.name.casefold(): channel.name for channel in listing(store, project)}


def _unknown(store: Store, project: ProjectRow, name: str) -> str:
    names = ", ".join(f"`{each}`" for each in _names(store, project).values())
    has = f"it has {names}" if names else "it has none"
    return f"`{project.slug}` has no channel `{name.strip()[:LONGEST]}`; {has}."


def _name(text: str, what: str) -> str:
    """One line, as the chat keeps it. `UserError` where it is none."""
    name = " ".join(text.removeprefix("#").split())
    if not name or len(name) > LONGEST or not name.isprintable():
        raise UserError(f"A {what} has a name of 1 to {LONGEST} characters that can be seen.")
    return name


def _project(store: Store, project_id: int | None) -> ProjectRow | None:
    return None if project_id is None else store.projects.get(project_id)
