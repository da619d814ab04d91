"""Looks after the projects now and then while a server or a bot runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog

from server import faults
from server.service.tending import tend
from server.store import Database

HOUR = 3600.0

log = structlog.get_logger(__name__)


@contextmanager
def caretaker(database: Database, clock: Callable[[], datetime]) -> Iterator[None]:
    """Tend all projects in a thread beside the block. Any number may do so at once; twice does no harm."""
    stop = threading.Event()
    thread = threading.Thread(target=look_after, args=(database, clock, stop), name="caretaker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def look_after(
    database: Database, clock: Callable[[], datetime], stop: threading.Event, pause: float = HOUR
) -> None:
    """Tend all projects every `pause` seconds until told to stop. A fault is written down; it goes on."""
    while True:
        try:
            with database.begin() as store:
                tend(store, clock())
        except Exception as error:  # noqa: BLE001  (whatever it is, those who read and claim go on)
            log.error("fault", fault=faults.record(error).id, at="tending")
        if stop.wait(pause):
            return
