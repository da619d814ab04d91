"""Running small Python programs in each kind of sandbox that this machine has."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path

from lean_project.sandbox_command import Bounds, Command
from lean_project.sandbox_process import Process, running
from lean_project.sandbox_walls import Wall, python

SMALL = Bounds(
    cpu=20, memory=200_000_000, processes=40, file=5_000_000, scratch=8_000_000, files=500, output=1_000_000
)
SECONDS = 10


@dataclass(frozen=True, slots=True)
class Box:
    """A wall, and a folder that holds the scratch folder and whatever else a test needs."""

    wall: Wall
    folder: Path

    @property
    def scratch(self) -> Path:
        return self.folder / "scratch"

    def command(self, program: str, *read: Path, bounds: Bounds = SMALL) -> Command:
        interpreter, needed = python()
        self.scratch.mkdir(exist_ok=True)
        source = self.folder / "program.py"
        source.write_text(_START + textwrap.dedent(program), "utf-8")
        argv = (str(interpreter), "-I", "-S", str(source))
        return Command(argv, self.scratch, (*needed, source, *read), bounds=bounds)

    def run(self, program: str, *read: Path, bounds: Bounds = SMALL, seconds: float = SECONDS) -> Ran:
        """Let a program run to its end."""
        with running(self.wall, self.command(program, *read, bounds=bounds)) as process:
            status = process.wait(seconds)
            return Ran(status, process.printed().decode("utf-8", "replace"), process)


@dataclass(frozen=True, slots=True)
class Ran:
    """A program that ended, what it printed, and the process that was."""

    status: int
    printed: str
    process: Process


# `fails` prints what was managed although it must not be; a program without a word managed nothing.
_START = """
import ctypes, os, signal, socket, sys, time
libc = ctypes.CDLL(None, use_errno=True)

def fails(what, act, *arguments):
    try:
        act(*arguments)
    except OSError:
        return
    print("managed:", what, arguments)

def write(path):
    with open(path, "w") as file:
        file.write("was here")

def read(path):
    with open(path, "rb") as file:
        return file.read(1)

def call(number, *arguments):
    # A system call, by its number; raises OSError as the rest of Python does.
    if libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "call")

"""

# A program that leaves a process behind which holds a lock.
HOLD = """
import fcntl
reading, writing = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        fcntl.flock(os.open("lock", os.O_CREAT | os.O_RDWR), fcntl.LOCK_EX)
        os.write(writing, b"!")
        signal.pause()
    os._exit(0)
os.read(reading, 1)
write("held")
"""


def secret(box: Box) -> Path:
    """A file beside the scratch folder that anybody outside could read and change."""
    file = box.folder / "secret"
    file.write_text("secret", "ascii")
    file.chmod(0o666)
    box.folder.chmod(0o777)
    return file


def nothing_managed(box: Box, program: str, *read: Path) -> None:
    ran = box.run(program, *read)
    assert (ran.printed, ran.status) == ("", 0)


def starting(box: Box, command: Command, *then: str) -> str:
    """A program of ours that starts the command, for what must happen in a process of its own."""
    lines = [
        "import sys, time",
        "from pathlib import Path",
        "from lean_project.sandbox_command import Command",
        "from lean_project.sandbox_process import running",
        "from lean_project.sandbox_walls import whole_walls",
        f"[wall] = [wall for wall in whole_walls() if wall.name == {box.wall.name!r}]",
        f"read = tuple(map(Path, {tuple(map(str, command.read))!r}))",
        f"command = Command({command.argv!r}, Path({str(command.scratch)!r}), read)",
        "with running(wall, command) as process:",
        *(f"    {line}" for line in then),
    ]
    return "\n".join(lines)
