"""Pull requests as forges told of them, and the tasks that they are for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.engine import Row

from server.forges.events import Standing
from server.records.forges import PullRequestRow
from server.store.tables.forges import pull_request_tasks, pull_requests
from server.store.turns import add_once


class PullRequests:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get(self, project_id: int, link: str) -> PullRequestRow | None:
        where = (pull_requests.c.project_id == project_id, pull_requests.c.link == link)
        return next(iter(self._rows(*where)), None)

    def of_commit(self, project_id: int, sha: str) -> tuple[PullRequestRow, ...]:
        """Those whose newest commit it is."""
        return self._rows(pull_requests.c.project_id == project_id, pull_requests.c.sha == sha)

    def of_tasks(self, task_ids: Collection[int]) -> dict[int, tuple[PullRequestRow, ...]]:
        """By task, oldest first."""
        named = select(pull_request_tasks.c.pull_request_id).where(pull_request_tasks.c.task_id.in_(task_ids))
        found: dict[int, list[PullRequestRow]] = defaultdict(list)
        for row in self._rows(pull_requests.c.id.in_(named)) if task_ids else ():
            for task_id in set(row.tasks).intersection(task_ids):
                found[task_id].append(row)
        return {task_id: tuple(rows) for task_id, rows in found.items()}

    def put(self, project_id: int, link: str, standing: Standing, sha: str, at: datetime) -> PullRequestRow:
        """Write down what it is now. Checks of another commit say nothing any more.

        The caller holds the project's lock.
        """
        known = self.get(project_id, link)
        values = {"standing": standing, "sha": sha, "at": at}
        if known is None:
            new = pull_requests.insert().values(project_id=project_id, link=link, checks={}, **values)
            self._db.execute(new)
        else:
            checks = dict(known.checks) if known.sha == sha else {}
            self._change(known.id, **values, checks=checks)
        after = self.get(project_id, link)
        assert after is not None  # noqa: S101 -- it was just written
        return after

    def checked(self, row: PullRequestRow, checks: Mapping[str, bool]) -> None:
        self._change(row.id, checks=dict(checks))

    def link(self, pull_request_id: int, task_id: int) -> bool:
        """Write down that it is for that task; whether that is new."""
        pair = {"pull_request_id": pull_request_id, "task_id": task_id}
        return add_once(self._db, pull_request_tasks, pair)

    def _change(self, row_id: int, **values: Any) -> None:
        self._db.execute(pull_requests.update().where(pull_requests.c.id == row_id).values(**values))

    def _rows(self, *where: Any) -> tuple[PullRequestRow, ...]:
        rows = self._db.execute(select(pull_requests).where(*where).order_by(pull_requests.c.id)).all()
        tasks: dict[int, list[int]] = defaultdict(list)
        of = pull_request_tasks.c.pull_request_id.in_([row.id for row in rows])
        for pair in self._db.execute(select(pull_request_tasks).where(of).order_by(pull_request_tasks.c.id)):
            tasks[pair.pull_request_id].append(pair.task_id)
        return tuple(_pull_request(row, tuple(tasks[row.id])) for row in rows)


def _pull_request(row: Row[*tuple[Any, ...]], tasks: tuple[int, ...]) -> PullRequestRow:
    return PullRequestRow(row.id, row.link, Standing(row.standing), row.sha, dict(row.checks), row.at, tasks)
