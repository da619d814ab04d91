"""What people are told: kept for their page, and queued for the chat until it goes there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from server.records.mail import DueNotice, Notice
from server.store.people import sentences
from server.store.tables.mail import notices
from server.store.tables.nodes import nodes
from server.store.tables.projects import projects
from server.store.turns import take_turn
from server.work.sentences import spoken

_NOTICES = (
    select(notices, projects.c.slug, nodes.c.label.label("node"))
    .join_from(notices, projects)
    .join(nodes, notices.c.node_id == nodes.c.id, isouter=True)
)


class Notices:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(
        self, project_id: int, person_id: int, kind: str, text: str, at: datetime, node: str | None = None
    ) -> None:
        """`node` is a label. It is due for the chat at once."""
        labelled = select(nodes.c.id).where(nodes.c.project_id == project_id, nodes.c.label == node)
        values = {"project_id": project_id, "person_id": person_id, "kind": kind, "text": text, "at": at}
        about = None if node is None else self._db.execute(labelled).scalar_one()
        self._db.execute(notices.insert().values(**values, node_id=about, due=at))

    def of(self, person_id: int, limit: int = 100) -> tuple[Notice, ...]:
        """The newest first."""
        query = _NOTICES.where(notices.c.person_id == person_id).order_by(notices.c.id.desc())
        return self._read(query.limit(limit))

    def after(self, person_id: int, notice_id: int) -> tuple[Notice, ...]:
        """What the person was told after that notice, oldest first."""
        new = (notices.c.person_id == person_id, notices.c.id > notice_id)
        return self._read(_NOTICES.where(*new).order_by(notices.c.id))

    def mark_read(self, person_id: int, now: datetime) -> None:
        unread = (notices.c.person_id == person_id, notices.c.read.is_(None), notices.c.at <= now)
        self._db.execute(notices.update().where(*unread).values(read=now))

    def told(self, project_id: int, kind: str, at: datetime) -> frozenset[tuple[int, str]]:
        """Who was told that at that very moment, in this transaction, and of which node (a label)."""
        query = select(notices.c.person_id, nodes.c.label).join(nodes, notices.c.node_id == nodes.c.id)
        said = (notices.c.due == at, notices.c.project_id == project_id, notices.c.kind == kind)
        return frozenset((row.person_id, row.label) for row in self._db.execute(query.where(*said)))

    def lock(self) -> None:
        """Let others who would send what is due wait."""
        take_turn(self._db, "notices")

    def is_due(self, now: datetime) -> bool:
        return self._db.execute(select(notices.c.id).where(notices.c.due <= now).limit(1)).first() is not None

    def due(self, now: datetime, most: int) -> tuple[DueNotice, ...]:
        """What is to go to the chat, oldest first: all there is for those of whom the `most` oldest are."""
        due = notices.c.due <= now
        first = self._db.execute(select(notices.c.person_id).where(due).order_by(notices.c.due).limit(most))
        theirs = notices.c.person_id.in_(set(first.scalars()))
        rows = sorted(self._db.execute(_NOTICES.where(due, theirs)), key=lambda row: row.id)
        told = sentences(self._db, [row.text for row in rows])
        return tuple(
            DueNotice(r.id, r.project_id, r.person_id, r.kind, r.node, spoken(told(r.text))) for r in rows
        )

    def put_off(self, ids: Collection[int], until: datetime | None) -> None:
        """They are due then; never where that is None: they went, or need not go."""
        self._db.execute(notices.update().where(notices.c.id.in_(ids)).values(due=until))

    def hurry(self, person_id: int, now: datetime) -> None:
        """What waits for the person is looked at again now."""
        waits = (notices.c.person_id == person_id, notices.c.due > now)
        self._db.execute(notices.update().where(*waits).values(due=now))

    def _read(self, query: Select[*tuple[Any, ...]]) -> tuple[Notice, ...]:
        rows = self._db.execute(query).all()
        told = sentences(self._db, (row.text for row in rows))
        return tuple(
            Notice(r.id, r.slug, r.at, r.kind, r.node, told(r.text), r.read is not None) for r in rows
        )
