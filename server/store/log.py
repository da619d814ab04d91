"""What happened, and who watches what."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, select

from dashboards.snapshot import EventView
from server.store.changes import notes
from server.store.people import is_whole, sentences, whole
from server.store.tables.log import events
from server.store.tables.nodes import nodes, watches
from server.store.tables.people import people
from server.store.turns import add_once, batches, only

_EVENTS = (
    select(events, nodes.c.label.label("node"), whole.c.id.label("whole_id"), whole.c.name)
    .select_from(events)
    .join(
        nodes, and_(events.c.node_id == nodes.c.id, events.c.project_id == nodes.c.project_id), isouter=True
    )
    .join(people, events.c.person_id == people.c.id, isouter=True)
    .join(whole, is_whole, isouter=True)
)


@dataclass(frozen=True, slots=True)
class Search:
    """What of the log is asked for; `person_ids` are all the numbers of one person, from `since` to before
    `until`, older than the event of the number `before`, about the node that has the label `node` today."""

    person_ids: Collection[int] = ()
    kinds: Collection[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    node: str | None = None


class Log:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def record(
        self,
        project_id: int,
        kind: str,
        text: str,
        at: datetime,
        *,
        node: str | None = None,
        person_id: int | None = None,
        commit_id: int | None = None,
        setting: str | None = None,
    ) -> None:
        """`node` is a label; the event stays with the node when that changes. `setting` is what was decided.

        `text` names people as `server.work.sentences.mention` does, and has what they wrote `quoted`.
        """
        values: dict[str, Any] = {"project_id": project_id, "kind": kind, "text": text, "at": at}
        values |= {"person_id": person_id, "commit_id": commit_id, "setting": setting}
        new = events.insert().values(**values, node_id=self._node(project_id, node)).returning(events.c.id)
        notes(self._db).event(project_id, self._db.execute(new).scalar_one())

    def events(self, project_id: int, limit: int | None = None) -> tuple[EventView, ...]:
        """Newest first, under the labels that nodes have today."""
        query = _EVENTS.where(events.c.project_id == project_id).order_by(events.c.id.desc())
        return self._read(query.limit(limit))

    def of_nodes(
        self, project_id: int, labels: Collection[str], limit: int, before: int | None = None
    ) -> tuple[EventView, ...]:
        """What happened to the nodes of these labels of today, newest first; before the event `before`."""
        named = (nodes.c.project_id == project_id, nodes.c.label.in_(labels))
        ids = self._db.execute(select(nodes.c.id).where(*named)).scalars().all()
        query = _EVENTS.where(only(events.c.project_id, project_id), events.c.node_id.in_(ids))
        if before is not None:
            query = query.where(events.c.id < before)
        return self._read(query.order_by(events.c.id.desc()).limit(limit))

    def some(self, project_id: int, ids: Collection[int]) -> tuple[EventView, ...]:
        """Those of these ids."""
        here = only(events.c.project_id, project_id)
        queries = (_EVENTS.where(here, events.c.id.in_(batch)) for batch in batches(ids))
        return tuple(view for query in queries for view in self._read(query))

    def between(
        self, project_id: int, since: datetime, until: datetime, kinds: Collection[str]
    ) -> tuple[EventView, ...]:
        """Those of some kinds from the one moment on, before the other, oldest first."""
        span = (events.c.project_id == project_id, events.c.at >= since, events.c.at < until)
        return self._read(_EVENTS.where(*span, events.c.kind.in_(kinds)).order_by(events.c.id))

    def newest_between(
        self, project_id: int, since: datetime, until: datetime, kinds: Collection[str], limit: int
    ) -> tuple[EventView, ...]:
        """At most so many of them, newest first."""
        span = (events.c.project_id == project_id, events.c.at >= since, events.c.at < until)
        query = _EVENTS.where(*span, events.c.kind.in_(kinds))
        return self._read(query.order_by(events.c.at.desc(), events.c.id.desc()).limit(limit))

    def after(self, project_id: int, event_id: int, kinds: Collection[str]) -> tuple[EventView, ...]:
        """Those of some kinds after that event, oldest first."""
        new = (events.c.project_id == project_id, events.c.id > event_id)
        return self._read(_EVENTS.where(*new, events.c.kind.in_(kinds)).order_by(events.c.id))

    def found(self, project_id: int, asked: Search, limit: int) -> tuple[tuple[int, EventView], ...]:
        """The newest events that fit, each with its number."""
        fits = [events.c.project_id == project_id]
        fits += [events.c.person_id.in_(asked.person_ids)] if asked.person_ids else []
        fits += [events.c.kind.in_(asked.kinds)] if asked.kinds else []
        fits += [events.c.at >= asked.since] if asked.since else []
        fits += [events.c.at < asked.until] if asked.until else []
        fits += [events.c.id < asked.before] if asked.before else []
        fits += [nodes.c.label == asked.node] if asked.node else []
        query = _EVENTS.where(*fits).order_by(events.c.id.desc()).limit(limit)
        rows = self._db.execute(query).all()
        return tuple(zip((row.id for row in rows), self._views(rows), strict=True))

    def moments(self, project_id: int, person_ids: Collection[int], since: datetime) -> tuple[datetime, ...]:
        """When the person did something, oldest first."""
        theirs = (events.c.person_id.in_(person_ids), events.c.at >= since)
        query = select(events.c.at).where(only(events.c.project_id, project_id), *theirs)
        return tuple(self._db.execute(query.order_by(events.c.at)).scalars())

    def watch(self, node_id: int, person_id: int, now: datetime) -> bool:
        """Whether this began now; False when the person watched the node already."""
        return add_once(self._db, watches, {"node_id": node_id, "person_id": person_id, "since": now})

    def unwatch(self, node_id: int, person_id: int) -> bool:
        """Whether the person had watched the node."""
        where = (watches.c.node_id == node_id, watches.c.person_id == person_id)
        return self._db.execute(watches.delete().where(*where)).rowcount > 0

    def watchers(self, node_id: int) -> tuple[int, ...]:
        query = select(watches.c.person_id).where(watches.c.node_id == node_id)
        return tuple(self._db.execute(query.order_by(watches.c.id)).scalars())

    def watched(self, project_id: int, person_id: int) -> tuple[str, ...]:
        """The labels of the nodes the person watches."""
        query = select(nodes.c.label).join(watches)
        where = (only(nodes.c.project_id, project_id), watches.c.person_id == person_id)
        return tuple(self._db.execute(query.where(*where).order_by(nodes.c.id)).scalars())

    def _read(self, query: Select[*tuple[Any, ...]]) -> tuple[EventView, ...]:
        return self._views(self._db.execute(query).all())

    def _views(self, rows: Sequence[Row[*tuple[Any, ...]]]) -> tuple[EventView, ...]:
        told = sentences(self._db, (row.text for row in rows))
        return tuple(EventView(r.at, r.kind, r.node, r.whole_id, r.name, told(r.text), r.id) for r in rows)

    def _node(self, project_id: int, label: str | None) -> int | None:
        where = (nodes.c.project_id == project_id, nodes.c.label == label)
        return None if label is None else self._db.execute(select(nodes.c.id).where(*where)).scalar_one()
