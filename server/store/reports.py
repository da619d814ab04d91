"""Who may report checks, and what they reported: kept apart from what this server found out itself."""

from __future__ import annotations

import zlib
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, func, select

from dashboards.maintaining import ReporterView
from dashboards.snapshot import ReportView
from lean_project import facts as codec
from lean_project.facts import Facts
from lean_project.reports import Report
from server.records.projects import Reporter
from server.store.changes import Part, notes
from server.store.tables.projects import projects
from server.store.tables.reports import reporters, reports

_LIVE = reporters.c.revoked.is_(None)


class Reports:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add_reporter(self, project_id: int, name: str, token_hash: str, key: str, now: datetime) -> None:
        values = {"project_id": project_id, "name": name, "token_hash": token_hash, "key": key}
        self._db.execute(reporters.insert().values(**values, created=now))
        notes(self._db).harmless(reporters.name)

    def reporters(self, project_id: int) -> tuple[Reporter, ...]:
        """Those whom the project trusts now, by name."""
        query = select(reporters).where(reporters.c.project_id == project_id, _LIVE)
        rows = self._db.execute(query.order_by(reporters.c.name))
        return tuple(Reporter(row.id, row.project_id, row.name, row.key, row.created) for row in rows)

    def reporter(self, token_hash: str) -> Reporter | None:
        """Whose token that is, while the project trusts them."""
        row = self._db.execute(select(reporters).where(reporters.c.token_hash == token_hash, _LIVE)).first()
        return Reporter(row.id, row.project_id, row.name, row.key, row.created) if row else None

    def used(self, project_id: int) -> tuple[ReporterView, ...]:
        """Whom the project trusts, by name, and then whom it trusted, the last first, with their last use."""
        last = func.max(reports.c.received).label("used")
        columns = reporters.c.name, reporters.c.created, reporters.c.revoked, last
        query = select(*columns).join(reports, reports.c.reporter_id == reporters.c.id, isouter=True)
        query = query.where(reporters.c.project_id == project_id).group_by(reporters.c.id)
        rows = self._db.execute(query.order_by(reporters.c.revoked.desc(), reporters.c.name)).all()
        found = (ReporterView(row.name, row.created, row.used, row.revoked) for row in rows)
        return tuple(sorted(found, key=lambda one: one.ended is not None))

    def rekey(self, reporter_id: int, token_hash: str, key: str) -> None:
        """From now on the reporter has this token and this key."""
        row = reporters.update().where(reporters.c.id == reporter_id)
        self._db.execute(row.values(token_hash=token_hash, key=key))

    def revoke(self, reporter_id: int, now: datetime) -> None:
        self._db.execute(reporters.update().where(reporters.c.id == reporter_id).values(revoked=now))
        notes(self._db).of_row(reporters.name, reporters.name, reporter_id, Part.REPORTS)

    def rely(self, project_id: int, relies: bool) -> None:
        self._db.execute(
            projects.update().where(projects.c.id == project_id).values(relies_on_reports=relies)
        )
        notes(self._db).harmless(projects.name)

    def seen(self, reporter_id: int, nonce: str) -> bool:
        query = select(reports.c.id).where(reports.c.reporter_id == reporter_id, reports.c.nonce == nonce)
        return self._db.execute(query).first() is not None

    def count_since(self, reporter_id: int, since: datetime) -> int:
        query = select(func.count()).where(reports.c.reporter_id == reporter_id, reports.c.received >= since)
        return int(self._db.execute(query.select_from(reports)).scalar_one())

    def add(self, reporter: Reporter, report: Report, facts: Facts, *, known: bool, now: datetime) -> None:
        values = {
            "project_id": reporter.project_id,
            "reporter_id": reporter.id,
            "nonce": report.id,
            "sha": report.commit,
            "known": known,
            "made": report.made,
            "received": now,
            "toolchain": facts.toolchain,
            "chantier": report.chantier,
            "facts": zlib.compress(codec.encode(facts)),
        }
        self._db.execute(reports.insert().values(**values))
        notes(self._db).part(reports.name, reporter.project_id, Part.REPORTS)

    def know(self, project_id: int, sha: str) -> None:
        """The repository has that commit now."""
        named = (reports.c.project_id == project_id, reports.c.sha == sha)
        self._db.execute(reports.update().where(*named).values(known=True))
        notes(self._db).part(reports.name, project_id, Part.REPORTS)

    def newest(self, project_id: int, limit: int) -> tuple[ReportView, ...]:
        """The newest reports of those whom the project trusts now, newest first."""
        columns = (reports.c.id, reports.c.sha, reports.c.known, reports.c.received, reports.c.toolchain)
        query = (
            select(reporters.c.name, *columns)
            .join(reporters, reports.c.reporter_id == reporters.c.id)
            .where(reports.c.project_id == project_id, _LIVE)
            .order_by(reports.c.id.desc())
            .limit(limit)
        )
        rows = self._db.execute(query)
        return tuple(ReportView(r.id, r.name, r.sha, r.known, r.received, r.toolchain) for r in rows)

    def facts(self, project_id: int, sha: str) -> Facts | None:
        """The newest facts about that commit from somebody whom the project trusts now."""
        query = (
            select(reports.c.facts)
            .join(reporters, reports.c.reporter_id == reporters.c.id)
            .where(reports.c.project_id == project_id, reports.c.sha == sha, _LIVE)
            .order_by(reports.c.id.desc())
            .limit(1)
        )
        data = self._db.execute(query).scalar()
        return None if data is None else _decoded(data)

    def prune(self, reporter_id: int, keep: int, before: datetime) -> None:
        """Drop a reporter's reports received before then, but for the newest `keep`."""
        own = reports.c.reporter_id == reporter_id
        newest = select(reports.c.id).where(own).order_by(reports.c.id.desc()).limit(keep)
        kept = [row.id for row in self._db.execute(newest)]
        old = (own, reports.c.received < before, reports.c.id.not_in(kept))
        self._db.execute(reports.delete().where(*old))
        notes(self._db).of_row(reports.name, reporters.name, reporter_id, Part.REPORTS)


@lru_cache(maxsize=4)
def _decoded(data: bytes) -> Facts:
    """Pages ask for the same facts again and again."""
    return codec.decode(zlib.decompress(data))
