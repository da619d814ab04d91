"""What waits for maintainers, how a project is set, who looks after it, and how it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from dashboards.maintaining import HealthView, QueueView, SettingGroup, SettingView
from server.api import paging
from server.api.answers.maintaining import (
    HealthDocument,
    MemberDocument,
    MemberOutcomeDocument,
    PrivacyDocument,
    QueueDocument,
    SentenceDocument,
    SettingDocument,
    WaitingDocument,
)
from server.api.bodies import MemberBody, PrivacyBody, SettingBody
from server.api.operations import Access, Operations, act, look
from server.api.paging import Listed, Paged
from server.api.places import NUMBER
from server.house import one_of, project_of
from server.paths import data_dir
from server.records.people import Membership, Person
from server.records.projects import ProjectRow
from server.service import dead_letters, house_rules, members, queues, syncs
from server.service.health import health
from server.service.members import MemberOutcome
from server.service.permission import require
from server.service.queues import Queue, Waiting
from server.service.strangers import meant
from server.store import Store
from server.work.permissions import Action, Role

TAG = "Maintaining"


def looked_after(store: Store, slug: str, person: Person) -> ProjectRow:
    """The project, for those who look after it. Raises `ForbiddenError` for others."""
    project = project_of(store, slug)
    require(store, project, person, Action.MAINTAIN)
    return project


def add_queues(operations: Operations) -> None:
    """What waits, and how the project is."""
    house = operations.house

    @operations.reads("/projects/<slug>/queues", list[QueueDocument], TAG, access=Access.OWN)
    def list_queues(slug: str) -> Any:
        """What waits for maintainers: each queue with its length."""

        def read(store: Store, person: Person) -> list[QueueDocument]:
            found = queues.overview(store, looked_after(store, slug, person), house.clock())
            return [_queue(one) for one in found]

        return look(house, read)

    @operations.reads(
        f"/projects/<slug>/queues/<{one_of(one.value for one in Queue)}:queue>",
        Listed[WaitingDocument],
        TAG,
        query=Paged,
        access=Access.OWN,
    )
    def list_waiting(slug: str, queue: str, query: Paged) -> Any:
        """What waits in a queue, in the order in which to look at it."""

        def read(store: Store, person: Person) -> Listed[WaitingDocument]:
            line = queues.line(store, looked_after(store, slug, person), Queue(queue), house.clock())
            return paging.page(query, line, lambda one: one.key, _waiting)

        return look(house, read)

    @operations.reads("/projects/<slug>/health", HealthDocument, TAG, access=Access.OWN)
    def project_health(slug: str) -> Any:
        """How a project and its server are. For maintainers."""

        def read(store: Store, person: Person) -> HealthDocument:
            project, now = looked_after(store, slug, person), house.clock()
            return _health(health(store, project, data_dir(), queues.overview(store, project, now), now))

        return look(house, read)

    @operations.does("/projects/<slug>/sync/again", SentenceDocument, TAG)
    def retry_sync(slug: str) -> Any:
        """Try again at once to bring in new commits, where that failed. For maintainers."""

        def deed(store: Store, person: Person) -> SentenceDocument:
            return {"detail": syncs.retry(store, project_of(store, slug), person, house.clock())}

        return act(house, deed)

    for deed, letter in dead_letters.DEEDS.items():
        _add_letter(operations, deed, letter)


def _add_letter(operations: Operations, name: str, letter: Callable[..., str]) -> None:
    house = operations.house

    def view(slug: str, number: int) -> Any:
        def deed(store: Store, person: Person) -> SentenceDocument:
            return {"detail": letter(store, project_of(store, slug), person, number, now=house.clock())}

        return act(house, deed)

    view.__doc__ = _LETTERS[name]
    view.__name__ = f"{name}_letter"
    rule = f"/projects/<slug>/letters/<{NUMBER}:number>/{name}"
    operations.does(rule, SentenceDocument, TAG)(view)


_LETTERS = {
    "again": "Try again to send a message that the chat would not take. For maintainers.",
    "drop": "Let go of a message that the chat would not take. For maintainers.",
}


def add_settings(operations: Operations) -> None:
    """What maintainers decide about the whole project."""
    house = operations.house

    @operations.reads("/projects/<slug>/settings", list[SettingDocument], TAG, access=Access.OWN)
    def list_settings(slug: str) -> Any:
        """What a project decides for itself. For maintainers."""

        def read(store: Store, person: Person) -> list[SettingDocument]:
            groups = house_rules.groups(store, looked_after(store, slug, person))
            return [_setting(group, one) for group in groups for one in group.settings]

        return look(house, read)

    @operations.does("/projects/<slug>/settings", SentenceDocument, TAG, body=SettingBody)
    def change_setting(slug: str, body: SettingBody) -> Any:
        """Decide something for a project. For maintainers."""

        def deed(store: Store, person: Person) -> SentenceDocument:
            place = store, project_of(store, slug), person
            return {"detail": house_rules.change(*place, body.key, body.value, now=house.clock())}

        return act(house, deed)

    @operations.does("/projects/<slug>/privacy", PrivacyDocument, TAG, body=PrivacyBody)
    def close(slug: str, body: PrivacyBody) -> Any:
        """Let only its members know of a project, or everybody again. For owners."""

        def deed(store: Store, person: Person) -> PrivacyDocument:
            project = project_of(store, slug)
            return {"private": members.close(store, project, person, body.private, now=house.clock()).private}

        return act(house, deed)


def add_members(operations: Operations) -> None:
    """Who looks after a project."""
    house = operations.house

    @operations.reads("/projects/<slug>/members", Listed[MemberDocument], TAG, query=Paged, access=Access.OWN)
    def list_members(slug: str, query: Paged) -> Any:
        """Who has a role of their own in a project, the highest first. For maintainers."""

        def read(store: Store, person: Person) -> Listed[MemberDocument]:
            found = members.listing(store, looked_after(store, slug, person))
            return paging.page(query, found, lambda one: one.person.id, _member)

        return look(house, read)

    @operations.does("/projects/<slug>/members", MemberOutcomeDocument, TAG, body=MemberBody)
    def appoint_member(slug: str, body: MemberBody) -> Any:
        """Give somebody a role in a project. For owners."""

        def deed(store: Store, person: Person) -> MemberOutcomeDocument:
            project = project_of(store, slug)
            require(store, project, person, Action.APPOINT)  # before it is told who there is
            who = _whom(store, person, body.who)
            role, now = Role(body.role), house.clock()
            return _outcome(members.appoint(store, project, person, who, role, now=now))

        return act(house, deed)

    @operations.does(
        f"/projects/<slug>/members/<{NUMBER}:number>", MemberOutcomeDocument, TAG, method="DELETE"
    )
    def dismiss_member(slug: str, number: int) -> Any:
        """Take somebody's role in a project away. For owners; everybody may lay down their own."""

        def deed(store: Store, person: Person) -> MemberOutcomeDocument:
            project = project_of(store, slug)
            if number != person.id:  # nobody else learns which numbers there are
                require(store, project, person, Action.APPOINT)
            who = _whom(store, person, number)
            return _outcome(members.dismiss(store, project, person, who, now=house.clock()))

        return act(house, deed)


def _whom(store: Store, asker: Person, who: int | str) -> Person:
    return meant(store, asker, f"#{who}" if isinstance(who, int) else who)


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _queue(one: QueueView) -> QueueDocument:
    return {
        "key": one.key,
        "title": one.title,
        "meaning": one.meaning,
        "count": one.count,
        "oldest": _at(one.oldest),
    }


def _waiting(one: Waiting) -> WaitingDocument:
    return {"key": one.key, "since": _at(one.since)}


def _setting(group: SettingGroup, one: SettingView) -> SettingDocument:
    return {
        "key": one.key,
        "group": group.title,
        "meaning": one.meaning,
        "value": one.value,
        "default": one.default,
        "own": one.own,
        "changed": _at(one.changed.at) if one.changed else None,
        "changed_by": one.changed.person_id if one.changed else None,
    }


def _member(one: Membership) -> MemberDocument:
    return {
        "person": {"id": one.person.id, "name": one.person.name, "role": one.role},
        "since": one.since.isoformat(),
    }


def _outcome(outcome: MemberOutcome) -> MemberOutcomeDocument:
    return {
        "person": outcome.person.id,
        "role": outcome.role,
        "changed": outcome.changed,
        "detail": outcome.text,
    }


def _health(found: HealthView) -> HealthDocument:
    return {
        "commit": found.check.sha if found.check else None,
        "checked": _at(found.check.at) if found.check else None,
        "waiting": found.waiting,
        "late": found.late,
        "failed": found.failed,
        "database": found.database,
        "free": found.free,
        "version": found.version,
        "heard": _at(found.heard),
        "deliveries": found.deliveries,
        "oldest": _queue(found.oldest) if found.oldest else None,
        "failing": _at(found.sync.since) if found.sync else None,
        "wrong": list(found.wrong),
    }
