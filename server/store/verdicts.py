"""How the checks of commits ended, as forges told it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from server.forges.events import Verdict
from server.store.tables.forges import pull_requests, verdicts
from server.store.turns import add_once


class Verdicts:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def note(self, project_id: int, verdict: Verdict, at: datetime, delivery: int, most: int) -> None:
        """Write down how a check ended `at` that moment, unless something newer is known.

        Of one moment the later delivery counts. Of a commit at most so many checks are kept.
        """
        sha, about = verdict.sha, {"project_id": project_id, "sha": verdict.sha, "name": verdict.name}
        here = [verdicts.c[column] == value for column, value in about.items()]
        said = {"passed": verdict.passed, "at": at, "delivery": delivery}
        older = or_(verdicts.c.at < at, (verdicts.c.at == at) & (verdicts.c.delivery < delivery))
        known = self._db.execute(select(verdicts.c.id).where(*here)).first()
        if known is not None:
            self._db.execute(verdicts.update().where(*here, older).values(**said))
        elif self._count(project_id, sha) < most:
            add_once(self._db, verdicts, {**about, **said})

    def forget(self, before: datetime) -> None:
        """Those from before then of commits that are no pull request's newest."""
        wanted = select(pull_requests.c.id).where(
            pull_requests.c.project_id == verdicts.c.project_id, pull_requests.c.sha == verdicts.c.sha
        )
        self._db.execute(verdicts.delete().where(verdicts.c.at < before, ~wanted.exists()))

    def _count(self, project_id: int, sha: str) -> int:
        here = (verdicts.c.project_id == project_id, verdicts.c.sha == sha)
        return int(self._db.execute(select(func.count(verdicts.c.id)).where(*here)).scalar_one())
