"""Who may do what here: the table of `server.work.permissions`, asked about one person and one project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from blueprint.errors import UserError
from server.records.people import Person
from server.records.projects import ProjectRow
from server.store import Store
from server.work.permissions import LEAST, Action, Role, allows, role_in


class ForbiddenError(UserError):
    """The person's role does not cover what they want."""


class UnknownProjectError(UserError):
    """There is no such project, or none for whoever asks."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody's role is on this server and in its projects, by their ids."""

    site: Role = Role.VISITOR
    roles: Mapping[int, Role] = field(default_factory=dict)
    inside: frozenset[int] = frozenset()

    def in_(self, project: ProjectRow) -> Role | None:
        """None where there is no such project for them."""
        member, inside = self.roles.get(project.id), project.id in self.inside
        return role_in(self.site, member, private=project.private, inside=inside)


def standing_of(store: Store, person: Person | None) -> Rights:
    """As the database knows them now; None is somebody who is not signed in."""
    known = store.people.get(person.id) if person else None
    if known is None:
        return Rights()
    return Rights(known.role, store.members.of_person(known.id), store.members.inside(known.id))


def role_of(store: Store, project: ProjectRow, person: Person | None) -> Role | None:
    """The person's role in the project; None where there is no such project for them."""
    return standing_of(store, person).in_(project)


def may(store: Store, project: ProjectRow, person: Person | None, action: Action) -> bool:
    return allows(role_of(store, project, person), action)


def require(store: Store, project: ProjectRow | None, person: Person, action: Action) -> Person:
    """The person as the database knows them now, with their role in the project (or, without one, here).

    `ForbiddenError` when that role does not cover the action; `UnknownProjectError` when the project is
    hidden from them.
    """
    known = store.people.get(person.id)
    if known is None:
        raise UserError("You are not known here any more; sign in again.")
    role = known.role if project is None else role_of(store, project, known)
    if project is not None and role is None:
        raise unknown(project.slug)
    if role is None or not allows(role, action):
        yours = (role or Role.VISITOR).named
        raise ForbiddenError(
            f"To {action} you need to be {LEAST[action].named}, and you are {yours}; {_whom(project)}."
        )
    return replace(known, role=role)


def unknown(slug: str) -> UnknownProjectError:
    """What is said of a project that is not there, and of one that is hidden from whoever asks."""
    return UnknownProjectError(f"There is no project `{slug[:60]}` here.")


def _whom(project: ProjectRow | None) -> str:
    owners = "" if project is None else "an owner of the project, or "
    return f"ask {owners}whoever runs the server"
