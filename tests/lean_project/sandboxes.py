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
