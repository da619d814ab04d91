"""What nodes are known again by, the doubts about which is which, and what each was before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, bindparam, func, select

from lean_project.renames import Why
from server.records.nodes import Decision, Descent, Doubt, NodeRow, Question
from server.records.tasks import TaskRow
from server.store.changes import Part, notes
from server.store.tables.nodes import doubts, lineage, nodes
from server.store.tables.tasks import tasks
from server.work.tasks import Informal

T = TypeVar("T")
_OLD, _NEW = nodes.alias("old"), nodes.alias("new")
_DOUBTS = (
    select(
        doubts,
        *(_OLD.c[name].label(f"old_{name}") for name in ("label", "lean", "gone")),
        *(_NEW.c[name].label(f"new_{name}") for name in ("label", "lean", "gone")),
    )
    .join(_OLD, doubts.c.old_id == _OLD.c.id)
    .join(_NEW, doubts.c.new_id == _NEW.c.id)
    .order_by(doubts.c.id)
)


class Matches:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def sources(self, project_id: int) -> dict[int, str]:
        """By the id of the node: the LaTeX of its statement when it was last seen."""
        query = select(nodes.c.id, nodes.c.source).where(nodes.c.project_id == project_id)
        return {row.id: row.source for row in self._db.execute(query)}

    def set_sources(self, sources: Mapping[int, str]) -> None:
        """Write down what these nodes state now."""
        change = nodes.update().where(nodes.c.id == bindparam("of")).values(source=bindparam("text"))
        notes(self._db).harmless(nodes.name)
        if sources:
            self._db.execute(change, [{"of": id, "text": text} for id, text in sources.items()])

    def doubts(self, project_id: int) -> tuple[Doubt, ...]:
        """Those that nobody has decided, oldest first."""
        where = (doubts.c.project_id == project_id, doubts.c.decision.is_(None))
        return tuple(
            Doubt(
                r.id,
                NodeRow(r.old_id, r.old_label, tuple(r.old_lean), r.old_gone),
                NodeRow(r.new_id, r.new_label, tuple(r.new_lean), r.new_gone),
                r.fresh,
                tuple(Why(why) for why in r.why),
                r.similarity,
                r.asked,
            )
            for r in self._db.execute(_DOUBTS.where(*where))
        )

    def asked(self, project_id: int) -> frozenset[tuple[int, int]]:
        """(old, new) of every doubt there is or was."""
        query = select(doubts.c.old_id, doubts.c.new_id).where(doubts.c.project_id == project_id)
        return frozenset((row.old_id, row.new_id) for row in self._db.execute(query))

    def ask(self, project_id: int, found: Iterable[Question], now: datetime) -> None:
        """The caller holds the project's lock."""
        rows = [
            {
                "project_id": project_id,
                "old_id": one.old_id,
                "new_id": one.new_id,
                "fresh": one.fresh,
                "why": list(one.why),
                "similarity": one.similarity,
                "asked": now,
            }
            for one in found
        ]
        if rows:
            self._db.execute(doubts.insert(), rows)

    def move_task(self, task: TaskRow, node_id: int, parent_id: int | None) -> None:
        """Let a task hang on another node, which has none of its kind; pieces are numbered there anew."""
        values: dict[str, object] = {"node_id": node_id, "parent_id": parent_id}
        if task.kind is Informal.PIECE:
            pieces = select(func.count()).where(
                tasks.c.node_id == node_id, tasks.c.kind.startswith(task.kind)
            )
            count = self._db.execute(pieces.select_from(tasks)).scalar_one()
            values["kind"] = f"{task.kind} {count + 1}"
        self._db.execute(tasks.update().where(tasks.c.id == task.id).values(**values))
        notes(self._db).of_tasks({task.id})

    def decide(self, doubt_id: int, decision: Decision, person_id: int | None, now: datetime) -> None:
        change = doubts.update().where(doubts.c.id == doubt_id)
        self._db.execute(change.values(decision=decision, person_id=person_id, decided=now))

    def aside(self, project_id: int) -> frozenset[int]:
        """The nodes that left and may yet turn out to be others; what hangs on them waits."""
        query = select(doubts.c.old_id).join(_OLD, doubts.c.old_id == _OLD.c.id)
        where = (doubts.c.project_id == project_id, doubts.c.decision.is_(None), _OLD.c.gone)
        return frozenset(self._db.execute(query.where(*where)).scalars())

    def is_aside(self, task_id: int) -> bool:
        """Whether the task hangs on such a node."""
        query = select(doubts.c.id).join(tasks, doubts.c.old_id == tasks.c.node_id)
        query = query.join(_OLD, doubts.c.old_id == _OLD.c.id)
        where = (tasks.c.id == task_id, doubts.c.decision.is_(None), _OLD.c.gone)
        return self._db.execute(query.where(*where).limit(1)).first() is not None

    def descend(
        self,
        project_id: int,
        old_id: int,
        new_id: int,
        kind: Descent,
        now: datetime,
        person_id: int | None = None,
    ) -> bool:
        """Write down that a node came from another; False where that is known."""
        known = select(lineage.c.id).where(lineage.c.old_id == old_id, lineage.c.new_id == new_id)
        if self._db.execute(known).first() is not None:
            return False
        values = {"project_id": project_id, "old_id": old_id, "new_id": new_id}
        self._db.execute(lineage.insert().values(**values, kind=kind, at=now, person_id=person_id))
        notes(self._db).part(lineage.name, project_id, Part.LINEAGE)
        return True

    def replaced(self, project_id: int) -> frozenset[int]:
        """The nodes that turned out to be others, and never come back as themselves."""
        where = (lineage.c.project_id == project_id, lineage.c.kind == Descent.SAME)
        return frozenset(self._db.execute(select(lineage.c.old_id).where(*where)).scalars())

    def lines(self, project_id: int, node_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """By the id of a node: itself and all that it came from."""
        query = select(lineage.c.new_id, lineage.c.old_id).where(lineage.c.project_id == project_id)
        parents: dict[int, list[int]] = defaultdict(list)
        for row in self._db.execute(query.order_by(lineage.c.id)):
            parents[row.new_id].append(row.old_id)
        return {id: (id, *_above(parents, id)) for id in node_ids}

    def ancestors(self, project_id: int) -> dict[str, tuple[str, ...]]:
        """By label, the labels of all that a node came from, near and far; only where there are any."""
        query = (
            select(_OLD.c.label.label("old"), _NEW.c.label.label("new"))
            .select_from(lineage)
            .join(_OLD, lineage.c.old_id == _OLD.c.id)
            .join(_NEW, lineage.c.new_id == _NEW.c.id)
            .where(lineage.c.project_id == project_id)
            .order_by(lineage.c.id)
        )
        parents: dict[str, list[str]] = defaultdict(list)
        for row in self._db.execute(query):
            parents[row.new].append(row.old)
        return {label: _above(parents, label) for label in list(parents)}


def _above(parents: Mapping[T, list[T]], one: T) -> tuple[T, ...]:
    found: dict[T, None] = {}
    waiting = list(parents.get(one, ()))
    while waiting:
        above = waiting.pop(0)
        if above != one and above not in found:
            found[above] = None
            waiting += parents.get(above, ())
    return tuple(found)
