"""Writers of one SQLite file, whatever their process, one after the other.

SQLite lets writers try again and again: one that writes without a pause keeps the others out until they give
up. Here one of those who wait is next: a writer that has just ended has to queue up again behind it.
"""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from blueprint.errors import UserError

# So long a writer waits for others, in seconds; nothing of ours writes for a minute.
PATIENCE = 600.0
_AGAIN = 0.001


class Writers:
    """Threads of this process wait for each other first; one of them at a time for other processes."""

    def __init__(self, database: Path, patience: float = PATIENCE) -> None:
        self._database, self._patience = database, patience
        self._here = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """`UserError` where somebody has been writing for all that time."""
        with self._here, ExitStack() as writing:
            with self._locked("queue"):
                writing.enter_context(self._locked("turn"))
            yield

    @contextmanager
    def _locked(self, what: str) -> Iterator[None]:
        """The lock ends with the process, however that ends."""
        with Path(f"{self._database}-{what}").open("ab") as file:
            self._wait(file.fileno())
            yield

    def _wait(self, file: int) -> None:
        until = time.monotonic() + self._patience
        while not _taken(file):
            if time.monotonic() > until:
                raise UserError(
                    f"Another program has been writing to {self._database.name} for "
                    f"{self._patience / 60:.0f} minutes; look for one that hangs, and try again."
                )
            time.sleep(_AGAIN)


def _taken(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
