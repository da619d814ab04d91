"""What the web and the API share: the database, the clock, and who is at the door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from blueprint.errors import UserError
from blueprint.graph import Graph
from dashboards.snapshot import Snapshot
from lean_project.findings import Findings
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import people, permission, views
from server.service.board import checked
from server.settings import Settings
from server.store import Database, Store


class NotHereError(Exception):
    """There is no such project, node, task or person; the sentence says which.

    `near` are addresses of what may be meant, with what to call it.
    """

    def __init__(self, text: str, near: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(text)
        self.near = tuple(near)


# A number in an address; no database has larger ones than these.
NUMBER = "int(min=1, max=2147483647)"
WRITES = "60 per minute"
SIGN_INS = "20 per minute"


class NotYouError(Exception):
    """The token that came with a request is no good; the sentence says why."""


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class House:
    """Everything a request needs besides itself."""

    settings: Settings
    database: Database
    clock: Callable[[], datetime] = utc_now

    def time_of(self, person: Person) -> datetime:
        """Now, in the person's time zone."""
        return self.clock().astimezone(people.zone_of(person))


def project_of(store: Store, slug: str) -> ProjectRow:
    """The project of an address that the gate has let pass. Raises `NotHereError` where there is none.

    By slug only: an address must not ask about folders on the server.
    """
    found = store.projects.by_slug(slug)
    if found is None:
        raise no_project(slug)
    return found


def no_project(slug: str) -> NotHereError:
    """There is none, or none for whoever asks."""
    return NotHereError(str(permission.unknown(slug)))


def snapshot_of(store: Store, slug: str, now: datetime) -> Snapshot:
    """The project as it stands. Raises `NotHereError` where there is none, or none of it was checked yet."""
    project = project_of(store, slug)
    try:
        return views.snapshot(store, project, now)
    except UserError as error:
        raise NotHereError(f"Nothing of `{slug}` is checked yet.") from error


def graph_of(store: Store, slug: str) -> Graph:
    """The blueprint's graph alone, which costs less than a snapshot. Raises `NotHereError` as that does."""
    return findings_of(store, slug).graph


def findings_of(store: Store, slug: str) -> Findings:
    """What the newest check found; that also costs less. Raises `NotHereError` as a snapshot does."""
    try:
        return checked(store, project_of(store, slug))
    except UserError as error:
        raise NotHereError(f"Nothing of `{slug}` is checked yet.") from error


def one_of(verbs: Iterable[str]) -> str:
    """The part of a route that takes one of these words."""
    return f"any({','.join(repr(verb) for verb in verbs)})"
