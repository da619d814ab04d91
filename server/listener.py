"""The bot's ears: every message meant for it is found, whatever happens to the chat, and handed on."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from blueprint.errors import UserError
from server import remembering
from server.addressing import addressed
from server.answering import Answering, Asked
from server.chat import (
    Account,
    BusyError,
    Chat,
    Cursor,
    Incoming,
    QueueGoneError,
)
from server.commands.parser import names_people
from server.commands.people import mentioned, numbered, unnumbered
from server.reception import without_project
from server.service import channels
from server.store import Database
from server.trouble import LONGEST_WAIT, note

SLOW = 2.0  # seconds after which somebody who waits is told that they were heard
_MOST_PEOPLE = 5  # that one message names
_WATCH_AGAIN = 600.0  # seconds
_LOOK_AGAIN = 10.0  # seconds after which it is asked again what a new channel is
_ROOMS_LAST = 300.0  # seconds after which it is asked again who is in which private channel


class Listener:
    """Reads one bot account's messages."""

    def __init__(self, database: Database, chat: Chat, answering: Answering) -> None:
        self._database = database
        self._chat = chat
        self._answering = answering
        self._me: Account | None = None
        self._looked = 0.0

    def run(self, stop: threading.Event) -> None:
        """Listen until told to stop. `UserError` when the chat shuts the bot out."""
        cursor, begun, wait = None, False, 1.0
        while not stop.is_set():
            try:
                cursor, begun = cursor if begun else self._saved(), True
                cursor, wait = self.turn(cursor), 1.0
            except QueueGoneError:
                cursor = None
            except BusyError as busy:
                stop.wait(busy.seconds)
            except UserError:
                raise
            except Exception as error:  # noqa: BLE001  (whatever it is, the bot goes on)
                stop.wait(wait)
                wait = note(error, "listening", wait)

    def watch(self, stop: threading.Event) -> None:
        """Hear nobody, but know the chat's limits and channels, until told to stop."""
        while not stop.is_set():
            try:
                self._chat.unregister(self._begin())
                stop.wait(_WATCH_AGAIN)
            except BusyError as busy:
                stop.wait(busy.seconds)
            except UserError:
                raise
            except Exception as error:  # noqa: BLE001  (whatever it is, the bot goes on)
                note(error, "watching", LONGEST_WAIT)
                stop.wait(LONGEST_WAIT)

    def turn(self, cursor: Cursor | None) -> Cursor:
        """Take the next messages: those of the queue, or, with a new queue, those missed until it began."""
        if self._me is None or cursor is None:
            self._me = self._chat.account()
        if cursor is None:
            # The queue first and the unread after: in the other order a message between them is lost.
            after = self._begin()
            messages = self._chat.unread()
        else:
            heard = self._chat.events(cursor)
            after = heard.cursor
            # The rest of a busy channel is none of our business, not even to be marked as read.
            messages = tuple(each for each in heard.messages if each.mentioned or each.stream is None)
            self._look_around(heard.rooms_changed, messages)
        self._take(messages, self._me)
        with self._database.begin() as store:
            remembering.keep_cursor(store, after)
            remembering.keep_heard(store, self._answering.now())
        return after

    def _saved(self) -> Cursor | None:
        with self._database.reading() as store:
            return remembering.cursor(store)

    def _begin(self) -> Cursor:
        cursor = self._chat.register()
        with self._database.begin() as store:
            remembering.keep_limits(store, self._chat.limits())
        self._see_rooms()
        return cursor

    def _look_around(self, changed: bool, messages: Sequence[Incoming]) -> None:
        """Know what the channels are called, and which of them are private, before anything is said."""
        since = time.monotonic() - self._looked
        if messages and not changed and since > _LOOK_AGAIN:
            with self._database.reading() as store:
                changed = channels.unseen(store)
        if changed or since > _ROOMS_LAST:
            self._see_rooms()

    def _see_rooms(self) -> None:
        self._looked = time.monotonic()
        rooms = self._chat.rooms()
        with self._database.begin() as store:
            for room in rooms:
                channels.see(store, room.number, room.name, private=room.private)
            private = channels.private_rooms(store)
        for number in private:
            members = self._chat.members(number)
            with self._database.begin() as store:
                channels.fill(store, number, members)

    def _take(self, messages: Sequence[Incoming], me: Account) -> None:
        began = time.monotonic()
        for message in messages:
            self._receive(message, me, late=time.monotonic() - began > SLOW)
        if messages:
            self._chat.mark_read([message.id for message in messages])

    def _receive(self, message: Incoming, me: Account, *, late: bool) -> None:
        text = addressed(message, me)
        sender = None if text is None or message.sender_id == me.id else self._chat.human(message.sender_id)
        if text is None or sender is None:
            return
        if late:
            self._answering.seen(message)
        said, others = self._introduced(text)
        self._answering.take(Asked(message, said, sender, others))

    def _introduced(self, text: str) -> tuple[str, tuple[Account, ...]]:
        """The text with a number in each mention that has none, and whom its command names.

        A name that several go by, or nobody, is left: the answer says so.
        """
        if not names_people(without_project(text)):
            return text, ()
        names = unnumbered(text)[:_MOST_PEOPLE]
        found = self._chat.called(names) if names else {}
        text = numbered(text, {name: ids[0] for name, ids in found.items() if len(ids) == 1})
        accounts = (self._chat.human(number) for number in mentioned(text)[:_MOST_PEOPLE])
        return text, tuple(account for account in accounts if account is not None)
