"""Attacks on the machine: real programs behind each wall try to take more than they may."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from lean_project.sandbox_command import Bounds, disposable
from lean_project.sandbox_process import OverrunError, running

from .sandboxes import HOLD, SMALL, Box


def overruns(box: Box, program: str, words: str, seconds: float = 10, bounds: Bounds = SMALL) -> None:
    """It is ended, and the next program runs as if nothing had been."""
    with pytest.raises(OverrunError, match=words):
        box.run(program, seconds=seconds, bounds=bounds)
    with disposable("chantier-test-") as folder:
        assert Box(box.wall, folder).run("print('all is well')").printed == "all is well\n"


# Threads, as many as the kernel allows; the watcher counts processes.
FILL_UP = """
import _thread
while True:
    try:
        _thread.start_new_thread(signal.pause, ())
    except RuntimeError:
        write("full")
        signal.pause()
"""
BOMB = """
while True:
    try:
        os.fork()
    except OSError:
        time.sleep(0.01)
"""


def test_a_fork_bomb(box: Box) -> None:
    overruns(box, BOMB, "more than 10 processes", bounds=replace(SMALL, processes=10))


def test_a_full_sandbox_is_not_in_the_way_of_another(box: Box) -> None:
    few = replace(SMALL, processes=10)
    with disposable("chantier-test-") as folder:
        full = Box(box.wall, folder)
        with running(full.wall, full.command(FILL_UP, bounds=SMALL)) as process:
            process.wait_for(full.scratch / "full", 10)
            assert box.run("os.fork() and print('there is room')", bounds=few).printed == "there is room\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="who is not root has one user")
def test_a_sandbox_of_root_has_a_user_of_its_own(box: Box) -> None:
    with running(box.wall, box.command(HOLD + "signal.pause()")) as process:
        process.wait_for(box.scratch / "held", 10)
        user = process.user
        assert user not in range(65_536)
        assert user in users_of_processes()
        assert box.run("print(os.getresuid(), os.getresgid())").printed != f"{(user,) * 3} {(user,) * 3}\n"
    assert user not in users_of_processes()


def users_of_processes() -> set[int]:
    """The users of all that runs."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            found.add(folder.stat().st_uid)
    return found


def test_memory(box: Box) -> None:
    overruns(box, "hoard = [os.urandom(1_000_000) for _ in range(500)]; time.sleep(60)", "0.2 GB of memory")


def test_memory_shared_by_many(box: Box) -> None:
    overruns(
        box,
        """
        import mmap
        held = mmap.mmap(-1, 400_000_000)
        for start in range(0, 400_000_000, 4096):
            held[start] = 1
        time.sleep(60)
        """,
        "0.2 GB of memory",
    )


def test_memory_in_small_processes(box: Box) -> None:
    overruns(
        box,
        """
        for _ in range(20):
            if os.fork() == 0:
                os.setsid()
                hoard = os.urandom(20_000_000)
                time.sleep(60)
        time.sleep(60)
        """,
        "0.2 GB of memory",
    )


def test_endless_work(box: Box) -> None:
    overruns(box, "while True: pass", "longer than 0.5 seconds", seconds=0.5)


def test_endless_work_by_a_child(box: Box) -> None:
    overruns(
        box,
        """
        if os.fork() == 0:
            while True: pass
        os.wait()
        """,
        "longer than 0.5 seconds",
        seconds=0.5,
    )


def test_endless_sleep(box: Box) -> None:
    overruns(box, "signal.pause()", "longer than 0.5 seconds", seconds=0.5, bounds=replace(SMALL, patience=1))


def test_endless_printing(box: Box) -> None:
    overruns(
        box,
        """
        while True:
            try:
                os.write(1, bytes(1_000_000))
            except OSError:
                pass
        """,
        "printed more than 1 MB",
    )


def test_one_endless_file(box: Box) -> None:
    ran = box.run(
        """
        def fill():
            with open("file", "wb") as file:
                while True:
                    file.write(bytes(1_000_000))
        fails("fill", fill)
        fails("sparse", os.truncate, "file", 1 << 40)
        """
    )
    assert ran.printed == ""
    assert (box.scratch / "file").stat().st_size <= SMALL.file


def test_endless_files(box: Box) -> None:
    overruns(
        box,
        """
        for number in range(10_000):
            with open(str(number), "wb") as file:
                file.truncate(1_000_000)
        time.sleep(60)
        """,
        "wrote more than 0.008 GB|more than 500 files",
    )


@pytest.mark.parametrize(
    "make", ["os.mkdir(name)", "os.symlink('x', name)", "write(name)", "os.mkfifo(name)"]
)
def test_endlessly_many_files(box: Box, make: str) -> None:
    overruns(
        box,
        f"""
        for number in range(3_000):
            name = str(number)
            {make}
        time.sleep(60)
        """,
        "more than 500 files|more than 0.008 GB",
    )


def test_folders_too_deep_to_count(box: Box) -> None:
    overruns(
        box,
        """
        for number in range(300):
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
        time.sleep(60)
        """,
        "cannot be looked into|wrote more",
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root looks into every folder")
def test_folders_closed_to_us(box: Box) -> None:
    overruns(box, "os.mkdir('closed'); os.chmod('closed', 0o300); time.sleep(60)", "cannot be looked into")
