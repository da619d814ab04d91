"""People, what leads to them, and their roles in projects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.work.permissions import Role
from server.work.sentences import mention


@dataclass(frozen=True, slots=True)
class Person:
    """A contributor. The name is what they chose to be called; it identifies nobody.

    `role` is theirs on this server; once a service has asked who may act in a project, it is theirs there.
    `zone` is the name of the time zone in which they read and write dates.
    """

    id: int
    name: str
    role: Role = Role.CONTRIBUTOR
    zone: str = "UTC"

    @property
    def mention(self) -> str:
        """The person in a sentence that is kept, whatever they are called when it is read."""
        return mention(self.id)


class Proof(StrEnum):
    """Who or what says that an identity is somebody's."""

    OPERATOR = "operator"
    MAINTAINER = "maintainer"
    COMMIT = "commit"
    FORGE = "forge"


@dataclass(frozen=True, slots=True)
class Way:
    """What leads to a person: `value` is of a `kind` and nobody else's; `called` is what to show for it."""

    id: int
    kind: str
    value: str
    called: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody's own role in a project, whatever theirs on the server is."""

    person: Person
    role: Role
    since: datetime
