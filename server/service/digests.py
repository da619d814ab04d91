"""Digests: what happened to a person, and in their projects, since the last one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboards.progress import Tally, tally_of
from dashboards.snapshot import EventView
from server.records.mail import DueDigest, Notice
from server.records.people import Person
from server.records.projects import ProjectRow
from server.records.tasks import ClaimRow
from server.service import channels
from server.service.people import zone_of
from server.store import Store
from server.work.changes import ChangeKind
from server.work.preferences import next_digest

# What of a project is told; the rest is on its pages.
_NEWS = (
    ChangeKind.VERIFIED,
    ChangeKind.REGRESSED,
    ChangeKind.READY,
    ChangeKind.STATEMENT,
    ChangeKind.REMOVED,
)
_SOON = timedelta(days=7)
_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Ending:
    """A claim of the person's that ends within a week. `task` is its name."""

    task: str
    ends: datetime


@dataclass(frozen=True, slots=True)
class Section:
    """What is new in one project, the last of it for each node, and where it stands.

    `told` is what the person was told of it, and is not said again.
    """

    title: str
    told: tuple[Notice, ...]
    news: tuple[EventView, ...]
    endings: tuple[Ending, ...]
    tally: Tally | None


@dataclass(frozen=True, slots=True)
class Digest:
    """One message to one person, whose `zulip_id` is their number in the chat."""

    key: str
    zulip_id: str
    person: Person
    sections: tuple[Section, ...]


def digest(store: Store, person_id: int, now: datetime) -> Digest | None:
    """The person's digest, if it is due and there is news. The next one is due later then.

    The caller sends in the same transaction.
    """
    store.preferences.lock()
    due = store.preferences.digest(person_id)
    if due is None or due.due > now:
        return None
    person, zulip_id = store.people.get(person_id), store.people.identity(person_id, "zulip")
    if person is None:
        store.preferences.next_digest(person_id, None, told=False)
        return None
    wanted, zone = store.preferences.of(person_id), zone_of(person)
    on_time = next_digest(wanted, due.due - _MOMENT, zone) == due.due  # else their clocks are others now
    sections = _sections(store, person, zulip_id, due, now) if on_time and zulip_id else ()
    store.preferences.next_digest(person_id, next_digest(wanted, now, zone), told=on_time)
    key = f"digest:{person_id}:{due.due:%Y-%m-%dT%H:%M}"
    return Digest(key, zulip_id, person, sections) if sections and zulip_id else None


def _sections(
    store: Store, person: Person, zulip_id: str, due: DueDigest, now: datetime
) -> tuple[Section, ...]:
    """The projects that have news for the person; each is locked, so that nobody is about to add any.

    Of one that is not theirs it is only what they were told; of one that is private in the chat nothing, to
    somebody who is in none of its channels.
    """
    mine, told = store.projects.of_person(person.id), store.notices.after(person.id, due.seen_notice)
    named = {notice.project for notice in told}
    concerned = [one for one in store.projects.every() if one.id in mine or one.slug in named]
    projects = channels.heard_by(store, concerned, zulip_id)
    for project in projects:
        store.projects.lock(project.id)
    told = store.notices.after(person.id, due.seen_notice)
    sections = (
        _section(store, person, project, told, due.seen_event if project.id in mine else None, now)
        for project in projects
    )
    return tuple(section for section in sections if section.told or section.news)


def _section(
    store: Store,
    person: Person,
    project: ProjectRow,
    told: tuple[Notice, ...],
    seen: int | None,
    now: datetime,
) -> Section:
    """`seen` is the last event that the person knows of; None where the project's are not for them."""
    mine = tuple(notice for notice in told if notice.project == project.slug)
    said = {notice.text for notice in mine}
    events = store.log.after(project.id, seen, _NEWS) if seen is not None else ()
    last = {event.node: event for event in events}
    news = tuple(event for event in last.values() if event.text not in said)
    findings = store.projects.newest_findings(project.id) if mine or news else None
    tally = tally_of(findings.statuses.values()) if findings else None
    return Section(project.title, mine, news, _endings(store, person, project, now), tally)


def _endings(store: Store, person: Person, project: ProjectRow, now: datetime) -> tuple[Ending, ...]:
    leases = [lease for lease in store.tasks.claims(project.id) if _ends_soon(lease, person, now)]
    names = {task.id: task.name for task in store.tasks.of_project(project.id)} if leases else {}
    return tuple(Ending(names[lease.task_id], lease.ends) for lease in leases if lease.ends)


def _ends_soon(lease: ClaimRow, person: Person, now: datetime) -> bool:
    theirs = person.id in {member.person_id for member in lease.crew}
    return theirs and lease.ends is not None and lease.ends <= now + _SOON
