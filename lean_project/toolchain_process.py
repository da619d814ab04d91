"""One run of the embedded Lean, confined: what it may read and write, and how long it may last."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from lean_project.toolchain import Toolchain
from lean_project.toolchain_patch import MOUNTS

# What Node needs to run this program at all, and to run it quickly.
ENGINE = ("--no-wasm-tier-up", "--wasm-lazy-compilation", "--stack-size=4000", "--no-warnings")
# Text never becomes JavaScript: Lean code could otherwise hand some to the functions of `lean.js` that do it.
CONFINED = ("--disallow-code-generation-from-strings", "--permission", "--allow-worker")
POLL = 0.02
LOOK = 0.5
# A small program sets limits and becomes Node, because threads may run in this one. On Linux it also asks to
# be killed when its parent is (PR_SET_PDEATHSIG = 1), whatever kills it, and leaves the network behind where
# the system lets it (CLONE_NEWNET, for others than root together with CLONE_NEWUSER).
LAUNCHER = """
import ctypes, os, resource, sys
if sys.platform == "linux":
    libc = ctypes.CDLL(None)
    libc.unshare(0x40000000 if os.geteuid() == 0 else 0x50000000)
    libc.prctl(1, 9)
limits = dict(pair.split("=") for pair in sys.argv[1].split(","))
for name, value in limits.items():
    resource.setrlimit(getattr(resource, name), (int(value), int(value)))
os.execve(sys.argv[2], sys.argv[2:], os.environ)
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run of Lean may use. Times in seconds of processor time, sizes in bytes.

    `module` is the time for one module, `start` for Lean to be ready, `judge` for the whole judgement. On
    the clock each may last `patience` times as long, because others may be using the machine.
    """

    module: float = 120
    start: float = 120
    judge: float = 600
    patience: float = 6
    cpu: int = 3600
    memory: int = 7_000_000_000
    file: int = 300_000_000
    scratch: int = 1_000_000_000
    processes: int = 4096


class NoAnswerError(Exception):
    """The process ended, or was ended, before it answered; the text says why."""


class OverrunError(NoAnswerError):
    """It was ended because it used more than it may; to try again would not help."""


class Process:
    """A running Lean: waits for its files, watching what it uses."""

    def __init__(self, popen: subprocess.Popen[bytes], scratch: Path, limits: Limits) -> None:
        self._popen = popen
        self._scratch = scratch
        self._limits = limits

    def wait_for(self, file: Path, seconds: float, most: int = 300_000_000) -> bytes:
        """The bytes of `file`, once it is there. Raises `NoAnswerError` or `OverrunError`."""
        look = time.monotonic()
        deadline, used = look + seconds * self._limits.patience, _processor_time(self._popen.pid)
        while not os.path.lexists(file):
            if self._popen.poll() is not None:
                raise NoAnswerError("Lean stopped without an answer")
            now = time.monotonic()
            if now > look:
                self._look()
                look = now + LOOK
                if now > deadline or _processor_time(self._popen.pid) > used + seconds:
                    raise OverrunError(f"it took longer than {seconds:g} seconds")
            time.sleep(POLL)
        return read_plain(file, most)

    def _look(self) -> None:
        """Raises `OverrunError` where it uses more than it may."""
        if _resident(self._popen.pid) > self._limits.memory:
            raise OverrunError(f"it needed more than {self._limits.memory / 1e9:g} GB of memory")
        if _size(self._scratch) > self._limits.scratch:
            raise OverrunError(f"it wrote more than {self._limits.scratch / 1e9:g} GB")

    def end(self) -> None:
        """End it, and everything it started."""
        with suppress(ProcessLookupError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()


def read_plain(file: Path, most: int) -> bytes:
    """The bytes of a file that others may have made to deceive. Raises `NoAnswerError` or `OverrunError`."""
    try:
        with os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise NoAnswerError(f"{file.name} is no file")
            data = stream.read(most + 1)
    except OSError as error:
        raise NoAnswerError(f"{file.name} cannot be read") from error
    if len(data) > most:
        raise OverrunError(f"it wrote more than {most // 1_000_000} MB")
    return data


@contextmanager
def lean(
    toolchain: Toolchain, driver: str, folder: Path, limits: Limits, mounts: Mapping[str, Path]
) -> Iterator[Process]:
    """Run the Lean program `driver`, a file of `lean/` here, until the block ends.

    It may read `folder` and the toolchain and write in `folder/scratch`, which must exist. Inside, it sees
    `/toolchain`, `/driver`, `/scratch`, and what `mounts` says (path inside -> a folder in `folder`).
    """
    scratch = folder / "scratch"
    command = [sys.executable, "-I", "-S", "-c", LAUNCHER, _limits(limits), *_node(toolchain, driver, folder)]
    popen = subprocess.Popen(
        command,
        cwd=scratch,
        env=_environment(toolchain, folder, mounts),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    process = Process(popen, scratch, limits)
    try:
        yield process
    finally:
        process.end()


def _node(toolchain: Toolchain, driver: str, folder: Path) -> list[str]:
    allowed = [
        f"--allow-fs-read={toolchain.home}",
        f"--allow-fs-read={drivers()}",
        f"--allow-fs-read={folder}",
        f"--allow-fs-write={folder / 'scratch'}",
    ]
    program = str(toolchain.home / "bin" / "lean.cjs")
    return [str(toolchain.node), *ENGINE, *CONFINED, *allowed, program, "--run", f"/driver/{driver}"]


def _environment(toolchain: Toolchain, folder: Path, mounts: Mapping[str, Path]) -> dict[str, str]:
    fixed = {"/toolchain": toolchain.home, "/driver": drivers(), "/scratch": folder / "scratch"}
    seen = [[inside, str(host)] for inside, host in {**fixed, **mounts}.items()]
    return {MOUNTS: json.dumps(seen), "LEAN_PATH": "/built"}


def _limits(limits: Limits) -> str:
    return (
        f"RLIMIT_CPU={limits.cpu},RLIMIT_FSIZE={limits.file},RLIMIT_CORE=0,RLIMIT_NOFILE=1024,"
        f"RLIMIT_NPROC={limits.processes}"
    )


def drivers() -> Path:
    """The folder of our Lean programs."""
    return Path(__file__).resolve().parent / "lean"


def _resident(pid: int) -> int:
    """Bytes of memory in use; 0 where the system does not say."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _processor_time(pid: int) -> float:
    """Seconds of processor time used so far; 0 where the system does not say."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError, ValueError):
        return 0


def _size(folder: Path) -> int:
    total = 0
    for place, _, files in os.walk(folder):
        for name in files:
            try:
                total += os.lstat(os.path.join(place, name)).st_size
            except OSError:  # gone since
                continue
    return total
