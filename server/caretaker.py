"""Looks after the projects, and sends what is due, while a server or a bot runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog

from server import faults
from server.mailing import send
from server.service.tending import tend
from server.store import Database

# What time brings about is due to the day; what people are to hear, within seconds.
HOUR = timedelta(hours=1)
MOMENT = 5.0  # seconds

log = structlog.get_logger(__name__)


@contextmanager
def caretaker(database: Database, clock: Callable[[], datetime]) -> Iterator[None]:
    """Do so in a thread beside the block. Any number may at once; twice does no harm."""
    stop = threading.Event()
    thread = threading.Thread(target=look_after, args=(database, clock, stop), name="caretaker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def look_after(
    database: Database, clock: Callable[[], datetime], stop: threading.Event, pause: float = MOMENT
) -> None:
    """Every `pause` seconds send what is due, and every hour tend all projects, until told to stop."""
    tended: datetime | None = None
    while True:
        now = clock()
        if tended is None or now - tended >= HOUR:
            tended = now
            with _going_on("tending"), database.begin() as store:
                tend(store, now)
        with _going_on("sending"):
            send(database, now)
        if stop.wait(pause):
            return


@contextmanager
def _going_on(what: str) -> Iterator[None]:
    """A fault is written down, and the rounds go on."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  (whatever it is, those who read and claim go on)
        log.error("fault", fault=faults.record(error).id, at=what)
