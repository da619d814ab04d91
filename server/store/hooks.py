"""Webhooks and their secrets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select
from sqlalchemy.engine import Row

from server.forges.events import Forge
from server.records.forges import Hook
from server.store.tables.forges import hooks
from server.store.tables.projects import projects


class Hooks:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of_project(self, project_id: int, now: datetime) -> tuple[Hook, ...]:
        """Those whose secrets are good, also those that were replaced a moment ago; the newest last."""
        query = select(hooks).where(hooks.c.project_id == project_id, *_good(now)).order_by(hooks.c.id)
        return tuple(map(_hook, self._db.execute(query)))

    def at(self, slug: str, forge: Forge, now: datetime) -> tuple[Hook, ...]:
        """The same of one forge, by the name of the project."""
        query = select(hooks).join(projects).where(projects.c.slug == slug, hooks.c.forge == forge)
        return tuple(map(_hook, self._db.execute(query.where(*_good(now)).order_by(hooks.c.id))))

    def forge(self, project_id: int) -> Forge | None:
        """What the project is on, as its newest webhook tells, also if that is over."""
        query = select(hooks.c.forge).where(hooks.c.project_id == project_id).order_by(hooks.c.id.desc())
        found = self._db.execute(query.limit(1)).scalar()
        return Forge(found) if found else None

    def is_good(self, hook_id: int, now: datetime) -> bool:
        return (
            self._db.execute(select(hooks.c.id).where(hooks.c.id == hook_id, *_good(now))).first() is not None
        )

    def add(self, project_id: int, forge: Forge, secret: str, now: datetime) -> None:
        values = {"project_id": project_id, "forge": forge, "secret": secret, "made": now}
        self._db.execute(hooks.insert().values(**values))

    def end(self, project_id: int, forge: Forge, ends: datetime, now: datetime) -> bool:
        """Let the secrets be good no longer than then; whether there were any."""
        ours = (hooks.c.project_id == project_id, hooks.c.forge == forge)
        later = or_(hooks.c.ends.is_(None), hooks.c.ends > ends)
        self._db.execute(hooks.delete().where(*ours, hooks.c.ends <= now))
        return self._db.execute(hooks.update().where(*ours, later).values(ends=ends)).rowcount > 0

    def heard(self, hook_id: int, now: datetime) -> None:
        self._db.execute(hooks.update().where(hooks.c.id == hook_id).values(used=now))


def _good(now: datetime) -> tuple[Any, ...]:
    return (or_(hooks.c.ends.is_(None), hooks.c.ends > now),)


def _hook(row: Row[*tuple[Any, ...]]) -> Hook:
    return Hook(row.id, row.project_id, Forge(row.forge), row.secret, row.made, row.used, row.ends)
