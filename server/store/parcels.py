"""One project as rows that can be taken elsewhere: what belongs to it, under numbers of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, ForeignKey, Table, or_, select, text, union

from server.store.books import BATCH, free_numbers, insert, listed, settle_numbers
from server.store.erasing import NUMBERED, Erasing
from server.store.newcomers import Newcomers
from server.store.numbers import keep, numbers
from server.store.people import ACCOUNT
from server.store.tables import metadata
from server.store.tables.people import identities, people
from server.store.tables.projects import projects
from server.store.values import Values, decoded
from server.work.naming import renumbered
from server.work.sentences import mentioning

# What stays here: secrets and what hangs on them, the mail of this server, who wants which of it, and what it
# offered a moment ago.
LEFT_OUT = frozenset(
    {
        "sign_in_tokens",
        "api_tokens",
        "sessions",
        "reporters",
        "reports",
        "inbox",
        "outbox",
        "cursors",
        "preferences",
        "posts",
        "channels",
        "visitors",
        "insiders",
        "members",
        "link_words",
        "choices",
        "last_deeds",
        "reservations",
        "ledger_people",
        "changes",
        "hooks",
        "deliveries",
        "pull_requests",
        "pull_request_tasks",
        "verdicts",
        "wanted_syncs",
    },
)
# What a column is given anew where it arrives: who may do what is for each server to say, to what somebody
# consented they consented there, and what was to be sent is not sent from here too.
GIVEN: Mapping[tuple[str, str], Any] = {
    ("people", "role"): "contributor",
    ("people", "dataset"): False,
    ("people", "linked"): False,
    ("identities", "proof"): None,
    ("notices", "due"): None,
    ("projects", "forge_comments"): False,
}

# People come first, and at once what they are known by: whatever else there is speaks of them.
_PEOPLE = (people, identities)
TAKEN = (
    *_PEOPLE,
    *(table for table in metadata.sorted_tables if table.name not in LEFT_OUT and table not in _PEOPLE),
)
_WORDS: dict[str, list[Column[str]]] = defaultdict(list)
for _column in NUMBERED:
    _WORDS[_column.table.name].append(_column)
_PLACES = {table.name: place for place, table in enumerate(TAKEN)}


class Parcels:
    """Rows go by the order in which they stand; a person by the number that the project's ledger seals."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def rows(self, project_id: int) -> Iterator[tuple[str, Values]]:
        everybody = self._everybody(project_id)
        told = {people.name: numbers(self._db, project_id).for_everybody(everybody)}
        erased: dict[int, int] = {}
        for table in TAKEN:
            known = told.setdefault(table.name, {})
            for values in self._listed(table, project_id, told[people.name]):
                if table is not people:
                    known[values["id"]] = len(known) + 1
                elif values["erased"]:
                    erased[values["id"]] = known[values["id"]]
                yield table.name, _kept(table, _said(table, _renumbered(table, values, told), told, erased))

    def add(self, rows: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
        """Bring a project in, and give its id. Raises `ValueError`, in words, where it does not fit."""
        self._keep_people_as_they_are()
        arrival = _Arrival(self._db)
        for name, values in rows:
            arrival.take(name, values)
        project_id = arrival.close()
        for person_id, words in arrival.newcomers.forgotten.items():
            Erasing(self._db).take_out(person_id, words)
        return project_id

    def _keep_people_as_they_are(self) -> None:
        """SQLite has one writer anyway; elsewhere nobody may take the numbers of people in the file."""
        if self._db.dialect.name == "postgresql":
            self._db.execute(text(f"LOCK TABLE {people.name} IN SHARE ROW EXCLUSIVE MODE"))

    def _listed(self, table: Table, project_id: int, told: Mapping[int, int]) -> Iterable[Values]:
        """People in the order of their numbers, but those who are somebody with a later one last."""
        found = listed(self._db, table, self._belonging(table, project_id))
        if table is not people:
            return found

        def place(row: Values) -> tuple[bool, int]:
            return told.get(row["same_as"], 0) > told[row["id"]], told[row["id"]]

        return sorted(found, key=place)

    def _belonging(self, table: Table, project_id: int) -> ColumnElement[bool]:
        if table is people:
            return people.c.id.in_(self._everybody(project_id))
        if table is identities:
            own = identities.c.person_id.in_(self._everybody(project_id))
            return own & (identities.c.kind != ACCOUNT)  # the ways in are for each server to know
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
        self.newcomers = Newcomers(connection)
        self._erased: dict[int, int] = {}
        self._numbers: dict[str, dict[int, int]] = {table.name: {} for table in TAKEN}
        self._free = {table.name: free_numbers(connection, table) for table in TAKEN}

    def take(self, name: str, values: Mapping[str, Any]) -> None:
        place = _PLACES.get(name, -1)
        if place < self._place:
            raise ValueError(f"rows of `{name[:80]}` do not belong here")
        if place > self._place or len(self._batch) >= BATCH:
            self._flush()
            self._place = place
        table = TAKEN[place]
        row = decoded(table, _with_given(table, values))
        if table is people:
            self.newcomers.people.append(row)
        elif table is identities:
            self.newcomers.identities.append(row)
        else:
            self._settle_people()
            self._numbers[name][row["id"]] = self._number(table, row)
            arrived = _renumbered(table, row, self._numbers)
            self._batch.append(_said(table, arrived, self._numbers, self._erased))

    def close(self) -> int:
        """The id of the project."""
        self._flush()
        settle_numbers(self._db, people)
        if len(arrived := self._numbers[projects.name]) != 1:
            raise ValueError("a file holds exactly one project")
        project_id = next(iter(arrived.values()))
        here = self._numbers[people.name].items()
        keep(self._db, project_id, {id: number for number, id in here if id != number})
        return project_id

    def _settle_people(self) -> None:
        """Once all of them are known, and before anything speaks of them."""
        if not self._numbers[people.name] and self.newcomers.people:
            self._numbers[people.name] = here = self.newcomers.settle()
            self._erased = {row["id"]: here[row["id"]] for row in self.newcomers.people if row["erased"]}

    def _flush(self) -> None:
        insert(self._db, TAKEN[self._place], iter(self._batch))
        self._batch = []

    def _number(self, table: Table, row: Values) -> int:
        """The number that a row gets here: the next one."""
        if row["id"] != len(self._numbers[table.name]) + 1:
            raise ValueError(f"the rows of `{table.name}` are not numbered in their order")
        return next(self._free[table.name])


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


def _said(
    table: Table, values: Values, numbers: Mapping[str, Mapping[int, int]], erased: Mapping[int, int]
) -> Values:
    """The row, with people by their other numbers also in its words, where they stand by numbers."""
    words = {column.name: values[column.name] for column in _WORDS.get(table.name, ())}
    here = numbers[people.name]
    said = {name: renumbered(mentioning(text, here), erased) for name, text in words.items() if text}
    return {**values, **said}


def _kept(table: Table, values: Values) -> Values:
    return {name: value for name, value in values.items() if (table.name, name) not in GIVEN}


def _with_given(table: Table, values: Mapping[str, Any]) -> Values:
    given = {column: value for (name, column), value in GIVEN.items() if name == table.name}
    if given.keys() & values.keys():
        raise ValueError(f"a row of `{table.name}` has other columns")
    return {**values, **given}
