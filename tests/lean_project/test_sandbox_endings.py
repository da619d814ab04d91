"""The end of a program behind each wall: what it leaves, what it tells, and what could not be begun."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from blueprint.errors import UserError
from lean_project.sandbox_command import disposable
from lean_project.sandbox_process import NoAnswerError, OverrunError, running
from lean_project.sandbox_walls import Wall

from .sandboxes import HOLD, Box, starting


def is_free(lock: Path) -> bool:
    """Whether every process that held the lock is dead."""
    with lock.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def test_nothing_outlives_the_program(box: Box) -> None:
    box.run(HOLD)
    assert is_free(box.scratch / "lock")


def test_nothing_outlives_being_ended(box: Box) -> None:
    with running(box.wall, box.command(HOLD + "signal.pause()")) as process:
        process.wait_for(box.scratch / "held", 10)
        assert not is_free(box.scratch / "lock")
    assert is_free(box.scratch / "lock")


def test_nothing_outlives_its_parent(box: Box) -> None:
    command = box.command(HOLD + "signal.pause()")
    starter = starting(box, command, "time.sleep(60)")
    with subprocess.Popen([sys.executable, "-c", starter]) as parent:
        wait_until(lambda: (box.scratch / "held").exists())
        assert not is_free(box.scratch / "lock")
        parent.kill()
    wait_until(lambda: is_free(box.scratch / "lock"))


def test_it_outlives_the_thread_that_started_it(box: Box) -> None:
    entered = running(box.wall, box.command("time.sleep(0.5); write('done'); signal.pause()"))
    thread = threading.Thread(target=entered.__enter__)
    thread.start()
    thread.join()
    wait_until(lambda: (box.scratch / "done").exists())
    entered.__exit__(None, None, None)


def wait_until(there: Callable[[], bool]) -> None:
    for _ in range(500):
        if there():
            return
        time.sleep(0.02)
    pytest.fail("waited for nothing")


def test_the_exit_status_is_told(box: Box) -> None:
    assert box.run("sys.exit(3)").status == 3
    assert box.run("os.kill(os.getpid(), signal.SIGKILL)").status == 128 + signal.SIGKILL


def test_an_answer_is_waited_for(box: Box) -> None:
    with running(box.wall, box.command("write('a'); os.rename('a', 'answer'); signal.pause()")) as process:
        assert process.wait_for(box.scratch / "answer", 10) == b"was here"
        with pytest.raises(OverrunError, match="wrote more"):
            process.take(box.scratch / "answer", 3)
    with (
        running(box.wall, box.command("")) as process,
        pytest.raises(NoAnswerError, match="without an answer"),
    ):
        process.wait_for(box.scratch / "another", 10)


@pytest.mark.skipif(os.geteuid() != 0, reason="who is not root reads what is theirs")
def test_what_is_closed_to_others_is_named(box: Box) -> None:
    given = box.folder / "given"
    given.mkdir(mode=0o700)
    given.chmod(0o700)
    with pytest.raises(UserError, match=rf"chmod -R go\+rX {given}"):
        box.run("", given)


def test_a_careful_umask_closes_nothing_that_is_given(wall: Wall) -> None:
    before = os.umask(0o077)
    try:
        with disposable("chantier-test-") as folder:
            (folder / "given").mkdir()
            (folder / "given" / "file").write_text("given", "ascii")
            ran = Box(wall, folder).run(f"print(open('{folder}/given/file').read())", folder / "given")
            assert ran.printed == "given\n"
            assert folder.stat().st_mode & 0o077 == 0
    finally:
        os.umask(before)
