"""Several senders at work at once, each in one conversation, so that a slow one holds up no other."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import structlog

from server.chat import BusyError, UnreachableError
from server.records import Conversation, Outgoing
from server.sender import Sender
from server.store import Database

LONGEST_WAIT = 30.0  # seconds
# After so long it is looked whether another process has queued something: a page, the command line.
_PAUSE = 0.5

log = structlog.get_logger(__name__)


class Mailroom:
    """What waits in the outbox goes out: in order in each conversation, and conversations side by side."""

    def __init__(self, database: Database, senders: Sequence[Sender]) -> None:
        self._database = database
        self._idle: SimpleQueue[Sender] = SimpleQueue()
        for sender in senders:
            self._idle.put(sender)
        self._bell = threading.Event()
        self._busy: set[Conversation] = set()
        # Until when a conversation in which something failed is left alone, and how long that was.
        self._resting: dict[Conversation, tuple[float, float]] = {}
        self._failure: Exception | None = None

    def ring(self) -> None:
        """Something was queued; from any thread."""
        self._bell.set()

    def run(self, stop: threading.Event) -> None:
        """Send until told to stop. `UserError` when the chat shuts the bot out."""
        with ThreadPoolExecutor(self._idle.qsize(), "sender") as pool:
            while not stop.is_set():
                self._bell.clear()
                while rows := self._ready():
                    pool.submit(self._work, self._idle.get(), rows)
                self._bell.wait(_PAUSE)
                if self._failure is not None:
                    raise self._failure

    def _ready(self) -> Sequence[Outgoing]:
        """The messages of a conversation that may go on, where there is a sender who can see to them."""
        if self._idle.empty():
            return ()
        now = time.monotonic()
        resting = {each for each, (until, _) in self._resting.items() if until > now}
        with self._database.reading() as store:
            waiting = store.mail.pending(besides=self._busy | resting)
        rows = [row for row in waiting if row.conversation == waiting[0].conversation]
        self._busy.update(row.conversation for row in rows[:1])
        return rows

    def _work(self, sender: Sender, rows: Sequence[Outgoing]) -> None:
        conversation = rows[0].conversation
        try:
            sender.send(rows)
            self._resting.pop(conversation, None)
        except BusyError as busy:
            self._rest(conversation, busy.seconds)
        except UnreachableError as error:
            wait = min(2 * self._resting.get(conversation, (0.0, 0.5))[1], LONGEST_WAIT)
            log.warning("chat unreachable", error=str(error), wait=wait)
            self._rest(conversation, wait)
        except Exception as failure:  # noqa: BLE001  (the main thread raises it)
            self._failure = failure
        finally:
            self._busy.discard(conversation)
            self._idle.put(sender)
            self.ring()

    def _rest(self, conversation: Conversation, seconds: float) -> None:
        self._resting[conversation] = time.monotonic() + seconds, seconds
