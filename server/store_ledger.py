"""The ledger of credit: only ever added to, each entry sealed with the one before."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from dashboards.snapshot import CreditView
from server.store_numbers import numbers, settled
from server.store_people import is_whole, whole
from server.tables import credit, nodes, people
from server.work.ledger import START, Act, Entry, seal
from server.work.standing import Contribution, Kept, fold

_TOLD_BY = people.alias("told_by")
_KEPT = (
    select(
        credit,
        func.coalesce(people.c.same_as, people.c.id).label("whole_id"),
        func.coalesce(_TOLD_BY.c.same_as, _TOLD_BY.c.id).label("whole_by"),
    )
    .join(people, credit.c.person_id == people.c.id)
    .join(_TOLD_BY, credit.c.by_id == _TOLD_BY.c.id, isouter=True)
    .order_by(credit.c.seq)
)
_CHECKED = (
    select(whole.c.id.label("whole_id"))
    .select_from(credit)
    .join(people, credit.c.person_id == people.c.id)
    .join(whole, is_whole)
    .where(credit.c.by_id.is_(None))
)
# Rows of a long chain are read so many at a time.
_PAGE = 5000


class Ledger:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, project_id: int, node_id: int | None, entry: Entry) -> int:
        """Seal and keep an entry; its number. The caller holds the project's lock."""
        prev, seq = self._last(project_id)
        sealed = settled(self._db, project_id, entry).sealed(entry)
        values = {
            "project_id": project_id,
            "node_id": node_id,
            "seq": seq + 1,
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
        self._db.execute(credit.insert().values(**values, prev_hash=prev, hash=seal(prev, sealed)))
        return seq + 1

    def chain(self, project_id: int) -> Iterator[tuple[Entry, str, str]]:
        """(entry as it is sealed, hash of the one before, own hash), oldest first."""
        known = numbers(self._db, project_id)
        query = select(credit).where(credit.c.project_id == project_id).order_by(credit.c.seq)
        for row in self._db.execute(query.execution_options(yield_per=_PAGE)):
            yield known.sealed(_entry(row)), row.prev_hash, row.hash

    def count(self, project_id: int) -> int:
        query = select(func.count()).select_from(credit).where(credit.c.project_id == project_id)
        return int(self._db.execute(query).scalar_one())

    def has(self, project_id: int, hash: str) -> bool:
        """Whether an entry is sealed with that hash."""
        query = select(credit.c.id).where(credit.c.project_id == project_id, credit.c.hash == hash)
        return self._db.execute(query).first() is not None

    def entries(self, project_id: int) -> tuple[tuple[Entry, str, str], ...]:
        return tuple(self.chain(project_id))

    def kept(self, project_id: int, node_ids: Collection[int] | None = None) -> tuple[Kept, ...]:
        """Oldest first, with the people as they are known today; of some nodes only, where they are given."""
        query = _KEPT.where(credit.c.project_id == project_id)
        rows = self._db.execute(query if node_ids is None else query.where(credit.c.node_id.in_(node_ids)))
        return tuple(Kept(r.seq, _entry(r), r.whole_id, r.whole_by, r.node_id) for r in rows)

    def contributions(self, project_id: int) -> tuple[CreditView, ...]:
        """Newest first, with the names that people and nodes go by today."""
        names = {row.id: row.name for row in self._db.execute(select(whole.c.id, whole.c.name))}
        of_project = select(nodes.c.id, nodes.c.label).where(nodes.c.project_id == project_id)
        labels = {row.id: row.label for row in self._db.execute(of_project)}
        found = fold(self.kept(project_id)).values()
        return tuple(_view(one, names, labels) for one in reversed(found))

    def views(self, project_id: int, node: str | None = None) -> tuple[CreditView, ...]:
        """What counts, newest first; of one node where its present label is given."""
        held = (one for one in self.contributions(project_id) if one.held)
        return tuple(one for one in held if node is None or one.node == node)

    def given(self, node_id: int, kind: str) -> frozenset[int]:
        """Whom the check has credited with that for that node, so that nothing is credited twice."""
        query = _CHECKED.where(credit.c.node_id == node_id, credit.c.kind == kind)
        return frozenset(self._db.execute(query).scalars())

    def disclosed(self, node_id: int) -> frozenset[int]:
        """Who has said how they work on that node."""
        query = select(whole.c.id).select_from(credit).join(people, credit.c.person_id == people.c.id)
        where = (credit.c.node_id == node_id, credit.c.act == Act.DISCLOSED, credit.c.about.is_(None))
        return frozenset(self._db.execute(query.join(whole, is_whole).where(*where)).scalars())

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


def _entry(row: Row[*tuple[Any, ...]]) -> Entry:
    return Entry(
        row.person_id,
        row.label,
        row.part,
        row.kind,
        row.role,
        row.degree,
        tuple(row.evidence),
        row.at,
        Act(row.act),
        row.about,
        row.by_id,
        row.method,
        tuple(row.tools),
    )
