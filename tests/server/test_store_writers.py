"""Writers of one SQLite file wait for each other, and each gets its turn."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from blueprint.errors import UserError
from server.store import Database
from server.store.writers import Writers
from server.work.permissions import Role

from .conftest import START

WRITERS, TIMES = 4, 5
# Each writes for a while, again and again, with no pause between; SQLite itself would wait a moment only.
WRITE = """
import sys, time
from datetime import UTC, datetime
from sqlalchemy import event
from sqlalchemy.engine import Engine
from server.work.permissions import Role
from server.store import Database
database = Database(sys.argv[1])
event.listen(Engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout = 10"))
for number in range(int(sys.argv[3])):
    with database.begin() as store:
        store.people.add(f"{sys.argv[2]} {number}", Role.CONTRIBUTOR, datetime.now(UTC))
        time.sleep(0.1)
"""


def test_several_long_writers_of_several_processes_all_write(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'chantier.db'}"
    database = Database(url)
    root = Path(__file__).parents[2]
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, url, f"Writer {number}", str(TIMES)],
            cwd=root,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(WRITERS)
    ]
    for number in range(TIMES):
        with database.begin() as store:
            store.people.add(f"Here {number}", Role.CONTRIBUTOR, START)
    errors = [process.communicate()[1] for process in started]
    assert [process.returncode for process in started] == [0] * WRITERS, errors
    with database.reading() as store:
        assert len(store.people.every()) == (WRITERS + 1) * TIMES
    database.close()


def test_whoever_has_written_waits_behind_those_who_wait(tmp_path: Path) -> None:
    order: list[str] = []
    first, second = Writers(tmp_path / "a.db"), Writers(tmp_path / "a.db")
    waits = threading.Event()

    def wait() -> None:
        waits.set()
        with second.turn():
            order.append("waiting")

    with first.turn():
        thread = threading.Thread(target=wait)
        thread.start()
        waits.wait()
        # It is next once it stands in the queue, which nobody else can then take.
        while _free(tmp_path / "a.db-queue"):
            pass
        order.append("first")
    with first.turn():
        order.append("first again")
    thread.join()
    assert order == ["first", "waiting", "first again"]


def _free(lock: Path) -> bool:
    with lock.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def test_who_waits_in_vain_is_told_what_to_look_for(tmp_path: Path) -> None:
    hasty = Writers(tmp_path / "a.db", patience=0.01)
    with (
        Writers(tmp_path / "a.db").turn(),
        pytest.raises(UserError, match=r"writing to a\.db for"),
        hasty.turn(),
    ):
        pass
