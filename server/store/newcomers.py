"""The people of a file on their way in: who of them is known here, and by which numbers the others go.

Somebody is known by an address that their commits come from, or where the file says the same of a number as
is said of it here. A name, or a number in some chat, proves nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select

from server.store.books import free_numbers, insert
from server.store.erasing import tombstone
from server.store.people import ACCOUNT, People
from server.store.tables.people import identities, people
from server.store.values import Values
from server.work.naming import HIDDEN, renumbered


@dataclass
class Newcomers:
    """`people` and `identities` as the file has them, in its order.

    `forgotten`, by number here: what the file calls those who asked this server to forget them.
    """

    db: Connection
    people: list[Values] = field(default_factory=list)
    identities: list[Values] = field(default_factory=list)
    forgotten: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def settle(self) -> dict[int, int]:
        """Write down who is new; number in the file -> number here, of which no two are equal.

        Raises `ValueError`, in words, where the rows do not fit together.
        """
        found: dict[int, int] = {}
        taken: set[int] = set()
        new: dict[int, Values] = {}
        free, addresses = self._free(), self._addresses()
        for row in self.people:
            number, same_as = row["id"], self._same_as(row, found)
            here = self._here(row, same_as, addresses[number])
            if here is not None:
                self._remember_forgotten(here, row, addresses[number])
            if here is None or here in taken:
                id = number if self._is_free(number, taken) else next(free)
                new[number] = self._row(row, id, same_as, here)
                here = id
            found[number] = here
            taken.add(here)
        insert(self.db, people, iter(new.values()))
        insert(self.db, identities, self._own(new, found))
        return found

    def _same_as(self, row: Values, found: dict[int, int]) -> int | None:
        """The number here of whom the person is known as."""
        if row["id"] < 1 or row["id"] in found:
            raise ValueError("each person has a number of their own, from 1 on")
        if row["same_as"] is None:
            return None
        if row["same_as"] not in found:
            raise ValueError("`people.same_as` refers to no row before it")
        return found[row["same_as"]]

    def _addresses(self) -> dict[int, list[str]]:
        """By person, the addresses that their commits come from."""
        found: dict[int, list[str]] = defaultdict(list)
        for row in self.identities:
            if row["kind"] == "git":
                found[row["person_id"]].append(row["value"])
        return found

    def _here(self, row: Values, same_as: int | None, addresses: Iterable[str]) -> int | None:
        """The number of the same person here, if they are known."""
        here = self.db.execute(select(people).where(people.c.id == row["id"])).first()
        if here is not None and _is_same(here, row, same_as):
            return int(row["id"])
        known = (People(self.db).by_identity("git", address) for address in addresses)
        return next((person.id for person in known if person is not None), None)

    def _remember_forgotten(self, id: int, row: Values, addresses: Iterable[str]) -> None:
        if People(self.db).get(id) is None:
            words = (*self.forgotten.get(id, ()), row["name"], row["pseudonym"], *addresses)
            self.forgotten[id] = tuple(word for word in words if word)

    def _own(self, new: dict[int, Values], found: dict[int, int]) -> Iterator[Values]:
        """What newcomers are known by, but for what somebody is known by already, and ways to sign in."""
        free, known = free_numbers(self.db, identities), People(self.db)
        git = select(identities.c.value).where(identities.c.kind == "git")
        buried = {tombstone(address) for address in self.db.execute(git).scalars()}
        for row in self.identities:
            if row["person_id"] not in found:
                raise ValueError("`identities.person_id` refers to no row before it")
            taken = row["value"] in buried or known.by_identity(row["kind"], row["value"])
            if not taken and row["kind"] != ACCOUNT and row["person_id"] in new:
                yield {**row, "id": next(free), "person_id": found[row["person_id"]]}

    def _row(self, row: Values, id: int, same_as: int | None, known_as: int | None) -> Values:
        """Who is known here by another number already needs no name of their own."""
        if known_as is not None:
            return {**row, "id": id, "same_as": known_as, "name": f"{HIDDEN}{known_as}", "pseudonym": None}
        name = renumbered(row["name"], {row["id"]: id}) if row["erased"] else row["name"]
        return {**row, "id": id, "same_as": same_as, "name": name}

    def _is_free(self, number: int, taken: Collection[int]) -> bool:
        here = self.db.execute(select(people.c.id).where(people.c.id == number)).first()
        return here is None and number not in taken

    def _free(self) -> Iterator[int]:
        """Numbers that nobody has, here or in the file."""
        wanted = {row["id"] for row in self.people}
        return (number for number in free_numbers(self.db, people) if number not in wanted)


def _is_same(here: Row[*tuple[Any, ...]], row: Values, same_as: int | None) -> bool:
    """Of somebody who was erased here, the name is gone."""
    called_so = (here.name, here.same_as) == (row["name"], same_as)
    return here.created == row["created"] and (called_so or here.erased is not None)
