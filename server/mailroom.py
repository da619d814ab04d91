"""Several senders at work at once, each in one conversation, so that a slow one holds up no other."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from blueprint.errors import UserError
from server.chat import BusyError
from server.records.mail import Conversation, Outgoing
from server.sender import Sender
from server.store import Database
from server.trouble import note

# After so long it is looked whether another process has queued something: a page, the command line.
_PAUSE = 0.5


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
        self._failure: UserError | None = None

    def ring(self) -> None:
        """Something was queued; from any thread."""
        self._bell.set()

    def run(self, stop: threading.Event) -> None:
        """Send until told to stop. `UserError` when the chat shuts the bot out."""
        wait = _PAUSE
        with ThreadPoolExecutor(self._idle.qsize(), "sender") as pool:
            while not stop.is_set() and self._failure is None:
                self._bell.clear()
                try:
                    self._hand_out(pool)
                    wait = _PAUSE
                except Exception as error:  # noqa: BLE001  (whatever it is, the bot goes on)
                    wait = note(error, "sending", wait)
                self._bell.wait(wait)
        if self._failure is not None:
            raise self._failure

    def _hand_out(self, pool: ThreadPoolExecutor) -> None:
        while ready := self._ready():
            for rows in ready:
                self._busy.add(rows[0].conversation)
                pool.submit(self._work, self._idle.get(), rows)

    def _ready(self) -> Sequence[Sequence[Outgoing]]:
        """The messages of conversations that may go on, as many as there are senders to see to them."""
        if self._idle.empty():
            return ()
        now = time.monotonic()
        resting = {each for each, (until, _) in tuple(self._resting.items()) if until > now}
        with self._database.reading() as store:
            waiting = store.mail.pending(besides=self._busy | resting)
        rows: dict[Conversation, list[Outgoing]] = {}
        for row in waiting:
            rows.setdefault(row.conversation, []).append(row)
        return list(rows.values())[: self._idle.qsize()]

    def _work(self, sender: Sender, rows: Sequence[Outgoing]) -> None:
        conversation = rows[0].conversation
        try:
            sender.send(rows)
            self._resting.pop(conversation, None)
        except BusyError as busy:
            self._rest(conversation, busy.seconds)
        except UserError as shut_out:
            self._failure = shut_out
        except Exception as error:  # noqa: BLE001  (whatever it is, the other conversations go on)
            last = self._resting.get(conversation, (0.0, _PAUSE))[1]
            self._rest(conversation, note(error, "sending", last))
        finally:
            self._busy.discard(conversation)
            self._idle.put(sender)
            self.ring()

    def _rest(self, conversation: Conversation, seconds: float) -> None:
        self._resting[conversation] = time.monotonic() + seconds, seconds
