"""Who looks after a project: its members, and who has which role there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from blueprint.errors import UserError
from server.records.people import Membership, Person
from server.records.projects import ProjectRow
from server.service.permission import require
from server.service.strangers import strangers
from server.service.telling import tell
from server.store import Store
from server.work.permissions import GIVEN, Action, Role

_EVENT = "member"
PRIVACY, PRIVATE = "privacy", "private"


@dataclass(frozen=True, slots=True)
class MemberOutcome:
    """Who it was about, and what became of it, as a sentence."""

    person: Person
    role: Role | None
    changed: bool
    text: str


def listing(store: Store, project: ProjectRow) -> tuple[Membership, ...]:
    """Those with a role of their own in the project, the highest first."""
    return store.members.of_project(project.id)


def maintainers(store: Store, project: ProjectRow) -> tuple[Person, ...]:
    """Who looks after the project, by number: its maintainers and owners, and those of the whole server.

    Of a private one the latter only where they are members.
    """
    own = {one.person.id: one for one in listing(store, project)}
    every = (person for person in store.people.every() if person.id in own or not project.private)
    found = ((person, own[person.id].role if person.id in own else person.role) for person in every)
    return tuple(
        replace(person, role=role if role.covers(person.role) else person.role)
        for person, role in found
        if role.covers(Role.MAINTAINER) or person.role.covers(Role.MAINTAINER)
    )


def appoint(
    store: Store, project: ProjectRow, by: Person | None, who: Person, role: Role, *, now: datetime
) -> MemberOutcome:
    """Give somebody a role in the project. `by` is None for whoever runs the server, who needs none.

    `UserError` where that is not theirs to say, or the project would be left without an owner.
    """
    actor = _allowed(store, project, by, Action.APPOINT)
    _refuse_stranger(store, by, who)
    if role not in GIVEN:
        raise UserError(f"In a project one is {', '.join(GIVEN[:-1])} or {GIVEN[-1]}.")
    known = _role(store, project, who)
    if known is role:
        return MemberOutcome(who, role, False, f"{who.name} is {role.named} of {project.title} already.")
    if known is Role.OWNER:
        _refuse_last(store, project, who)
    store.members.set(project.id, who.id, role, now)
    _record(store, project, actor, _EVENT, f"made {who.mention} {role.named} of the project.", now)
    if actor is None or actor.id != who.id:
        tell(
            store,
            project,
            who.id,
            _EVENT,
            f"{_who(actor)} made you {role.named} of {project.title}.",
            now,
            None,
        )
    return MemberOutcome(who, role, True, f"{who.name} is {role.named} of {project.title} now.")


def dismiss(
    store: Store, project: ProjectRow, by: Person | None, who: Person, *, now: datetime
) -> MemberOutcome:
    """Take somebody's role in the project away; everybody may lay down their own.

    What they hold and have done there stays. `UserError` as in `appoint`.
    """
    own = by is not None and by.id == who.id
    actor = _allowed(store, project, by, Action.READ if own else Action.APPOINT)
    _refuse_stranger(store, by, who)
    known = _role(store, project, who)
    if known is None:
        return MemberOutcome(who, None, False, f"{who.name} has no role of their own in {project.title}.")
    if known is Role.OWNER:
        _refuse_last(store, project, who)
    store.members.remove(project.id, who.id)
    words = f"is not {known.named} any more." if own else f"dismissed {who.mention}, who was {known.named}."
    _record(store, project, actor, _EVENT, words, now)
    return MemberOutcome(who, None, True, f"{who.name} is not {known.named} of {project.title} any more.")


def close(
    store: Store, project: ProjectRow, by: Person | None, private: bool, *, now: datetime
) -> ProjectRow:
    """Let only its members know of the project, or everybody again.

    Who held a task or said what was done there becomes a member as it closes, and so do the server's
    maintainers; who is credited for commits alone does not, for whose these are is told by linking.
    """
    actor = _allowed(store, project, by, Action.PRIVACY)
    if private != project.private:
        if private:
            _take_in(store, project, now)
        store.projects.close(project.id, private)
        words = f"made the project {'private' if private else 'public'}."
        _record(store, project, actor, PRIVACY, words, now, PRIVATE)
    return replace(project, private=private)


def _take_in(store: Store, project: ProjectRow, now: datetime) -> None:
    known = {one.person.id for one in listing(store, project)}
    for person in _at_work(store, project):
        if person.id not in known:
            role = max(Role.CONTRIBUTOR, person.role, key=Role.rank)
            store.members.set(project.id, person.id, role, now)
            _record(store, project, None, _EVENT, f"made {person.mention} {role.named} of the project.", now)


def _at_work(store: Store, project: ProjectRow) -> Iterable[Person]:
    crew = store.members.at_work(project.id)
    return (one for one in store.people.every() if one.id in crew or one.role.covers(Role.MAINTAINER))


def _allowed(store: Store, project: ProjectRow, by: Person | None, action: Action) -> Person | None:
    """The project is locked first: two owners may dismiss each other at the same time."""
    store.projects.lock(project.id)
    return None if by is None else require(store, project, by, action)


def _refuse_stranger(store: Store, by: Person | None, who: Person) -> None:
    """Whom one does not know of is not there."""
    if by is not None and by.id != who.id and who.id in strangers(store, by):
        raise UserError(f"There is no person number {who.id}.")


def _role(store: Store, project: ProjectRow, who: Person) -> Role | None:
    return store.members.of_person(who.id).get(project.id)


def _refuse_last(store: Store, project: ProjectRow, who: Person) -> None:
    owners = [one for one in listing(store, project) if one.role is Role.OWNER]
    if len(owners) == 1:
        raise UserError(f"{who.name} is the only owner of {project.title}; name another one first.")


def _record(
    store: Store,
    project: ProjectRow,
    actor: Person | None,
    kind: str,
    words: str,
    now: datetime,
    setting: str | None = None,
) -> None:
    by = actor.id if actor else None
    store.log.record(project.id, kind, f"{_who(actor)} {words}", now, person_id=by, setting=setting)


def _who(actor: Person | None) -> str:
    return actor.mention if actor else "Whoever runs the server"
