"""The bot's mouth: what waits in the outbox goes out, in order, each message once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from server import remembering, replies
from server.chat import BusyError, Chat, Limits, RefusedError, UnreachableError
from server.markup import split, topic_within
from server.records.mail import Outgoing
from server.store import Database

# A message that fails so often, while Zulip can be reached, is set aside for a while, and dropped when it is
# older than `PATIENCE`. Time alone drops none: an outage may last as long as it likes.
TRIES = 5
REST = timedelta(minutes=10)
PATIENCE = timedelta(days=1)
LIMITS_LAST = 5.0  # seconds

log = structlog.get_logger(__name__)


class SetAsideError(BusyError):
    """The next message of a conversation failed too often to be tried again already."""


class Sender:
    """Sends over one connection; a conversation has one sender at a time.

    `resting` is until when a message is set aside, for all senders together.
    """

    def __init__(
        self,
        database: Database,
        chat: Chat,
        clock: Callable[[], datetime],
        resting: dict[int, datetime] | None = None,
    ) -> None:
        self._database = database
        self._chat = chat
        self._clock = clock
        self._resting: dict[int, datetime] = {} if resting is None else resting
        self._known_limits, self._limits_until = Limits(), 0.0

    def deliver(self) -> None:
        """Send all that waits. Raises `BusyError` or `UnreachableError`, after which the rest still waits."""
        with self._database.reading() as store:
            waiting = store.mail.pending()
        for conversation in dict.fromkeys(row.conversation for row in waiting):
            with suppress(SetAsideError):
                self.send([row for row in waiting if row.conversation == conversation])

    def send(self, rows: Sequence[Outgoing]) -> None:
        """Send messages of one conversation; raises as above, or `SetAsideError`."""
        limits = self._limits()
        for row in rows:
            self._refuse_if_set_aside(row)
            if not self._settled(row, limits) and not self._send(row, limits):
                return

    def _limits(self) -> Limits:
        """They change when the server is another one, if ever; so they are not read for every message."""
        if time.monotonic() > self._limits_until:
            with self._database.reading() as store:
                self._known_limits = remembering.limits(store)
            self._limits_until = time.monotonic() + LIMITS_LAST
        return self._known_limits

    def _refuse_if_set_aside(self, row: Outgoing) -> None:
        left = self._resting.get(row.id, self._clock()) - self._clock()
        if left > timedelta(0):
            raise SetAsideError(left.total_seconds())

    def _settled(self, row: Outgoing, limits: Limits) -> bool:
        """Whether an earlier attempt got through although nobody said so, or it was one too many."""
        if not row.attempts or self._arrived(row, limits):
            return bool(row.attempts)
        if row.attempts < TRIES or self._clock() - row.created < PATIENCE:
            return False
        self._give_up(row, "no attempt got through")
        return True

    def _arrived(self, row: Outgoing, limits: Limits) -> bool:
        """Whether the message is in the chat as it shall be; a reaction may be repeated."""
        if row.channel == "reaction":
            return False
        if row.number is not None:
            return self._says(row)
        number = self._number(row, limits)
        if number is not None:
            self._sent(row, number)
        return number is not None

    def _says(self, row: Outgoing) -> bool:
        """Whether a message that is to be edited reads as it shall."""
        try:
            said = self._chat.reads(row.number or 0).strip() == row.text.strip()
        except RefusedError:  # it is gone; the edit will be refused too
            return False
        if said:
            self._edited(row)
        return said

    def _number(self, row: Outgoing, limits: Limits) -> int | None:
        """That of what this message has become, if it got through."""
        try:
            alike = self._chat.sent(row.channel, row.to, _topic(row, limits), _text(row))
        except RefusedError:  # no such place any more; sending will say so too
            return None
        with self._database.reading() as store:
            others = store.mail.taken(alike)
        return next((number for number in alike if number > row.floor and number not in others), None)

    def _send(self, waiting: Outgoing, limits: Limits) -> bool:
        """Whether that was all of the message; its other pieces are next."""
        row = self._begun(waiting, limits)
        if row is None:
            return True
        try:
            self._speak(row, limits)
        except RefusedError as error:
            self._refused(row, error)
        except BusyError:
            with self._database.begin() as store:
                store.mail.not_tried(row.id)
            raise
        except UnreachableError:
            if row.attempts >= TRIES:
                self._resting[row.id] = self._clock() + REST
            raise
        return row.text == waiting.text

    def _begun(self, waiting: Outgoing, limits: Limits) -> Outgoing | None:
        """The message as it is to be sent now: it may have been rewritten, or erased, a moment ago."""
        with self._database.begin() as store:
            # Counted before the attempt: a crash in the middle leaves a doubt, never a second message.
            row = store.mail.tried(waiting.id)
            parts = split(_text(row), limits.message) if row else ()
            return store.mail.cut(row, parts, self._clock()) if row and len(parts) > 1 else row

    def _speak(self, row: Outgoing, limits: Limits) -> None:
        if row.channel == "reaction":
            self._chat.react(int(row.to), row.text)
            self._sent(row, None)
        elif row.number is not None:
            self._chat.edit(row.number, row.text)
            self._edited(row)
        else:
            self._sent(row, self._chat.send(row.channel, row.to, _topic(row, limits), _text(row)))

    def _refused(self, row: Outgoing, error: RefusedError) -> None:
        """A message that may not be edited any more is posted anew, unless an earlier edit came through."""
        if row.number is None:
            self._give_up(row, str(error))
        elif not self._says(row):
            with self._database.begin() as store:
                store.mail.anew(row.id)

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


def _topic(row: Outgoing, limits: Limits) -> str | None:
    return None if row.topic is None else topic_within(row.topic, limits.topic)
