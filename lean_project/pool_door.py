"""The socket at which checks ask for a Lean that is ready; whoever is answered holds the connection open.

A line of JSON each way. First `{"role": ..., "kind": ...}`, answered by `{}` or by
`{"folder": ..., "asked": ..., "user": ...}`; then any number of `{"file": ..., "seconds": ...}`, answered
when the file is there with `{}`, else with `{"no_answer": why}` or `{"overrun": why}`. When the connection
ends, so does that Lean. `{"health": true}` is answered by how the pool is.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from io import BufferedRWPair
from pathlib import Path
from typing import Any

from blueprint.errors import UserError
from lean_project.pool import Pool, Stock
from lean_project.pool_client import folder, socket_file
from lean_project.sandbox_process import NoAnswerError, OverrunError, Process

Line = dict[str, Any]
MAX_LINE = 100_000
MAX_GUESTS = 64


@contextmanager
def warm_pool(stock: Stock) -> Iterator[Pool | None]:
    """A pool and its door while the block runs. None where a pool runs already, or the stock is 0."""
    with ExitStack() as stack:
        if stock.pairs < 1 or not stack.enter_context(_alone()):
            yield None
            return
        pool = stack.enter_context(Pool(stock))
        listening = stack.enter_context(_listening(socket_file()))
        threading.Thread(target=_receive, args=(pool, listening), name="pool door", daemon=True).start()
        yield pool


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other pool of this person runs; none can start while the block runs."""
    with folder().joinpath("pool.lock").open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


@contextmanager
def _listening(place: Path) -> Iterator[socket.socket]:
    place.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listening:
        try:
            listening.bind(str(place))
        except OSError as error:
            raise UserError(f"{place} cannot be listened at: {error}; set CHANTIER_RUNTIME.") from error
        listening.listen(MAX_GUESTS)
        try:
            yield listening
        finally:
            place.unlink(missing_ok=True)
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)


def _receive(pool: Pool, listening: socket.socket) -> None:
    while True:
        try:
            guest, _ = listening.accept()
        except OSError:  # closed
            return
        threading.Thread(target=_attend, args=(pool, guest), daemon=True).start()


def _attend(pool: Pool, guest: socket.socket) -> None:
    with suppress(OSError, ValueError, KeyError, TypeError), guest, guest.makefile("rwb") as stream:
        first = _read(stream)
        if first.get("health"):
            _say(stream, asdict(pool.health()))
            return
        with pool.lent(first["role"], first["kind"]) as lent:
            if lent is None:
                _say(stream, {})
                return
            seat, process = lent
            _say(stream, {"folder": str(seat.folder), "asked": seat.asked, "user": process.user})
            while request := _read(stream):
                _say(stream, _waited(process, guest, Path(request["file"]), float(request["seconds"])))


def _waited(process: Process, guest: socket.socket, file: Path, seconds: float) -> Line:
    """Wait for a file as long as somebody wants it."""
    try:
        process.wait_until(lambda: os.path.lexists(file) or _has_left(guest), seconds)
    except OverrunError as error:
        return {"overrun": str(error)}
    except NoAnswerError as error:
        return {"no_answer": str(error)}
    return {} if os.path.lexists(file) else {"no_answer": process.ending()}


def _has_left(guest: socket.socket) -> bool:
    """Whoever waits for an answer says nothing until it comes."""
    return bool(select.select([guest], [], [], 0)[0])


def _read(stream: BufferedRWPair) -> Line:
    line = stream.readline(MAX_LINE)
    found = json.loads(line) if line else {}
    return found if isinstance(found, dict) else {}


def _say(stream: BufferedRWPair, answer: Line) -> None:
    stream.write(json.dumps(answer).encode() + b"\n")
    stream.flush()
