"""What projects say to those who come to them."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, select

from lean_project.introductions import Introduction
from server.store.tables.projects import introductions
from server.store.turns import add_once


class Introductions:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of(self, project_id: int) -> Introduction:
        """Empty where nothing was read yet."""
        columns = introductions.c.about, introductions.c.file, introductions.c.guidelines
        row = self._db.execute(select(*columns).where(introductions.c.project_id == project_id)).first()
        return Introduction(*row) if row else Introduction()

    def put(self, project_id: int, said: Introduction) -> None:
        values = asdict(said)
        if not add_once(self._db, introductions, {"project_id": project_id, **values}):
            change = introductions.update().where(introductions.c.project_id == project_id)
            self._db.execute(change.values(**values))
