"""Whether the ledger of a project is what was once entered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from server.records.projects import ProjectRow
from server.store import Store
from server.work.ledger import Entry, first_break


@dataclass(frozen=True, slots=True)
class Soundness:
    """How many entries there are, the first that does not fit (from 1; None: all do), and the last hash."""

    project: str
    entries: int
    broken: int | None
    last: str | None


@dataclass
class _Passing:
    """Counts what passes by."""

    count: int = 0
    last: str | None = field(default=None)

    def through(self, chain: Iterable[tuple[Entry, str, str]]) -> Iterator[tuple[Entry, str, str]]:
        for entry, prev, own in chain:
            self.count, self.last = self.count + 1, own
            yield entry, prev, own


def verify(store: Store, project: ProjectRow) -> Soundness:
    """Every entry is sealed again and compared."""
    passing = _Passing()
    place = first_break(passing.through(store.ledger.chain(project.id)))
    if place is None:
        return Soundness(project.slug, passing.count, None, passing.last)
    return Soundness(project.slug, store.ledger.count(project.id), place + 1, None)


def has(store: Store, project: ProjectRow, seal: str) -> bool:
    """Whether the project's ledger has the entry with that hash, such as was written down before."""
    return store.ledger.has(project.id, seal.strip().lower())
