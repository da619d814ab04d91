"""Taking over a table of credit that a project kept by hand: what is sure is entered, what is not is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product

from blueprint.errors import UserError
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import people
from server.service.contributions import Assertion, read, repeats
from server.service.permission import require
from server.service.telling import tell
from server.store import Store
from server.work.credit_table import Row, parse, several
from server.work.evidence import is_evidence
from server.work.kinds import is_program, kind_of
from server.work.ledger import Entry
from server.work.permissions import Action, Role
from server.work.standing import Contribution, fold

# From so many points on (of 100) two names may be one, and nobody is made known under the second.
LIKE = 75


@dataclass(frozen=True, slots=True)
class Planned:
    """What comes of one contribution in a row: an entry, or (where there is none) why it is left.

    `known` says that it is left because it is on the books already.
    """

    row: Row
    words: str
    node_id: int | None = None
    entry: Entry | None = None
    known: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be entered and what not, in the order of the table; `unknown` columns are not taken over."""

    planned: tuple[Planned, ...]
    unknown: tuple[str, ...]

    @property
    def new(self) -> tuple[Planned, ...]:
        return tuple(one for one in self.planned if one.entry is not None)

    @property
    def unsure(self) -> tuple[Planned, ...]:
        return tuple(one for one in self.planned if one.entry is None and not one.known)

    @property
    def left(self) -> tuple[str, ...]:
        """The lines that have something unsure, to be mended and taken in again."""
        return tuple(dict.fromkeys(one.row.source for one in self.unsure))


def take_in(
    store: Store,
    project: ProjectRow,
    person: Person,
    text: str,
    *,
    evidence: tuple[str, ...] = (),
    new_people: bool = False,
    now: datetime,
) -> Plan:
    """Enter all that is sure in the tables of a text; a door that only wants the plan keeps nothing of it.

    Each entry still has to be confirmed by the person credited. `evidence` backs the rows that have none of
    their own; `new_people` makes people known whose names resemble nobody's. `UserError` without a table.
    """
    person = require(store, project, person, Action.TAKE_IN_CREDIT)
    store.projects.lock(project.id)
    table, found = parse(text), list(fold(store.ledger.kept(project.id)).values())
    reader = _Reader(store, project, person, evidence, new_people, now, found)
    plan = Plan(tuple(one for row in table.rows for one in reader.row(row)), table.unknown)
    for one in plan.new:
        if one.entry is not None:
            store.ledger.add(project.id, one.node_id, one.entry)
    _tell(store, project, person, plan, now)
    return plan


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes entries of rows, as `take_in` says; `found` is what is on the books."""

    store: Store
    project: ProjectRow
    person: Person
    evidence: tuple[str, ...]
    new_people: bool
    now: datetime
    found: list[Contribution]

    def row(self, row: Row) -> Iterator[Planned]:
        """One for each person, kind and node that the row names; what is unsure stops nothing else."""
        names, kinds, nodes = self._names(row), _kinds(row), self._nodes(row)
        degree = row.cell("degree").text or ("equal" if len(names) > 1 else "lead")
        method, tools = row.cell("method").text or None, several(row.cell("tools").text)
        for name, kind, node in product(names or ("",), kinds or ("",), nodes or (None,)):
            said = Assertion(name, kind, self._evidence(row), node, degree, method, tools)
            yield self._planned(row, said)

    def _names(self, row: Row) -> tuple[str, ...]:
        """The person that a cell names, or each of several."""
        whole = row.cell("person").text.lstrip("@")
        found = (whole,) if self._known(whole) else tuple(name.lstrip("@") for name in several(whole))
        return tuple(dict.fromkeys(found))

    def _planned(self, row: Row, said: Assertion) -> Planned:
        what = f"{said.kind}{f' on {said.node}' if said.node else ''} by {said.who or 'nobody'}"
        try:
            self._meet(said)
            node_id, entry = read(self.store, self.project, self.person, said, self.now)
        except UserError as error:
            return Planned(row, f"{what}: {error}")
        for one in self.found:
            if repeats(one, entry, node_id):
                return Planned(row, f"{what}: on the books as credit {one.kept.number}", known=True)
        return Planned(row, what, node_id, entry)

    def _known(self, name: str) -> bool:
        return bool(name) and len(self.store.people.named(name)) > 0

    def _meet(self, said: Assertion) -> None:
        """Make somebody known, where that was asked for and no name resembles theirs.

        `UserError` for whatever else is wrong with the row, so that nobody is known by a row that is left.
        """
        name = said.who
        if not name:
            raise UserError("The row names nobody.")
        if is_program(name):
            raise UserError("A program is a tool, and no contributor; name it among the tools.")
        strange = not self._known(name) and not people.resembling(self.store, name, least=LIKE)
        if self.new_people and strange:
            anybody = replace(said, who=f"#{self.person.id}")
            read(self.store, self.project, self.person, anybody, self.now)
            people.add(self.store, name, Role.CONTRIBUTOR, self.now)

    def _nodes(self, row: Row) -> tuple[str, ...]:
        text = row.cell("node").text.strip("`")
        labels = {known.label for known in self.store.projects.nodes(self.project.id)}
        if not text or text in labels or "," not in text:
            return (text,) if text else ()
        return tuple(dict.fromkeys(part.strip("` ") for part in text.split(",") if part.strip("` ")))

    def _evidence(self, row: Row) -> tuple[str, ...]:
        cell = row.cell("evidence")
        words = (word.strip("`<>,;") for word in cell.text.split())
        own = (*cell.links, *(word for word in words if is_evidence(word)))
        return tuple(dict.fromkeys(own)) or self.evidence


def _kinds(row: Row) -> tuple[str, ...]:
    """The kinds that a cell names: as a whole, or each of several."""
    text = row.cell("kind").text
    try:
        return (kind_of(text),)
    except UserError:
        return tuple(dict.fromkeys(several(text)))


def _tell(store: Store, project: ProjectRow, person: Person, plan: Plan, now: datetime) -> None:
    """One word to each person credited, however many the entries, and one event."""
    counted = Counter(one.entry.person_id for one in plan.new if one.entry is not None)
    for other, number in counted.items():
        if other != person.id:
            words = (
                f"{person.mention} entered {number} of your contributions from a table that was kept by hand."
            )
            tell(store, project, other, "credit", f"{words} Each counts once you confirm it.", now, None)
    if counted:
        words = f"entered {len(plan.new)} contributions from a table kept by hand"
        store.log.record(project.id, "credit", words, now, person_id=person.id)
