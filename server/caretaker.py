"""Looks after the projects, and sends what is due, while a server or a bot runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from server.forge_work import work_off
from server.mailing import send
from server.service import sessions, signin
from server.service.tending import tend
from server.service.visiting import Manners
from server.store import Database
from server.syncing import Syncs
from server.trouble import going_on

# What time brings about is due to the day; what people are to hear, within seconds.
HOUR = timedelta(hours=1)
MOMENT = 5.0  # seconds


@contextmanager
def caretaker(
    database: Database,
    clock: Callable[[], datetime],
    manners: Manners | None = None,
    syncs: Syncs | None = None,
) -> Iterator[None]:
    """Do so in a thread beside the block. Any number may at once; twice does no harm."""
    stop = threading.Event()
    work = partial(look_after, database, clock, stop, manners=manners, syncs=syncs)
    thread = threading.Thread(target=work, name="caretaker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def look_after(
    database: Database,
    clock: Callable[[], datetime],
    stop: threading.Event,
    pause: float = MOMENT,
    manners: Manners | None = None,
    syncs: Syncs | None = None,
) -> None:
    """Every `pause` seconds work off what forges told and send what is due, every hour tend all projects.

    With that, sessions and tokens that are over are forgotten. Until told to stop. `manners` bound what one
    person may ask for in comments; with `syncs`, what forges told of is brought in.
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
        with going_on("hearing forges"):
            work_off(database, manners or Manners(), now)
        with going_on("syncing"):
            if syncs is not None:
                syncs.turn(now)
        with going_on("sending"):
            send(database, now)
        if stop.wait(pause):
            break
    if syncs is not None:
        syncs.stop()
