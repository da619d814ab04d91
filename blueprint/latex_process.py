"""The LaTeX process, from outside: it loads while its question is still being made up.

Loading plasTeX takes as long as all that happens before the first line of a small blueprint is read. So
this module needs little itself, and who knows early that a blueprint will be read says so.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import tempfile
from contextlib import suppress

ENVIRONMENT = {"HOME": "/"}  # without one Python would look into /etc/passwd
UNSTARTED = 1  # the status of a Python that ends by an exception; our process catches all that text can cause


class LatexProcess:
    """It answers one question, and is gone at the end of the `with` that it is used in."""

    def __init__(self) -> None:
        self._written = tempfile.TemporaryFile()  # noqa: SIM115  # closed at the end of our own `with`
        question, self._question = os.pipe()
        try:
            self._process = _started(question, self._written.fileno())
        finally:
            os.close(question)

    def __enter__(self) -> LatexProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        os.close(self._question)
        self._process.wait()
        self._written.close()

    def ask(self, question: bytes) -> None:
        """Put the only question, one line. Until then it has seen nothing of any project."""
        with suppress(BrokenPipeError):  # it could not start, which its status will say
            os.write(self._question, question + b"\n")

    def wait(self) -> None:
        self._process.wait()  # given a time it would look now and then, and be told too late

    def kill(self) -> None:
        self._process.kill()

    def answer(self, most: int) -> bytes:
        """What it has written, `most` bytes of it."""
        self._written.seek(0)
        return self._written.read(most)

    @property
    def could_start(self) -> bool:
        return self._process.returncode != UNSTARTED


_ready: list[LatexProcess] = []


def prepare() -> None:
    """Start the process that the next reading will ask."""
    _ready.append(LatexProcess())
    atexit.register(dismiss)


def dismiss() -> None:
    """There is nothing to be read."""
    while _ready:
        with _ready.pop():
            pass


def latex_process() -> LatexProcess:
    """The one that is ready, or else a new one."""
    try:
        return _ready.pop()
    except IndexError:
        return LatexProcess()


def _started(question: int, output: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-I", "-m", "blueprint.latex"]
    return subprocess.Popen(
        command, stdin=question, stdout=output, stderr=subprocess.DEVNULL, env=ENVIRONMENT, cwd="/"
    )
