"""The bot's mouth: what waits in the outbox goes out, in order, each message once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from server import replies
from server.chat import BusyError, Chat, RefusedError, UnreachableError
from server.listener import LONGEST_WAIT
from server.markup import split
from server.records import Outgoing
from server.store import Database

# A message that fails so often, while Zulip can be reached, is set aside for a while, and dropped when it is
# older than `PATIENCE`. Time alone drops none: an outage may last as long as it likes.
TRIES = 5
REST = timedelta(minutes=10)
PATIENCE = timedelta(days=1)

log = structlog.get_logger(__name__)


class Sender:
    """Sends as one bot account. One sender at a time."""

    def __init__(self, database: Database, chat: Chat, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._chat = chat
        self._clock = clock
        self._resting: dict[int, datetime] = {}

    def run(self, stop: threading.Event, pause: float = 0.5) -> None:
        """Send until told to stop. `UserError` when the chat shuts the bot out."""
        wait = 1.0
        while not stop.is_set():
            try:
                self.deliver()
                wait = 1.0
                stop.wait(pause)
            except BusyError as busy:
                stop.wait(busy.seconds)
            except UnreachableError as error:
                log.warning("chat unreachable", error=str(error), wait=wait)
                stop.wait(wait)
                wait = min(2 * wait, LONGEST_WAIT)

    def deliver(self) -> None:
        """Send what waits. Raises `BusyError` or `UnreachableError`, after which the rest still waits."""
        held_up: set[tuple[str, str, str | None]] = set()
        for row in self._pending():
            conversation = (row.channel, row.to, row.topic)
            if conversation not in held_up and not self._done(row):
                held_up.add(conversation)

    def _done(self, row: Outgoing) -> bool:
        """Send a message; whether the next of its conversation may follow."""
        if self._rests(row):
            return False
        return self._settled(row) or self._send(row)

    def _settled(self, row: Outgoing) -> bool:
        """Whether an earlier attempt got through although nobody said so, or it was one too many."""
        if not row.attempts:
            return False
        if row.number is not None:
            return self._says(row)
        number = self._arrived(row)
        if number is not None:
            self._sent(row, number)
        elif row.attempts >= TRIES and self._clock() - row.created > PATIENCE:
            self._give_up(row, "no attempt got through")
        else:
            return False
        return True

    def _says(self, row: Outgoing) -> bool:
        """Whether a message that is to be edited reads as it shall."""
        try:
            said = self._chat.reads(row.number or 0) == row.text
        except RefusedError:  # it is gone; the edit will be refused too
            return False
        if said:
            self._edited(row)
        return said

    def _arrived(self, row: Outgoing) -> int | None:
        """The number of what this message has become; a reaction has none, and may be repeated."""
        if row.channel == "reaction":
            return None
        try:
            alike = self._chat.sent(row.channel, row.to, row.topic, _text(row))
        except RefusedError:  # no such place any more; sending will say so too
            return None
        with self._database.reading() as store:
            others = store.mail.taken(alike)
        return next((number for number in alike if number > row.floor and number not in others), None)

    def _send(self, waiting: Outgoing) -> bool:
        """Whether that was all of the message; its other pieces are next."""
        row = self._begun(waiting)
        if row is None:
            return True
        try:
            self._speak(row)
            return row.text == waiting.text
        except UnreachableError:
            if row.attempts >= TRIES:
                self._resting[row.id] = self._clock() + REST
            raise

    def _begun(self, waiting: Outgoing) -> Outgoing | None:
        """The message as it is to be sent now: it may have been rewritten, or erased, a moment ago."""
        with self._database.begin() as store:
            # Counted before the attempt: a crash in the middle leaves a doubt, never a second message.
            row = store.mail.tried(waiting.id)
            parts = split(_text(row)) if row else ()
            return store.mail.cut(row, parts, self._clock()) if row and len(parts) > 1 else row

    def _rests(self, row: Outgoing) -> bool:
        return row.id in self._resting and self._clock() < self._resting[row.id]

    def _speak(self, row: Outgoing) -> None:
        try:
            if row.channel == "reaction":
                self._chat.react(int(row.to), row.text)
                self._sent(row, None)
            elif row.number is not None:
                self._chat.edit(row.number, row.text)
                self._edited(row)
            else:
                self._sent(row, self._chat.send(row.channel, row.to, row.topic, _text(row)))
        except RefusedError as error:
            self._refused(row, error)

    def _refused(self, row: Outgoing, error: RefusedError) -> None:
        """A message that may not be edited any more is posted anew, unless an earlier edit came through."""
        if row.number is None:
            self._give_up(row, str(error))
        elif not self._says(row):
            with self._database.begin() as store:
                store.mail.anew(row.id)

    def _pending(self) -> tuple[Outgoing, ...]:
        with self._database.reading() as store:
            return store.mail.pending()

    def _sent(self, row: Outgoing, number: int | None) -> None:
        with self._database.begin() as store:
            store.mail.sent(row.id, self._clock(), number)

    def _edited(self, row: Outgoing) -> None:
        with self._database.begin() as store:
            store.mail.edited(row.id, row.text)

    def _give_up(self, row: Outgoing, why: str) -> None:
        log.error("message not sent", outbox=row.id, channel=row.channel, why=why)
        with self._database.begin() as store:
            store.mail.give_up(row.id, self._clock())


def _text(row: Outgoing) -> str:
    return replies.notice(row.text).text if row.plain else row.text
