"""The whole bot: it listens, sends and reminds until it is told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial
from queue import SimpleQueue

from server.answering import Answering
from server.bot.client import Credentials
from server.bot.pace import Pace
from server.bot.zulip_chat import connect
from server.caretaker import look_after
from server.listener import Listener
from server.mailroom import Mailroom
from server.sender import Sender
from server.service.visiting import Manners
from server.store import Database

_SENDERS = 4


def run(
    database: Database,
    project: str | None,
    base_url: str,
    credentials: Credentials,
    clock: Callable[[], datetime],
    stop: threading.Event,
    *,
    manners: Manners | None = None,
    listens: bool = True,
) -> None:
    """Speak for that project, or for all: listen, send, remind until told to stop.

    With `listens` off, what people say comes by the webhook. `UserError` when shut out. Safe to kill at any
    time.
    """
    pace = Pace()
    set_aside: dict[int, datetime] = {}
    mouths = [Sender(database, connect(credentials, pace), clock, set_aside) for _ in range(_SENDERS)]
    mailroom = Mailroom(database, mouths)
    answering = Answering(database, project, base_url, clock, manners or Manners(), mailroom.ring)
    ears = Listener(database, connect(credentials, pace), answering)
    together(
        stop,
        ears.run if listens else ears.watch,
        mailroom.run,
        partial(look_after, database, clock, manners=manners),
    )


def together(stop: threading.Event, *works: Callable[[threading.Event], None]) -> None:
    """Do these at the same time until one ends; what it failed with, this raises."""
    ends: SimpleQueue[Exception | None] = SimpleQueue()
    for work in works:
        threading.Thread(target=_until_it_ends, args=(work, stop, ends), daemon=True).start()
    failure = ends.get()
    stop.set()
    if failure is not None:
        raise failure


def _until_it_ends(
    work: Callable[[threading.Event], None], stop: threading.Event, ends: SimpleQueue[Exception | None]
) -> None:
    try:
        work(stop)
    except Exception as failure:  # noqa: BLE001  (the main thread raises it)
        ends.put(failure)
    else:
        ends.put(None)
