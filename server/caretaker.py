"""Looks after the projects now and then while a server runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from server.service.tending import tend
from server.store import Database

HOUR = 3600.0


def look_after(
    database: Database, clock: Callable[[], datetime], stop: threading.Event, pause: float = HOUR
) -> None:
    """Tend all projects every `pause` seconds until told to stop."""
    while True:
        with database.begin() as store:
            tend(store, clock())
        if stop.wait(pause):
            return
