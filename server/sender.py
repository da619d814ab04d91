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
    """Sends as one bot account. One sender at a time: the newest number tells what went out before."""

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
        self._settle()
        held_up: set[tuple[str, str, str | None]] = set()
        for row in self._pending():
            conversation = (row.channel, row.to, row.topic)
            if self._rests(row):
                held_up.add(conversation)
            elif conversation not in held_up:
                self._send(row)

    def _settle(self) -> None:
        """Find out which messages did go out although nobody said so, before anything else is sent."""
        doubtful = [row for row in self._pending() if row.attempts]
        if not doubtful:
            return
        with self._database.reading() as store:
            newest = store.mail.newest_number()
        for row in doubtful:
            number = next((number for number in self._alike(row) if number > newest), None)
            if number is not None:
                self._sent(row, number)
            elif row.attempts >= TRIES and self._clock() - row.created > PATIENCE:
                self._give_up(row, "no attempt got through")

    def _alike(self, row: Outgoing) -> tuple[int, ...]:
        """The numbers of messages that this one may have become; a reaction is none, and may be repeated."""
        if row.channel == "reaction":
            return ()
        try:
            return self._chat.sent(row.channel, row.to, row.topic, _text(row))
        except RefusedError:  # no such place any more; sending will say so too
            return ()

    def _send(self, row: Outgoing) -> None:
        if len(split(_text(row))) > 1:
            self._cut(row)
            return
        with self._database.begin() as store:
            # Counted before the attempt: a crash in the middle leaves a doubt, never a second message.
            store.mail.tried(row.id)
        try:
            self._sent(row, self._speak(row))
        except RefusedError as error:
            self._give_up(row, str(error))
        except UnreachableError:
            if row.attempts + 1 >= TRIES:
                self._resting[row.id] = self._clock() + REST
            raise

    def _rests(self, row: Outgoing) -> bool:
        return row.id in self._resting and self._clock() < self._resting[row.id]

    def _speak(self, row: Outgoing) -> int | None:
        if row.channel == "reaction":
            self._chat.react(int(row.to), row.text)
            return None
        return self._chat.send(row.channel, row.to, row.topic, _text(row))

    def _cut(self, row: Outgoing) -> None:
        """Queue the pieces of a message that is too long in its stead."""
        with self._database.begin() as store:
            for place, part in enumerate(split(_text(row))):
                key = f"part:{row.id}:{place}"
                store.mail.post(key, row.channel, row.to, part, self._clock(), topic=row.topic)
            store.mail.sent(row.id, self._clock())

    def _pending(self) -> tuple[Outgoing, ...]:
        with self._database.reading() as store:
            return store.mail.pending()

    def _sent(self, row: Outgoing, number: int | None) -> None:
        with self._database.begin() as store:
            store.mail.sent(row.id, self._clock(), number)

    def _give_up(self, row: Outgoing, why: str) -> None:
        log.error("message not sent", outbox=row.id, channel=row.channel, why=why)
        with self._database.begin() as store:
            store.mail.give_up(row.id, self._clock())


def _text(row: Outgoing) -> str:
    return replies.notice(row.text).text if row.plain else row.text
