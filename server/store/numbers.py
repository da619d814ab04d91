"""By which numbers people go in the ledger of a project: by their own, unless it came from another server.

The seals cover these numbers, so they stay as they are when people get others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count

from sqlalchemy import Connection, func, select

from server.store.tables.credit import ledger_people
from server.store.tables.people import people
from server.work.ledger import Entry

# What somebody goes by who has no number in a ledger where theirs is somebody else's: nobody's.
NOBODY = 0


@dataclass(frozen=True)
class Numbers:
    """`own` has, by person, the numbers that are not simply that person's here."""

    own: Mapping[int, int]

    @cached_property
    def taken(self) -> frozenset[int]:
        return frozenset(self.own.values())

    def of(self, person_id: int) -> int:
        """`NOBODY` where that number is somebody else's in this ledger."""
        return self.own.get(person_id, NOBODY if person_id in self.taken else person_id)

    def sealed(self, entry: Entry) -> Entry:
        """The entry as the seals cover it."""
        if not self.own:
            return entry
        by = None if entry.by is None else self.of(entry.by)
        return replace(entry, person_id=self.of(entry.person_id), by=by)

    def for_everybody(self, person_ids: Collection[int]) -> dict[int, int]:
        """A number for each of these people, which no two have; those who had none come after all others."""
        free = count(1 + max((*person_ids, *self.taken), default=0))
        return {id: self.of(id) or next(free) for id in sorted(person_ids)}


def numbers(db: Connection, project_id: int) -> Numbers:
    query = select(ledger_people.c.person_id, ledger_people.c.number)
    rows = db.execute(query.where(ledger_people.c.project_id == project_id))
    return Numbers({row.person_id: row.number for row in rows})


def keep(db: Connection, project_id: int, own: Mapping[int, int]) -> None:
    """Let these people go by these numbers from now on."""
    rows = [{"project_id": project_id, "person_id": id, "number": number} for id, number in own.items()]
    if rows:
        db.execute(ledger_people.insert(), rows)


def settled(db: Connection, project_id: int, entries: Iterable[Entry]) -> Numbers:
    """The numbers, with one for whoever the entries name and who had none. The caller holds the lock."""
    known = numbers(db, project_id)
    new = [id for entry in entries for id in _people(entry) if known.of(id) == NOBODY]
    if not new:
        return known
    last = max(*known.taken, db.execute(select(func.max(people.c.id))).scalar_one())
    given = {id: last + place for place, id in enumerate(dict.fromkeys(new), 1)}
    keep(db, project_id, given)
    return Numbers({**known.own, **given})


def _people(entry: Entry) -> Iterator[int]:
    yield entry.person_id
    if entry.by is not None:
        yield entry.by
