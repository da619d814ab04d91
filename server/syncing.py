"""Bringing in what forges told of: one project after the other, each in a process of its own.

So a check that takes long, or too much memory, holds up no page; that it is killed loses nothing.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

import structlog

from server.records.projects import ProjectRow
from server.service import syncs
from server.store import Database

COMMAND = (sys.executable, "-P", "-c", "from server.cli import main; main()", "sync", "--pull")
# It is ended before another server may take it to be gone, so that two are never at one project.
_LONGEST = syncs.LONGEST - timedelta(minutes=10)
_PATIENCE = 20.0  # seconds for one that is to stop

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Child:
    project: ProjectRow
    began: datetime
    process: subprocess.Popen[bytes]
    said: IO[bytes]


class Syncs:
    """At most one at a time in this process; any number of servers take turns."""

    def __init__(self, database: Database, command: Sequence[str] = COMMAND) -> None:
        self._database = database
        self._command = tuple(command)
        self._child: _Child | None = None

    def turn(self, now: datetime) -> None:
        """Look after the one that runs, or begin one that is wanted."""
        if self._child is None:
            self._begin(now)
        elif (status := self._child.process.poll()) is not None:
            self._end(self._child, status, now)
        elif now - self._child.began > _LONGEST:
            _signal(self._child, signal.SIGKILL)

    def stop(self) -> None:
        """End the one that runs; it is wanted still, and begins anew."""
        child = self._child
        if child is None:
            return
        _signal(child, signal.SIGTERM)
        try:
            child.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            _signal(child, signal.SIGKILL)
        over = syncs.finish if child.process.wait() == 0 else syncs.leave
        with self._database.begin() as store:
            over(store, child.project, child.began)
        self._forget(child)

    def _begin(self, now: datetime) -> None:
        project = self._next(now)
        if project is None:
            return
        try:
            self._child = self._start(project, now)
        except OSError as error:
            self._fail(project, now, f"The server could not start it: {error.strerror}.", now)

    def _start(self, project: ProjectRow, now: datetime) -> _Child:
        said = tempfile.TemporaryFile()  # noqa: SIM115 -- it is read when the process has ended
        try:
            process = subprocess.Popen(
                [*self._command, project.path],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,  # so that what it started ends with it
            )
        except OSError:
            said.close()
            raise
        return _Child(project, now, process, said)

    def _next(self, now: datetime) -> ProjectRow | None:
        """The project that is begun with, if one is wanted."""
        with self._database.reading() as store:
            if not syncs.is_due(store, now):
                return None
        with self._database.begin() as store:
            return syncs.take(store, now)

    def _end(self, child: _Child, status: int, now: datetime) -> None:
        """Where that cannot be written down, it is known still, and written down the next time."""
        if status == 0:
            with self._database.begin() as store:
                syncs.finish(store, child.project, child.began)
        else:
            self._fail(child.project, child.began, _last_line(child.said), now)
        self._forget(child)

    def _forget(self, child: _Child) -> None:
        self._child = None
        child.said.close()

    def _fail(self, project: ProjectRow, began: datetime, why: str, now: datetime) -> None:
        with self._database.begin() as store:
            syncs.fail(store, project, began, why, now)
        log.warning("sync failed", project=project.slug, why=why)


def _signal(child: _Child, number: signal.Signals) -> None:
    """To the process and all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(child.process.pid, number)


def _last_line(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").split("\n")
    words = next((line.strip() for line in reversed(lines) if line.strip()), "It said nothing.")
    return words.removeprefix("chantier: ")
