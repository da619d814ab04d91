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
from server.store import Database

COMMAND = (sys.executable, "-P", "-c", "from server.cli import main; main()", "sync", "--pull")
# Whoever began one and did not end it by then is taken to be gone.
LONGEST = timedelta(hours=6)
# The waits after failures double: 5 minutes, 10, ...; after so many it waits for the next push.
_FIRST_WAIT, _MOST = timedelta(minutes=5), 6
_LONGEST_REASON = 300
_PATIENCE = 20.0  # seconds for one that is to stop

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Child:
    project_id: int
    slug: str
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
        elif now - self._child.began > LONGEST:
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
        if child.process.wait() == 0:
            self._end(child, 0, child.began)
            return
        self._child = None
        child.said.close()
        with self._database.begin() as store:
            store.wanted_syncs.release(child.project_id)

    def _begin(self, now: datetime) -> None:
        project = self._next(now)
        if project is None:
            return
        said = tempfile.TemporaryFile()  # noqa: SIM115 -- it is read when the process has ended
        process = subprocess.Popen(
            [*self._command, project.path],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,  # so that what it started ends with it
        )
        self._child = _Child(project.id, project.slug, now, process, said)

    def _next(self, now: datetime) -> ProjectRow | None:
        """The project that is begun with, if one is wanted."""
        with self._database.reading() as store:
            if not store.wanted_syncs.is_due(now, now - LONGEST):
                return None
        with self._database.begin() as store:
            wanted = store.wanted_syncs.next(now, now - LONGEST)
            if wanted is None:
                return None
            store.wanted_syncs.begin(wanted.project_id, now)
            return next(one for one in store.projects.every() if one.id == wanted.project_id)

    def _end(self, child: _Child, status: int, now: datetime) -> None:
        self._child = None
        with child.said as said:
            why = _last_line(said)
        with self._database.begin() as store:
            if status == 0:
                store.wanted_syncs.end(child.project_id, child.began)
                return
            known = store.wanted_syncs.of_project(child.project_id)
            failures = known.failures if known else 0
            due = now + _FIRST_WAIT * 2**failures if failures + 1 < _MOST else None
            store.wanted_syncs.fail(child.project_id, due, why)
        log.warning("sync failed", project=child.slug, status=status, why=why)


def _signal(child: _Child, number: signal.Signals) -> None:
    """To the process and all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(child.process.pid, number)


def _last_line(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").split("\n")
    words = next((line.strip() for line in reversed(lines) if line.strip()), "It said nothing.")
    return "".join(c if c.isprintable() else " " for c in words.removeprefix("chantier: "))[:_LONGEST_REASON]
