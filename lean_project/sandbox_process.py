"""A command that runs behind a wall: waited for, watched, and ended with everything it started."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path

from blueprint.errors import UserError
from lean_project.sandbox_command import Command
from lean_project.sandbox_usage import Tree, excess, tree
from lean_project.sandbox_user import hand_over, refuse_closed, user_of_its_own
from lean_project.sandbox_walls import Spec, Wall

LAUNCHER = Path(__file__).resolve().with_name("sandbox_launcher.py")
POLL = 0.02
LOOK = 0.25
# Seconds that all may take to die; only a process stuck in the kernel takes longer than a moment.
END = 10


class NoAnswerError(Exception):
    """The command ended, or was ended, before it answered; the text says why."""


class OverrunError(NoAnswerError):
    """It was ended because it used more than it may; to try again would not help."""


class Process:
    """A running command. Somebody watches what it uses all the time, whoever waits for it or not."""

    def __init__(self, popen: subprocess.Popen[bytes], user: int, command: Command, printed: Path) -> None:
        self._popen, self._user, self._printed = popen, user, printed
        self._scratch, self._bounds = command.scratch, command.bounds
        self._used, self._peak, self._excess = self._look(), 0, ""
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    @property
    def pid(self) -> int:
        """Of the process that keeps the sandbox, outside it."""
        return self._popen.pid

    @property
    def user(self) -> int:
        """The number of the user it runs as."""
        return self._user

    def hand_over(self, *places: Path) -> None:
        """Give it files or folders that we made."""
        hand_over(self._user, *places)

    def wait_for(self, file: Path, seconds: float, most: int = 300_000_000) -> bytes:
        """The bytes of `file` in the scratch folder, once it is there.

        `seconds` are of processor time. Raises `NoAnswerError` or `OverrunError`.
        """
        self._until(lambda: os.path.lexists(file), seconds)
        if not os.path.lexists(file):
            raise NoAnswerError(f"it stopped without an answer; it had {self._peak / 1e9:.1f} GB of memory")
        return self.take(file, most)

    def take(self, file: Path, most: int) -> bytes:
        """The bytes of `file` in the scratch folder. Raises `NoAnswerError` or `OverrunError`."""
        return read_below(self._scratch, file, most)

    def wait(self, seconds: float) -> int:
        """The exit status (128 and more: the signal that ended it), once it ended. Raises `OverrunError`."""
        self._until(lambda: False, seconds)
        return self._popen.wait()

    def printed(self, most: int = 100_000) -> bytes:
        """The beginning of what it said, on standard output and standard error."""
        return self._printed.read_bytes()[:most]

    def end(self) -> None:
        """End it, and everything it started; nothing of it runs any more afterwards."""
        self._popen.terminate()  # the keeper ends all the others and waits until they are gone
        try:
            self._popen.wait(END)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self._popen.wait()
        if self._popen.stdin:
            self._popen.stdin.close()
        self._ended.set()

    def _until(self, there: Callable[[], bool], seconds: float) -> None:
        """Wait until `there` or the end. Raises `OverrunError`."""
        deadline = time.monotonic() + seconds * self._bounds.patience
        allowed = self._look().cpu + seconds
        while not there() and self._popen.poll() is None:
            if time.monotonic() > deadline or self._used.cpu > allowed:
                self._overrun(f"it took longer than {seconds:g} seconds")
            time.sleep(POLL)
        if self._excess:
            raise OverrunError(self._excess)

    def _watch(self) -> None:
        while not self._ended.wait(LOOK) and self._popen.poll() is None:
            self._used = self._look()
            self._peak = max(self._peak, self._used.memory)
            if found := excess(self._used, self._scratch, self._printed, self._bounds):
                self._overrun(found)

    def _look(self) -> Tree:
        return tree(self.pid, self._bounds.processes + 1)

    def _overrun(self, what: str) -> None:
        self._excess = self._excess or what
        self._popen.terminate()


@contextmanager
def running(wall: Wall, command: Command) -> Iterator[Process]:
    """Run the command behind that wall until the block ends."""
    if not (wall.whole or command.self_confined):
        raise UserError(
            f"{command.argv[0]} is not started: it needs a sandbox, and CHANTIER_SANDBOX says to do without."
        )
    with _user(wall) as user, tempfile.NamedTemporaryFile(prefix="chantier-printed-") as printed:
        refuse_closed(user, *command.read)
        hand_over(user, command.scratch)
        output = subprocess.DEVNULL if command.quiet else printed.fileno()
        popen = _start(wall.spec(command, user), command, output)
        process = Process(popen, user, command, Path(printed.name))
        try:
            yield process
        finally:
            process.end()


def _user(wall: Wall) -> AbstractContextManager[int]:
    """Without a wall, nobody else could read what is given."""
    return user_of_its_own() if wall.whole and os.geteuid() == 0 else nullcontext(os.geteuid())


def _start(spec: Spec, command: Command, output: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(LAUNCHER), json.dumps(spec)],
        cwd=command.scratch,
        env=dict(command.environment),
        stdin=subprocess.PIPE,  # never written to: it ends with us, and the keeper with it
        stdout=output,
        stderr=output,
        start_new_session=True,
    )


def read_below(folder: Path, file: Path, most: int) -> bytes:
    """The bytes of a file in a folder in which others may have set traps: no link is followed.

    Raises `NoAnswerError` or `OverrunError`.
    """
    try:
        with os.fdopen(_opened(folder, file.relative_to(folder).parts), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise NoAnswerError(f"{file.name} is no file")
            data = stream.read(most + 1)
    except OSError as error:
        raise NoAnswerError(f"{file.name} cannot be read") from error
    if len(data) > most:
        raise OverrunError(f"it wrote more than {most // 1_000_000} MB")
    return data


def _opened(folder: Path, parts: Sequence[str]) -> int:
    *folders, name = parts
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in folders:
            below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
            os.close(at)
            at = below
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=at)
    finally:
        os.close(at)
