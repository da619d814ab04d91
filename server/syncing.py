"""Bringing in what forges told of: one project after the other, each in a process of its own.

So a check that takes long, or too much memory, holds up no page; that it is killed loses nothing.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

import structlog

from server.store import Database

COMMAND = (sys.executable, "-c", "from server.cli import main; main()", "sync", "--pull")
# Whoever began one and did not end it by then is taken to be gone.
LONGEST = timedelta(hours=6)
# The waits after failures double: 5 minutes, 10, ...; after so many it waits for the next push.
_FIRST_WAIT, _MOST = timedelta(minutes=5), 6
_LONGEST_REASON = 300

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
            self._child.process.kill()

    def stop(self) -> None:
        """End the one that runs; it is wanted still, and begins anew."""
        if self._child is not None:
            self._child.process.terminate()
            self._end(self._child, self._child.process.wait(), self._child.began)

    def _begin(self, now: datetime) -> None:
        with self._database.reading() as store:
            waits = store.wanted_syncs.next(now, now - LONGEST) is not None
        if not waits:
            return
        with self._database.begin() as store:
            wanted = store.wanted_syncs.next(now, now - LONGEST)
            known = {project.id: project for project in store.projects.every()}
            if wanted is None:
                return
            store.wanted_syncs.begin(wanted.project_id, now)
        project = known[wanted.project_id]
        said = tempfile.TemporaryFile()  # noqa: SIM115 -- it is read when the process has ended
        command = [*self._command, project.path]
        process = subprocess.Popen(
            command, cwd=Path.home(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said
        )
        self._child = _Child(project.id, project.slug, now, process, said)

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


def _last_line(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").split("\n")
    words = next((line.strip() for line in reversed(lines) if line.strip()), "It said nothing.")
    return "".join(c if c.isprintable() else " " for c in words.removeprefix("chantier: "))[:_LONGEST_REASON]
