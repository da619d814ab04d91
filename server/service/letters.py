"""What people were told, on its way to the chat: everything that is due as one message for each place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.records.mail import DueNotice
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import channels
from server.service.people import zone_of
from server.store import Store
from server.work.naming import Naming
from server.work.notices import calls, subject_of
from server.work.preferences import Preferences, Way, quiet_until

# What a message holds at most; the rest is on the person's page.
MOST_LINES = 20
# Until the chat may have told who is in a private channel.
_A_WHILE = timedelta(minutes=1)
# So many people are written to in one transaction at most.
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes, as in `Outgoing`."""

    channel: str
    to: str
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody who is named in public, by their number in the chat; `alert` where they must act."""

    zulip_id: str
    alert: bool


@dataclass(frozen=True, slots=True)
class Line:
    """Something that people are told, in plain text; `called` are those whom it is for, in public."""

    text: str
    called: tuple[Called, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """One message. `more` says how many lines it has no room for."""

    key: str
    place: Place
    lines: tuple[Line, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class _Sent:
    notice: DueNotice
    zulip_id: str
    place: Place


def letters(store: Store, now: datetime) -> tuple[Letter, ...]:
    """What is due, for a number of people: one message to each, and one in each topic. It is not due then.

    During somebody's quiet hours theirs stays until these end. What is of a project that is private in the
    chat goes to those alone who are in one of its channels; others have it on their page. The caller sends in
    the same transaction, and asks again until there is nothing.
    """
    store.notices.lock()
    theirs: dict[int, list[DueNotice]] = defaultdict(list)
    for notice in store.notices.due(now, _AT_ONCE):
        theirs[notice.person_id].append(notice)
    projects = {project.id: project for project in store.projects.every()} if theirs else {}
    dark = channels.in_the_dark(store) if theirs else frozenset[int]()
    placed: dict[Place, list[_Sent]] = defaultdict(list)
    for person_id, notices in theirs.items():
        later = [notice.id for notice in notices if notice.project_id in dark]
        store.notices.put_off(later, now + _A_WHILE)
        told = [notice for notice in notices if notice.project_id not in dark]
        for sent in _ready(store, projects, person_id, told, now):
            placed[sent.place].append(sent)
    return tuple(_letter(projects, place, sent) for place, sent in placed.items())


def _ready(
    store: Store, projects: dict[int, ProjectRow], person_id: int, notices: list[DueNotice], now: datetime
) -> Iterable[_Sent]:
    """What of these goes out now; of the rest it is written down when it does, if ever."""
    ids, person = [notice.id for notice in notices], store.people.get(person_id)
    zulip_id = store.people.identity(person_id, "zulip")
    if person is None or zulip_id is None:
        store.notices.put_off(ids, None)
        return ()
    wanted = store.preferences.of(person_id)
    until = quiet_until(wanted.quiet, now, zone_of(person))
    store.notices.put_off(ids, until if until > now else None)
    if until > now:
        return ()
    public = _is_public(store, person, wanted)
    heard = {project.id for project in channels.heard_by(store, projects.values(), zulip_id)}
    return [
        _Sent(one, zulip_id, (public and _topic(store, projects, one)) or Place("direct", zulip_id))
        for one in notices
        if subject_of(one.kind) not in wanted.muted and one.project_id in heard
    ]


def _is_public(store: Store, person: Person, wanted: Preferences) -> bool:
    """A mention shows the account: whoever goes by another name here is written to alone."""
    return wanted.way is Way.TOPIC and store.people.wish(person.id).naming is Naming.REAL


def _topic(store: Store, projects: dict[int, ProjectRow], notice: DueNotice) -> Place | None:
    """The topic of the node that it is about, where the project has a channel and the node a name for one."""
    home = channels.home(store, projects[notice.project_id])
    label = notice.node or ""
    return Place("stream", home.channel, label) if home and channels.is_topic(label) else None


def _letter(projects: dict[int, ProjectRow], place: Place, sent: list[_Sent]) -> Letter:
    several = len({one.notice.project_id for one in sent}) > 1
    lines: dict[str, list[Called]] = {}
    for one in sent:
        title = f"{projects[one.notice.project_id].title}: " if several else ""
        called = [] if place.topic is None else [Called(one.zulip_id, calls(one.notice.kind))]
        lines.setdefault(title + one.notice.text, []).extend(called)
    shown = [Line(text, tuple(dict.fromkeys(called))) for text, called in lines.items()]
    return Letter(f"notice:{sent[0].notice.id}", place, tuple(shown[:MOST_LINES]), len(shown[MOST_LINES:]))
