"""What the web and the API share: the database, the clock, and who is at the door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import g, request

from blueprint.errors import UserError
from blueprint.graph import Graph
from dashboards.snapshot import Snapshot
from lean_project.findings import Findings
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import people, permission, projects, views
from server.service.board import checked
from server.settings import Settings
from server.store import Database, Store
from server.work.permissions import Action, Role, allows


class NotHereError(Exception):
    """There is no such project, node, task or person; the sentence says which.

    `near` are addresses of what may be meant, with what to call it.
    """

    def __init__(self, text: str, near: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(text)
        self.near = tuple(near)


# What asks for nothing but an answer.
SAFE = frozenset({"GET", "HEAD"})
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

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """The one transaction in which a request reads, from the gate to the page: it sees one moment.

        It lasts until the request is over. One that is to change something has it only as long as it reads.
        """
        if request.method not in SAFE:
            with self.database.reading() as store:
                yield store
            return
        if "books" not in g:
            g.books = ExitStack()
            g.store = g.books.enter_context(self.database.reading())
        yield g.store

    def time_of(self, person: Person) -> datetime:
        """Now, in the person's time zone."""
        return self.clock().astimezone(people.zone_of(person))


def let_go() -> None:
    """Read no more in the transaction of this request, which is over, or is to write something after all."""
    if (books := g.pop("books", None)) is not None:
        g.pop("store")
        books.close()


@dataclass(frozen=True, slots=True)
class Admitted:
    """What the gate found out for an address: the project, and the asker's role in it."""

    store: Store
    slug: str
    project: ProjectRow
    role: Role


def admit(store: Store, slug: str) -> Admitted:
    """Let in whoever asks, where they may know of the project. Raises `NotHereError` where there is none."""
    found = projects.seen(store, slug, g.person)
    if found is None or not allows(found[1], Action.READ):
        raise no_project(slug)
    return Admitted(store, slug, *found)


def project_of(store: Store, slug: str) -> ProjectRow:
    """The project of an address, as the gate found it; in another transaction it is asked once more.

    By slug only: an address must not ask about folders on the server. Raises `NotHereError` as `admit` does.
    """
    known: Admitted | None = g.get("admitted")
    if known is None or known.store is not store or known.slug != slug:
        known = admit(store, slug)
    return known.project


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
