"""What a project's own topic is told: the progress of a day, and each milestone once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from server.records.mail import Post, PostKind
from server.store.tables.mail import posts
from server.store.turns import add_once, take_turn


class Posts:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, project_id: int, kind: PostKind, name: str, at: datetime, due: datetime | None) -> bool:
        """Whether it is new. `due` is None for what need not be said."""
        values = {"project_id": project_id, "kind": kind, "name": name, "at": at, "due": due}
        return add_once(self._db, posts, values)

    def again(self, project_id: int, kind: PostKind, name: str, now: datetime) -> None:
        """Add it, or have it said anew."""
        if not self.add(project_id, kind, name, now, now):
            here = (posts.c.project_id == project_id, posts.c.kind == kind, posts.c.name == name)
            self._db.execute(posts.update().where(*here).values(due=now))

    def known(self, project_id: int, kinds: Iterable[PostKind]) -> frozenset[tuple[PostKind, str]]:
        query = select(posts.c.kind, posts.c.name).where(posts.c.project_id == project_id)
        rows = self._db.execute(query.where(posts.c.kind.in_(list(kinds))))
        return frozenset((PostKind(row.kind), row.name) for row in rows)

    def lock(self) -> None:
        """Let others who would say what is due wait."""
        take_turn(self._db, "posts")

    def is_due(self, now: datetime) -> bool:
        return self._db.execute(select(posts.c.id).where(posts.c.due <= now).limit(1)).first() is not None

    def due(self, now: datetime) -> tuple[Post, ...]:
        """What is to be said, oldest first."""
        rows = self._db.execute(select(posts).where(posts.c.due <= now).order_by(posts.c.id))
        return tuple(Post(r.id, r.project_id, PostKind(r.kind), r.name) for r in rows)

    def said(self, post_id: int) -> None:
        self._db.execute(posts.update().where(posts.c.id == post_id).values(due=None))
