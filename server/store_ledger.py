"""The ledger of credit: only ever added to, each entry sealed with the one before."""

from __future__ import annotations

from sqlalchemy import Connection, select

from dashboards.snapshot import CreditView
from server.store_people import is_whole, whole
from server.tables import credit, nodes, people
from server.work.ledger import START, Entry, seal

_BY_WHOM = (
    select(whole.c.id.label("whole_id"), whole.c.name)
    .select_from(credit)
    .join(people, credit.c.person_id == people.c.id)
    .join(whole, is_whole)
)


class Ledger:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, project_id: int, node_id: int, entry: Entry) -> None:
        """Seal and keep an entry. The caller holds the project's lock."""
        prev, seq = self._last(project_id)
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
        }
        self._db.execute(credit.insert().values(**values, prev_hash=prev, hash=seal(prev, entry)))

    def entries(self, project_id: int) -> tuple[tuple[Entry, str, str], ...]:
        """(entry, hash of the one before, own hash), oldest first."""
        query = select(credit).where(credit.c.project_id == project_id).order_by(credit.c.seq)
        return tuple(
            (
                Entry(r.person_id, r.label, r.part, r.kind, r.role, r.degree, tuple(r.evidence), r.at),
                r.prev_hash,
                r.hash,
            )
            for r in self._db.execute(query)
        )

    def views(self, project_id: int, node: str | None = None) -> tuple[CreditView, ...]:
        """Newest first, with the names that people and nodes go by today."""
        query = _BY_WHOM.join(nodes, credit.c.node_id == nodes.c.id).add_columns(
            credit, nodes.c.label.label("node")
        )
        query = query.where(credit.c.project_id == project_id).order_by(credit.c.seq.desc())
        rows = self._db.execute(query if node is None else query.where(nodes.c.label == node))
        return tuple(
            CreditView(
                r.id, r.whole_id, r.name, r.node, r.part, r.kind, r.role, r.degree, tuple(r.evidence), r.at
            )
            for r in rows
        )

    def given(self, node_id: int, kind: str) -> frozenset[int]:
        """Who has an entry of that kind for that node, so that nothing is credited twice."""
        query = _BY_WHOM.where(credit.c.node_id == node_id, credit.c.kind == kind)
        return frozenset(row.whole_id for row in self._db.execute(query))

    def is_newcomer(self, person_id: int) -> bool:
        return self._db.execute(_BY_WHOM.where(whole.c.id == person_id).limit(1)).first() is None

    def _last(self, project_id: int) -> tuple[str, int]:
        query = select(credit.c.hash, credit.c.seq).where(credit.c.project_id == project_id)
        row = self._db.execute(query.order_by(credit.c.seq.desc()).limit(1)).first()
        return (START, 0) if row is None else (row.hash, row.seq)
