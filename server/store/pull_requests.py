"""Pull requests as forges told of them, and the tasks that they are for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, tuple_
from sqlalchemy.engine import Row

from server.forges.events import Standing
from server.records.forges import PullRequestRow
from server.store.tables.forges import pull_request_tasks, pull_requests, verdicts
from server.store.turns import add_once, batches


class PullRequests:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get(self, project_id: int, link: str) -> PullRequestRow | None:
        where = (pull_requests.c.project_id == project_id, pull_requests.c.link == link)
        return next(iter(self._rows(*where)), None)

    def of_tasks(self, task_ids: Collection[int]) -> dict[int, tuple[PullRequestRow, ...]]:
        """By task, oldest first."""
        named = select(pull_request_tasks.c.pull_request_id).where(pull_request_tasks.c.task_id.in_(task_ids))
        found: dict[int, list[PullRequestRow]] = defaultdict(list)
        for row in self._rows(pull_requests.c.id.in_(named)) if task_ids else ():
            for task_id in set(row.tasks).intersection(task_ids):
                found[task_id].append(row)
        return {task_id: tuple(rows) for task_id, rows in found.items()}

    def put(
        self, project_id: int, link: str, standing: Standing, sha: str, at: datetime, delivery: int
    ) -> PullRequestRow:
        """Write down what it is now. The caller holds the project's lock."""
        known = self.get(project_id, link)
        values = {"standing": standing, "sha": sha, "at": at, "delivery": delivery}
        if known is None:
            self._db.execute(pull_requests.insert().values(project_id=project_id, link=link, **values))
        else:
            self._db.execute(pull_requests.update().where(pull_requests.c.id == known.id).values(**values))
        after = self.get(project_id, link)
        assert after is not None  # noqa: S101 -- it was just written
        return after

    def link(self, pull_request_id: int, task_id: int) -> bool:
        """Write down that it is for that task; whether that is new."""
        pair = {"pull_request_id": pull_request_id, "task_id": task_id}
        return add_once(self._db, pull_request_tasks, pair)

    def _rows(self, *where: Any) -> tuple[PullRequestRow, ...]:
        rows = self._db.execute(select(pull_requests).where(*where).order_by(pull_requests.c.id)).all()
        tasks: dict[int, list[int]] = defaultdict(list)
        of = pull_request_tasks.c.pull_request_id.in_([row.id for row in rows])
        for pair in self._db.execute(select(pull_request_tasks).where(of).order_by(pull_request_tasks.c.id)):
            tasks[pair.pull_request_id].append(pair.task_id)
        checks = self._checks({(row.project_id, row.sha) for row in rows})
        return tuple(_made(row, checks[row.project_id, row.sha], tuple(tasks[row.id])) for row in rows)

    def _checks(self, commits: Collection[tuple[int, str]]) -> dict[tuple[int, str], dict[str, bool]]:
        """By project and commit, which checks passed, by their names."""
        found: dict[tuple[int, str], dict[str, bool]] = defaultdict(dict)
        for batch in batches(commits):
            here = tuple_(verdicts.c.project_id, verdicts.c.sha).in_(batch)
            for row in self._db.execute(select(verdicts).where(here).order_by(verdicts.c.id)):
                found[row.project_id, row.sha][row.name] = row.passed
        return found


def _made(row: Row[*tuple[Any, ...]], checks: dict[str, bool], tasks: tuple[int, ...]) -> PullRequestRow:
    about = (row.id, row.link, Standing(row.standing), row.sha, checks, row.at, row.delivery)
    return PullRequestRow(*about, tasks)
