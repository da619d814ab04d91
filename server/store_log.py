"""What happened, who watches what, and what people are told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, select

from dashboards.snapshot import EventView
from server.records import Notice
from server.store_people import is_whole, sentences, whole
from server.store_turns import add_once
from server.tables import events, nodes, notices, people, projects, watches
from server.work.sentences import spoken

_EVENTS = (
    select(events, nodes.c.label.label("node"), whole.c.id.label("whole_id"), whole.c.name)
    .select_from(events)
    .join(
        nodes, and_(events.c.node_id == nodes.c.id, events.c.project_id == nodes.c.project_id), isouter=True
    )
    .join(people, events.c.person_id == people.c.id, isouter=True)
    .join(whole, is_whole, isouter=True)
)


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
    ) -> None:
        """`node` is a label; the event stays with the node when that changes.

        `text` names people as `server.work.sentences.mention` does, and has what they wrote `quoted`.
        """
        values = {"project_id": project_id, "kind": kind, "text": text, "at": at}
        about = {"node_id": self._node(project_id, node), "person_id": person_id, "commit_id": commit_id}
        self._db.execute(events.insert().values(**values, **about))

    def events(
        self, project_id: int, node: str | None = None, limit: int | None = None
    ) -> tuple[EventView, ...]:
        """Newest first, under the labels that nodes have today."""
        query = _EVENTS.where(events.c.project_id == project_id).order_by(events.c.id.desc())
        if node is not None:
            named = (nodes.c.project_id == project_id, nodes.c.label == node)
            query = query.where(events.c.node_id == select(nodes.c.id).where(*named).scalar_subquery())
        rows = self._db.execute(query.limit(limit)).all()
        told = sentences(self._db, (row.text for row in rows))
        return tuple(EventView(r.at, r.kind, r.node, r.whole_id, r.name, told(r.text)) for r in rows)

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
        where = (nodes.c.project_id == project_id, watches.c.person_id == person_id)
        return tuple(self._db.execute(query.where(*where).order_by(nodes.c.id)).scalars())

    def notify(
        self, project_id: int, person_id: int, kind: str, text: str, at: datetime, node: str | None = None
    ) -> int:
        values = {"project_id": project_id, "person_id": person_id, "kind": kind, "text": text, "at": at}
        new = notices.insert().values(**values, node_id=self._node(project_id, node))
        return int(self._db.execute(new.returning(notices.c.id)).scalar_one())

    def notices(self, person_id: int, limit: int = 100) -> tuple[Notice, ...]:
        """The newest first."""
        query = select(notices, projects.c.slug, nodes.c.label.label("node")).join_from(notices, projects)
        query = query.join(nodes, notices.c.node_id == nodes.c.id, isouter=True)
        query = query.where(notices.c.person_id == person_id)
        rows = self._db.execute(query.order_by(notices.c.id.desc()).limit(limit)).all()
        told = sentences(self._db, (row.text for row in rows))
        return tuple(
            Notice(r.id, r.slug, r.at, r.kind, r.node, told(r.text), r.read is not None) for r in rows
        )

    def read_out(self, text: str) -> str:
        """A sentence with the names that people go by now, to be sent."""
        return spoken(sentences(self._db, (text,))(text))

    def mark_read(self, person_id: int, now: datetime) -> None:
        unread = (notices.c.person_id == person_id, notices.c.read.is_(None))
        self._db.execute(notices.update().where(*unread).values(read=now))

    def _node(self, project_id: int, label: str | None) -> int | None:
        where = (nodes.c.project_id == project_id, nodes.c.label == label)
        return None if label is None else self._db.execute(select(nodes.c.id).where(*where)).scalar_one()
