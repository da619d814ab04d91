"""What happened in a project as numbers and moments: what its checks came to, and who did something when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, or_, select

from dashboards.history import Happening
from lean_project.points import Point
from server.records.log import Extent
from server.store.tables.log import events
from server.store.tables.projects import commits, tallies


class Tallies:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, commit_id: int, snapshot_id: int, point: Point) -> None:
        owner = select(commits.c.project_id).where(commits.c.id == commit_id).scalar_subquery()
        values = {"made": point.at, "nodes": point.nodes, "verified": point.verified, "drift": point.drift}
        self._db.execute(tallies.insert().values(project_id=owner, snapshot_id=snapshot_id, **values))

    def newest(self, project_id: int) -> Extent:
        return self._mark(tallies.c.id, tallies.c.made, tallies.c.project_id == project_id)

    def after(self, project_id: int, number: int) -> tuple[Point, ...]:
        """Those with greater numbers, in their order."""
        columns = tallies.c.made, tallies.c.nodes, tallies.c.verified, tallies.c.drift
        where = (tallies.c.project_id == project_id, tallies.c.id > number)
        rows = self._db.execute(select(*columns).where(*where).order_by(tallies.c.id))
        return tuple(Point(*row) for row in rows)

    def newest_events(self, project_id: int, floor: int, until: int | None = None) -> Extent:
        """The mark of the events above a floor, or of those up to a number too."""
        where = [events.c.project_id == project_id, events.c.id > floor]
        return self._mark(events.c.id, events.c.at, *where, *([events.c.id <= until] if until else []))

    def happened(self, project_id: int, number: int, kinds: Collection[str]) -> tuple[Happening, ...]:
        """The events with greater numbers that are of these kinds, or that somebody did; in their order."""
        columns = events.c.at, events.c.kind, events.c.node_id, events.c.person_id
        where = (events.c.project_id == project_id, events.c.id > number)
        told = or_(events.c.kind.in_(kinds), events.c.person_id.is_not(None))
        rows = self._db.execute(select(*columns).where(*where, told).order_by(events.c.id))
        return tuple(Happening(*row) for row in rows)

    def _mark(
        self, number: ColumnElement[int], at: ColumnElement[datetime], *where: ColumnElement[bool]
    ) -> Extent:
        query = select(func.count(), func.max(number), func.max(at)).where(*where)
        count, last, moment = self._db.execute(query).one()
        return Extent(count, last or 0, moment)
