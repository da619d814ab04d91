"""`chantier bot` as a process of its own, as an operator starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .fake_zulip import FakeZulip, User

MAIN = "from server.cli import main; main()"


def environment(folder: Path, database_url: str) -> dict[str, str]:
    """The variables of a bot that keeps everything there."""
    return {
        "CHANTIER_DATA": str(folder),
        "CHANTIER_CONFIG": str(folder / "none.toml"),
        "CHANTIER_DATABASE_URL": database_url,
    }


def write_zuliprc(folder: Path, zulip: FakeZulip, bot: User) -> Path:
    """The file with a bot's key, as Zulip offers it for download."""
    file = folder / "zuliprc"
    file.write_text(f"[api]\nemail={bot.email}\nkey={bot.key}\nsite={zulip.url}\n")
    return file


@dataclass
class BotProcess:
    """Where a bot runs, and with what; `before` is Python that goes before its start, to break something."""

    folder: Path
    zulip: FakeZulip
    bot: User
    database_url: str
    before: str = ""
    started: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._zuliprc = write_zuliprc(self.folder, self.zulip, self.bot)

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """It listens when the block begins, and is dead when it ends. Started again where Zulip failed it."""
        process = self._start()
        try:
            while not self._listens():
                if process.poll() is not None:
                    process = self._start()
                time.sleep(0.02)
            yield process
        finally:
            process.kill()
            process.wait()

    def log(self) -> str:
        return (self.folder / "output").read_text()

    def _start(self) -> subprocess.Popen[bytes]:
        self.started += 1
        self.zulip.requests.clear()
        variables = {**os.environ, **environment(self.folder, self.database_url)}
        command = [sys.executable, "-c", f"{self.before}\n{MAIN}", "bot", "--zuliprc", self._zuliprc]
        with (self.folder / "output").open("ab") as output:
            return subprocess.Popen(
                command, env=variables, stdout=output, stderr=output, preexec_fn=_interruptible
            )

    def _listens(self) -> bool:
        return "GET events" in self.zulip.requests


def _interruptible() -> None:
    """A shell's background job ignores Ctrl-C, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
