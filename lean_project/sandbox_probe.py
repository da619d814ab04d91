"""The probe: before a wall is relied on, a program behind it tries to get out, and must be seen to fail."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from blueprint.caches import cache_dir, write_whole
from lean_project.sandbox_command import Bounds, Command, disposable
from lean_project.sandbox_process import NoAnswerError, Process, running
from lean_project.sandbox_walls import SYSTEM, Wall, python

INTRUDER = Path(__file__).resolve().with_name("sandbox_intruder.py")
SECONDS = 10
# What was seen holds for so many seconds: somebody may change the system's settings meanwhile.
GOOD_FOR = 600
_RIGHTS = ("Uid:", "Gid:", "Cap", "NoNewPrivs:", "Seccomp:")
MUST_FAIL = {
    "write": "a build could write outside its folder",
    "secret": "a build could read files that it was not given",
    "home": "a build could read the home folder",
    "environment": "a build could read the server's environment",
    "loopback": "a build could reach the network",
    "abstract": "a build could talk to programs outside",
    "ptrace": "a build could take over other programs",
    "kill": "a build could end other programs",
}
MUST_SUCCEED = {
    "given": "a build cannot read what it is given (are files made here closed to others? see `umask`)",
    "background": "the probe could not try to leave a process behind",
}


def weakness(wall: Wall) -> str | None:
    """What this wall does not keep in, or why it cannot be had; None where all holds, now or a moment ago."""
    mark = cache_dir() / "sandbox" / _configuration(wall)
    if _fresh(mark):
        return None
    found = _seen(wall)
    if found is None:
        with suppress(OSError):  # then it is probed each time
            write_whole(mark, b"")
    return found


def _fresh(mark: Path) -> bool:
    try:
        return 0 <= time.time() - mark.stat().st_mtime < GOOD_FOR
    except OSError:
        return False


def _configuration(wall: Wall) -> str:
    """What the outcome depends on: the boot, the container and the user's rights, and all that is to run."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii")
    status = Path("/proc/self/status").read_text("utf-8").splitlines()
    parts = [wall.name, platform.release(), boot, *(line for line in status if line.startswith(_RIGHTS))]
    parts += [os.readlink(f"/proc/self/ns/{kind}") for kind in ("mnt", "pid", "user")]
    parts += [str(python()), str(Path.home()), os.environ.get("PATH", "")]
    ours = sorted(INTRUDER.parent.glob("sandbox*.py"))
    parts += [hashlib.sha256(file.read_bytes()).hexdigest() for file in ours]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _seen(wall: Wall) -> str | None:
    try:
        with _bait() as bait:
            managed = _intrusion(wall, bait)
            return _judged(managed | bait.traces())
    except (NoAnswerError, OSError) as error:
        return f"it does not work here ({error})"


def _judged(managed: set[str]) -> str | None:
    broken = [words for name, words in MUST_FAIL.items() if name in managed]
    broken += [words for name, words in MUST_SUCCEED.items() if name not in managed]
    if "outlived" in managed:
        broken.append("a build could leave a process running")
    return broken[0] if broken else None


@dataclass(frozen=True, slots=True)
class _Bait:
    """What the program is to go for, all of it outside its sandbox but `given`."""

    folder: Path
    token: str
    victim: subprocess.Popen[bytes]
    listeners: tuple[socket.socket, ...]

    def plan(self, read: tuple[Path, ...]) -> str:
        home = Path.home()
        ours = home.is_dir() and not any(home.is_relative_to(place) for place in SYSTEM) and home != Path("/")
        return json.dumps(
            {
                "outside": str(self.folder / "outside"),
                "given": str(self.folder / "given"),
                "home": str(home) if ours else "/nonexistent",
                "read": list(map(str, read)),
                "token": self.token,
                "port": self.listeners[0].getsockname()[1],
                "victim": self.victim.pid,
            }
        )

    def traces(self) -> set[str]:
        """What can be seen from outside, whatever the program says."""
        seen = set()
        if self.folder.joinpath("outside", "written").exists():
            seen.add("write")
        if self.victim.poll() is not None:
            seen.add("kill")
        if any(map(_was_called, self.listeners)):
            seen.add("loopback")
        if _locked(self.folder / "scratch" / "alive"):
            seen.add("outlived")
        return seen


@contextmanager
def _bait() -> Iterator[_Bait]:
    token = secrets.token_hex(16)
    with ExitStack() as stack:
        folder = stack.enter_context(disposable("chantier-probe-"))
        for name in ("outside", "scratch"):
            folder.joinpath(name).mkdir()
        for file in ("outside/secret", "given"):
            folder.joinpath(file).write_text(token, "ascii")
        for place in (folder, folder / "outside", folder / "outside" / "secret"):
            place.chmod(0o777)  # the wall is to hold it, not these permissions
        listeners = tuple(
            stack.enter_context(socket.socket(kind)) for kind in (socket.AF_INET, socket.AF_UNIX)
        )
        listeners[0].bind(("127.0.0.1", 0))
        listeners[1].bind(f"\0{token}")
        for listener in listeners:
            listener.listen()
            listener.setblocking(False)
        victim = subprocess.Popen(["sleep", "60"], env={"PATH": os.defpath, "TOKEN": token})
        stack.callback(victim.wait)
        stack.callback(victim.kill)
        yield _Bait(folder, token, victim, listeners)


def _intrusion(wall: Wall, bait: _Bait) -> set[str]:
    """What the program says that it managed. Raises `NoAnswerError`."""
    program, needed = python()
    read = (*needed, INTRUDER, bait.folder / "given")
    argv = (str(program), "-I", "-S", str(INTRUDER), bait.plan(read))
    command = Command(argv, bait.folder / "scratch", read, bounds=Bounds(cpu=SECONDS, memory=500_000_000))
    with running(wall, command) as process:
        process.wait(SECONDS)
        return _answer(process, bait.folder / "scratch" / "answer")


def _answer(process: Process, file: Path) -> set[str]:
    try:
        return set(json.loads(process.take(file, 10_000)))
    except (NoAnswerError, ValueError, TypeError) as error:
        lines = process.printed().decode("utf-8", "replace").strip().splitlines()
        raise NoAnswerError(lines[-1][:200] if lines else str(error)) from error


def _was_called(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except OSError:
        return False
    return True


def _locked(file: Path) -> bool:
    """Whether a process that locked it still lives."""
    try:
        with file.open("rb") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
