"""The ledger of credit: only ever added to, each entry sealed with the one before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select

from dashboards.snapshot import CreditView
from server.store.changes import notes
from server.store.numbers import numbers, settled
from server.store.people import People, is_whole, whole
from server.store.tables.credit import credit
from server.store.tables.nodes import nodes
from server.store.tables.people import people
from server.store.turns import batches, only, pages
from server.work.ledger import START, Act, Entry, seal
from server.work.standing import Contribution, Kept, fold

# As `Entry` has them, so that a row is one.
_ENTRY = (
    credit.c.person_id,
    credit.c.label,
    credit.c.part,
    credit.c.kind,
    credit.c.role,
    credit.c.degree,
    credit.c.evidence,
    credit.c.at,
    credit.c.act,
    credit.c.about,
    credit.c.by_id,
    credit.c.method,
    credit.c.tools,
)
_CHAIN = select(credit.c.prev_hash, credit.c.hash, *_ENTRY).order_by(credit.c.seq)
_KEPT = select(credit.c.seq, credit.c.node_id, *_ENTRY)
_CHECKED = (
    select(whole.c.id.label("whole_id"))
    .select_from(credit)
    .join(people, credit.c.person_id == people.c.id)
    .join(whole, is_whole)
    .where(credit.c.by_id.is_(None))
)
# Rows of a long chain are read so many at a time.
_PAGE = 5000


@dataclass(frozen=True, slots=True)
class About:
    """What of a ledger is asked for: all about these nodes, about a person, said by one, about one
    contribution or some, or all that people (rather than the check) ever said."""

    nodes: Collection[int] = ()
    person: int | None = None
    by: int | None = None
    number: int | None = None
    told: bool = False
    numbers: Collection[int] = ()


class Ledger:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, project_id: int, node_id: int | None, entry: Entry) -> int:
        """Seal and keep an entry; its number. The caller holds the project's lock."""
        return self.add_all(project_id, [(node_id, entry)])

    def add_all(self, project_id: int, entries: Iterable[tuple[int | None, Entry]]) -> int:
        """Seal and keep entries, each about the node of that id; the number of the last."""
        entries = list(entries)
        known = settled(self._db, project_id, [entry for _, entry in entries])
        prev, seq = self._last(project_id)
        rows = []
        for node_id, entry in entries:
            seq, own = seq + 1, seal(prev, known.sealed(entry))
            place = {"project_id": project_id, "node_id": node_id, "seq": seq}
            rows.append({**place, **_values(entry), "prev_hash": prev, "hash": own})
            prev = own
        if rows:
            self._db.execute(credit.insert(), rows)
        for row in rows:
            notes(self._db).entry(project_id, row["seq"])
        return seq

    def chain(self, project_id: int) -> Iterator[tuple[Entry, str, str]]:
        """(entry as it is sealed, hash of the one before, own hash), oldest first."""
        known = numbers(self._db, project_id)
        query = _CHAIN.where(credit.c.project_id == project_id).execution_options(yield_per=_PAGE)
        for prev, own, *values in self._db.execute(query):
            yield known.sealed(_entry(values)), prev, own

    def count(self, project_id: int) -> int:
        query = select(func.count()).select_from(credit).where(credit.c.project_id == project_id)
        return int(self._db.execute(query).scalar_one())

    def head(self, project_id: int) -> str:
        """The seal of the newest entry, by which one can tell whether anything was added."""
        return self._last(project_id)[0]

    def has(self, project_id: int, hash: str) -> bool:
        """Whether an entry is sealed with that hash."""
        query = select(credit.c.id).where(credit.c.project_id == project_id, credit.c.hash == hash)
        return self._db.execute(query).first() is not None

    def entries(self, project_id: int) -> tuple[tuple[Entry, str, str], ...]:
        return tuple(self.chain(project_id))

    def kept(self, project_id: int, about: About | None = None) -> tuple[Kept, ...]:
        """Oldest first, with the people as they are known today.

        Where something in particular is asked `about`, only entries about that, and those that bear on them.
        """
        here = credit.c.project_id == project_id
        if about is None:
            rows = list(pages(self._db, _KEPT.where(here), credit.c.seq))
        else:
            rows = self._bearing(project_id, about)
        entries = [(seq, node_id, _entry(values)) for seq, node_id, *values in rows]
        people_met = {entry.person_id for *_, entry in entries} | {entry.by for *_, entry in entries} - {None}
        known = People(self._db).known_as(id for id in people_met if id is not None)
        return tuple(
            Kept(seq, entry, known[entry.person_id], known[entry.by] if entry.by else None, node_id)
            for seq, node_id, entry in entries
        )

    def contributions(self, project_id: int, about: About | None = None) -> tuple[CreditView, ...]:
        """Newest first, with the names that people and nodes go by today.

        Where something in particular is asked `about`, others may be among them that bear on that.
        """
        found = fold(self.kept(project_id, about)).values()
        ids = {one.kept.person for one in found} | {one.kept.by for one in found if one.kept.by}
        names = People(self._db).names(ids)
        labels = self._labels({one.kept.node_id for one in found if one.kept.node_id})
        return tuple(_view(one, names, labels) for one in reversed(found))

    def affected(self, project_id: int, numbers: Collection[int]) -> tuple[CreditView, ...]:
        """All contributions that are not what they were before the entries of these numbers, newest first."""
        linked = self._bearing(project_id, About(numbers=numbers))
        nodes_met = {row.node_id for row in linked if row.node_id is not None}
        own = {row.seq for row in linked} | self._about(nodes_met)
        found = self.contributions(project_id, About(nodes=nodes_met, numbers={row.seq for row in linked}))
        return tuple(one for one in found if one.id in own)

    def views(self, project_id: int, node: str | None = None) -> tuple[CreditView, ...]:
        """What counts, newest first; of one node where its present label is given."""
        about = None if node is None else About(nodes=self._named(project_id, node))
        held = (one for one in self.contributions(project_id, about) if one.held)
        return tuple(one for one in held if node is None or one.node == node)

    def _bearing(self, project_id: int, about: About) -> list[Row[*tuple[Any, ...]]]:
        """The entries that `about` asks for, and all that these speak of or that speak of these."""
        rows: dict[int, Row[*tuple[Any, ...]]] = {}
        here = credit.c.project_id == project_id
        new = self._asked(project_id, about)
        while new:
            rows |= {row.seq: row for row in new}
            named = {row.about for row in new if row.about is not None} - rows.keys()
            close: list[ColumnElement[bool]] = [credit.c.seq.in_(numbers) for numbers in batches(named)]
            close += [credit.c.about.in_(numbers) for numbers in batches([row.seq for row in new])]
            found = (row for where in close for row in self._db.execute(_KEPT.where(here, where)))
            new = [row for row in found if row.seq not in rows]
        return [rows[number] for number in sorted(rows)]

    def _asked(self, project_id: int, about: About) -> list[Row[*tuple[Any, ...]]]:
        """Of one contribution its node's: there it may say how the person worked."""
        here, few = credit.c.project_id == project_id, only(credit.c.project_id, project_id)
        numbered = select(credit.c.node_id).where(here, credit.c.seq == about.number)
        of_node = self._db.execute(numbered).scalar() if about.number else None
        nodes_asked = {*about.nodes, *({of_node} if of_node else ())}
        numbers = {*about.numbers, *({about.number} if about.number else ())}
        theirs, said = (
            People(self._db).numbers(person) if person else () for person in (about.person, about.by)
        )
        wheres: list[ColumnElement[bool]] = [
            few & credit.c.node_id.in_(batch) for batch in batches(nodes_asked)
        ]
        wheres += [here & credit.c.seq.in_(batch) for batch in batches(numbers)]
        wheres += [few & credit.c.person_id.in_(theirs)] if theirs else []
        wheres += [here & credit.c.by_id.in_(said)] if said else []
        wheres += [here & credit.c.by_id.is_not(None)] if about.told else []
        return [row for where in wheres for row in self._db.execute(_KEPT.where(where))]

    def _about(self, node_ids: Collection[int]) -> set[int]:
        queries = (select(credit.c.seq).where(credit.c.node_id.in_(batch)) for batch in batches(node_ids))
        return {number for query in queries for number in self._db.execute(query).scalars()}

    def _labels(self, node_ids: Collection[int]) -> dict[int, str]:
        found: dict[int, str] = {}
        for ids in batches(node_ids):
            rows = self._db.execute(select(nodes.c.id, nodes.c.label).where(nodes.c.id.in_(ids)))
            found |= {row.id: row.label for row in rows}
        return found

    def _named(self, project_id: int, label: str) -> tuple[int, ...]:
        where = (nodes.c.project_id == project_id, nodes.c.label == label)
        return tuple(self._db.execute(select(nodes.c.id).where(*where)).scalars())

    def given_to(self, node_ids: Collection[int]) -> set[tuple[int, str, int]]:
        """(node, kind, person) of all that the check has credited for these nodes."""
        found: set[tuple[int, str, int]] = set()
        columns = credit.c.node_id, credit.c.kind, whole.c.id
        for ids in batches(node_ids):
            query = _CHECKED.with_only_columns(*columns).where(credit.c.node_id.in_(ids))
            found |= {(node_id, kind, person) for node_id, kind, person in self._db.execute(query)}
        return found

    def disclosed(self, node_id: int) -> frozenset[int]:
        """Who has said how they work on that node."""
        query = select(whole.c.id).select_from(credit).join(people, credit.c.person_id == people.c.id)
        where = (credit.c.node_id == node_id, credit.c.act == Act.DISCLOSED, credit.c.about.is_(None))
        return frozenset(self._db.execute(query.join(whole, is_whole).where(*where)).scalars())

    def newcomers(self, project_id: int, labels: Collection[str], at: datetime) -> frozenset[int]:
        """Whom the check credited with some of these nodes at that moment, and here never before."""
        new: set[int] = set()
        for batch in batches(labels):
            named = select(nodes.c.id).where(nodes.c.project_id == project_id, nodes.c.label.in_(batch))
            ids = self._db.execute(named).scalars().all()
            here = _CHECKED.where(credit.c.node_id.in_(ids), credit.c.at == at)
            new |= set(self._db.execute(here).scalars())
        return frozenset(id for id in new if not self._was_credited(project_id, id, at))

    def _was_credited(self, project_id: int, person_id: int, at: datetime) -> bool:
        """Whether the check credited the person in the project at another moment."""
        theirs = credit.c.person_id.in_(People(self._db).numbers(person_id))
        where = (only(credit.c.project_id, project_id), theirs, credit.c.by_id.is_(None), credit.c.at != at)
        return self._db.execute(select(credit.c.id).where(*where).limit(1)).first() is not None

    def is_newcomer(self, person_id: int) -> bool:
        """Whether the check has credited the person with nothing yet."""
        numbers = select(people.c.id).where(or_(people.c.id == person_id, people.c.same_as == person_id))
        query = select(credit.c.id).where(credit.c.person_id.in_(numbers), credit.c.by_id.is_(None))
        return self._db.execute(query.limit(1)).first() is None

    def _last(self, project_id: int) -> tuple[str, int]:
        query = select(credit.c.hash, credit.c.seq).where(credit.c.project_id == project_id)
        row = self._db.execute(query.order_by(credit.c.seq.desc()).limit(1)).first()
        return (START, 0) if row is None else (row.hash, row.seq)


def _view(one: Contribution, names: Mapping[int, str], labels: Mapping[int, str]) -> CreditView:
    kept, entry = one.kept, one.kept.entry
    how = one.disclosure
    return CreditView(
        kept.number,
        kept.person,
        names[kept.person],
        labels[kept.node_id] if kept.node_id is not None else "",
        entry.part,
        entry.kind,
        entry.role,
        entry.degree,
        entry.evidence,
        entry.at,
        one.status,
        one.held,
        kept.by,
        names[kept.by] if kept.by is not None else None,
        one.checked,
        entry.about,
        how.method if how else None,
        how.tools if how else (),
        one.objections,
    )


def _values(entry: Entry) -> dict[str, Any]:
    return {
        "person_id": entry.person_id,
        "label": entry.node,
        "part": entry.part,
        "kind": entry.kind,
        "role": entry.role,
        "degree": entry.degree,
        "evidence": list(entry.evidence),
        "at": entry.at,
        "act": entry.act,
        "about": entry.about,
        "by_id": entry.by,
        "method": entry.method,
        "tools": list(entry.tools),
    }


def _entry(values: Sequence[Any]) -> Entry:
    """The columns of `_ENTRY` as one."""
    person, label, part, kind, role, degree, evidence, at, act, about, by, method, tools = values
    made = (Act(act), about, by, method, tuple(tools))
    return Entry(person, label, part, kind, role, degree, tuple(evidence), at, *made)
