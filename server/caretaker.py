"""Looks after the projects, and sends what is due, while a server or a bot runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from server.mailing import send
from server.service import sessions, signin
from server.service.tending import tend
from server.store import Database
from server.trouble import going_on

# What time brings about is due to the day; what people are to hear, within seconds.
HOUR = timedelta(hours=1)
MOMENT = 5.0  # seconds


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
    """Every `pause` seconds send what is due, and every hour tend all projects, until told to stop.

    With that, sessions and tokens that are over are forgotten.
    """
    tended: datetime | None = None
    while True:
        now = clock()
        if tended is None or now - tended >= HOUR:
            tended = now
            with going_on("tending"), database.begin() as store:
                tend(store, now)
                signin.clear(store, now)
                sessions.clear(store, now)
        with going_on("sending"):
            send(database, now)
        if stop.wait(pause):
            return
