"""One project as rows that can be taken elsewhere: what belongs to it, under numbers of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, ForeignKey, Table, or_, select, text, union

from server.store_books import BATCH, free_numbers, insert, listed, settle_numbers
from server.store_values import Values, decoded
from server.tables import identities, metadata, people, projects

# What stays here: secrets and what hangs on them, and the mail of this server.
LEFT_OUT = frozenset(
    {
        "sign_in_tokens",
        "api_tokens",
        "reporters",
        "reports",
        "inbox",
        "outbox",
        "cursors",
        "channels",
        "visitors",
        "link_words",
        "choices",
        "last_deeds",
    },
)
# What a column is given anew where it arrives: who may do what is for each server to say.
GIVEN: Mapping[tuple[str, str], Any] = {("people", "role"): "contributor"}

TAKEN = tuple(table for table in metadata.sorted_tables if table.name not in LEFT_OUT)
_PLACES = {table.name: place for place, table in enumerate(TAKEN)}


class Parcels:
    """Rows go by the order in which they stand; a person keeps their number, because the ledger seals it."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def rows(self, project_id: int) -> Iterator[tuple[str, Values]]:
        numbers: dict[str, dict[int, int]] = {}
        for table in TAKEN:
            known = numbers.setdefault(table.name, {})
            for values in listed(self._db, table, self._belonging(table, project_id)):
                known[values["id"]] = values["id"] if table is people else len(known) + 1
                yield table.name, _kept(table, _renumbered(table, values, numbers))

    def add(self, rows: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
        """Bring a project in, and give its id. Raises `ValueError`, in words, where it does not fit."""
        self._keep_people_as_they_are()
        arrival = _Arrival(self._db)
        for name, values in rows:
            arrival.take(name, values)
        return arrival.close()

    def _keep_people_as_they_are(self) -> None:
        """SQLite has one writer anyway; elsewhere nobody may take the numbers of people in the file."""
        if self._db.dialect.name == "postgresql":
            self._db.execute(text(f"LOCK TABLE {people.name} IN SHARE ROW EXCLUSIVE MODE"))

    def _belonging(self, table: Table, project_id: int) -> ColumnElement[bool]:
        if table is people:
            return people.c.id.in_(self._everybody(project_id))
        if table is identities:
            return identities.c.person_id.in_(self._everybody(project_id))
        return _of_project(table, project_id)

    def _everybody(self, project_id: int) -> list[int]:
        """Whoever the project's rows speak of, and who they are known as today."""
        named = union(
            *(
                select(column).where(_of_project(table, project_id), column.is_not(None))
                for table in TAKEN
                for column in _references(table, people)
                if table not in (people, identities)
            )
        ).subquery()
        known = select(people.c.same_as).where(people.c.id.in_(select(named)), people.c.same_as.is_not(None))
        query = select(people.c.id).where(or_(people.c.id.in_(select(named)), people.c.id.in_(known)))
        return list(self._db.execute(query).scalars())


class _Arrival:
    """Rows of a file on their way in: each must refer to rows before it."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._batch: list[Values] = []
        self._place = 0
        self._numbers: dict[str, dict[int, int]] = {table.name: {} for table in TAKEN}
        self._free = {table.name: free_numbers(connection, table) for table in TAKEN}
        self._known: set[int] = set()

    def take(self, name: str, values: Mapping[str, Any]) -> None:
        place = _PLACES.get(name, -1)
        if place < self._place:
            raise ValueError(f"rows of `{name[:80]}` do not belong here")
        if place > self._place or len(self._batch) >= BATCH:
            self._flush()
            self._place = place
        table = TAKEN[place]
        row = decoded(table, _with_given(table, values))
        self._numbers[name][row["id"]] = self._number(table, row)
        arrived = _renumbered(table, row, self._numbers)
        if not self._is_here(table, arrived):
            self._batch.append(arrived)

    def close(self) -> int:
        """The id of the project."""
        self._flush()
        settle_numbers(self._db, people)
        if len(arrived := self._numbers[projects.name]) != 1:
            raise ValueError("a file holds exactly one project")
        return next(iter(arrived.values()))

    def _flush(self) -> None:
        insert(self._db, TAKEN[self._place], iter(self._batch))
        self._batch = []

    def _number(self, table: Table, row: Values) -> int:
        """The number that a row gets here: the next one; but a person's is their own."""
        if table is people:
            return int(row["id"])
        if row["id"] != len(self._numbers[table.name]) + 1:
            raise ValueError(f"the rows of `{table.name}` are not numbered in their order")
        return next(self._free[table.name])

    def _is_here(self, table: Table, row: Values) -> bool:
        """Whether the row is a person who is known here, or an identity of one: a file adds none to them."""
        if table is people and self._same_person(row):
            self._known.add(row["id"])
            return True
        return table is identities and row["person_id"] in self._known

    def _same_person(self, row: Values) -> bool:
        """Whether the person of that number is here. `ValueError` where it is somebody else."""
        here = self._db.execute(select(people).where(people.c.id == row["id"])).first()
        if here is None:
            return False
        if (here.name, here.created, here.same_as) != (row["name"], row["created"], row["same_as"]):
            raise ValueError(
                f"person {row['id']} is somebody else here than in the file, and the ledger seals these "
                "numbers; import it into a database of its own"
            )
        return True


def _of_project(table: Table, project_id: int) -> ColumnElement[bool]:
    """The rows that lead to the project by the references that every one of them has."""
    if table is projects:
        return projects.c.id == project_id
    if "project_id" in table.c:
        return table.c.project_id == project_id
    column, owner = next(_owners(table))
    return column.in_(select(owner.c.id).where(_of_project(owner, project_id)))


def _owners(table: Table) -> Iterator[tuple[Column[Any], Table]]:
    for key in _keys(table):
        if not key.parent.nullable and key.column.table not in (people, table):
            yield key.parent, key.column.table


def _references(table: Table, to: Table) -> Iterator[Column[Any]]:
    return (key.parent for key in _keys(table) if key.column.table is to)


def _keys(table: Table) -> list[ForeignKey]:
    """The references to a row by its id; one by a number that stays the same needs nothing done."""
    keys = (key for key in table.foreign_keys if key.column.primary_key)
    return sorted(keys, key=lambda key: key.parent.name)


def _renumbered(table: Table, values: Values, numbers: Mapping[str, Mapping[int, int]]) -> Values:
    """The row with other numbers for itself and for what it refers to, all of which went before."""
    out = {**values, "id": numbers[table.name].get(values["id"], values["id"])}
    for key in _keys(table):
        number = values[key.parent.name]
        if number is not None:
            try:
                out[key.parent.name] = numbers[key.column.table.name][number]
            except KeyError as error:
                raise ValueError(f"`{table.name}.{key.parent.name}` refers to no row before it") from error
    return out


def _kept(table: Table, values: Values) -> Values:
    return {name: value for name, value in values.items() if (table.name, name) not in GIVEN}


def _with_given(table: Table, values: Mapping[str, Any]) -> Values:
    given = {column: value for (name, column), value in GIVEN.items() if name == table.name}
    if given.keys() & values.keys():
        raise ValueError(f"a row of `{table.name}` has other columns")
    return {**values, **given}
