"""Asking the pool, if one runs, for a Lean that is ready."""

from __future__ import annotations

import json
import os
import socket
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from blueprint.errors import UserError
from lean_project.sandbox_process import NoAnswerError, OverrunError, read_below
from lean_project.sandbox_user import hand_over
from lean_project.toolchain import Toolchain
from lean_project.toolchain_process import Limits
from lean_project.toolchain_seat import ROLES, Role, Seat, kind, started

SETTING = "CHANTIER_RUNTIME"
# Seconds within which a pool that lives says whether it has one, on a busy machine too.
PROMPT = 30.0


def folder() -> Path:
    """Where the pool's socket is: `$CHANTIER_RUNTIME`, else a folder for this person alone. Raises
    `UserError` where somebody else could have put a socket there."""
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    chosen = os.environ.get(SETTING) or f"{base}/chantier-{os.getuid()}"
    place = Path(chosen)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise UserError(f"{place} is not a folder that only you can use; remove it, or set {SETTING}.")
    return place


def socket_file() -> Path:
    return folder() / "pool.socket"


@contextmanager
def seat(toolchain: Toolchain, role: Role, limits: Limits) -> Iterator[Seat]:
    """A Lean of that role, for this block alone: the pool's where it has one ready, else a new one."""
    connection = _lent(next(name for name, one in ROLES.items() if one == role), kind(toolchain, limits))
    if connection is None:
        with started(toolchain, role, limits) as own:
            yield own
        return
    with connection:
        yield connection.seat


class _Connection:
    """A Lean that the pool lends until this is closed; it is asked about its process through the socket."""

    def __init__(self, guest: socket.socket, first: dict[str, Any]) -> None:
        self._guest, self._stream = guest, guest.makefile("rwb")
        self.answer = self._told(first)
        self.seat = Seat(Path(self.answer.get("folder", ".")), self, int(self.answer.get("asked", 0)))

    def __enter__(self) -> _Connection:
        self._guest.settimeout(None)
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self._guest.close()

    def wait_for(self, file: Path, seconds: float, most: int = 300_000_000) -> bytes:
        """As `sandbox_process.Process` does it."""
        answer = self._told({"file": str(file), "seconds": seconds})
        if "overrun" in answer:
            raise OverrunError(answer["overrun"])
        if "no_answer" in answer:
            raise NoAnswerError(answer["no_answer"])
        return self.take(file, most)

    def take(self, file: Path, most: int) -> bytes:
        return read_below(self.seat.scratch, file, most)

    def hand_over(self, *places: Path) -> None:
        hand_over(int(self.answer["user"]), *places)

    def _told(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            self._stream.write(json.dumps(request).encode() + b"\n")
            self._stream.flush()
            line = self._stream.readline()
            answer = json.loads(line) if line else {"no_answer": "the pool of Leans has ended"}
        except (OSError, ValueError) as error:
            raise NoAnswerError("the pool of Leans does not answer") from error
        return answer if isinstance(answer, dict) else {}


def _lent(role: str, wanted: str) -> _Connection | None:
    connection = _connected({"role": role, "kind": wanted})
    if connection and "folder" not in connection.answer:
        connection.__exit__()
        return None
    return connection


def health() -> dict[str, Any] | None:
    """How the pool is that runs for this person, as `pool.Health` says it; None where none runs."""
    connection = _connected({"health": True})
    if connection is None:
        return None
    with connection:
        return connection.answer


def _connected(first: dict[str, Any]) -> _Connection | None:
    """A connection to the pool; None where none runs."""
    guest = socket.socket(socket.AF_UNIX)
    guest.settimeout(PROMPT)
    try:
        guest.connect(str(socket_file()))
        return _Connection(guest, first)
    except (OSError, NoAnswerError, UserError):
        guest.close()
        return None
