"""The bot's ears: every message meant for it becomes one action and its answer, exactly once."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

import structlog

from blueprint.errors import UserError
from server import faults, replies
from server.chat import (
    Account,
    BusyError,
    Chat,
    Cursor,
    Incoming,
    QueueGoneError,
    RefusedError,
    UnreachableError,
)
from server.commands.parser import named_in, names_people, starts_with_verb
from server.commands.people import mentioned, numbered, unnumbered
from server.dispatch import answer
from server.markup import split
from server.reception import Place, subject
from server.replies import Reply
from server.service import people
from server.store import Database, Store

CURSOR = "zulip"
LONGEST_WAIT = 30.0  # seconds
_STRIKES = 3
_MOST_PEOPLE = 5  # that one message names
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")

log = structlog.get_logger(__name__)


class Listener:
    """Reads one bot account's messages, for one project or for all there are."""

    def __init__(
        self,
        database: Database,
        chat: Chat,
        project: str | None,
        base_url: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._chat = chat
        self._project = project
        self._base_url = base_url
        self._clock = clock
        self._me: Account | None = None
        self._strikes: Counter[int] = Counter()

    def run(self, stop: threading.Event) -> None:
        """Listen until told to stop. `UserError` when the chat shuts the bot out."""
        cursor, wait = self._saved(), 1.0
        while not stop.is_set():
            try:
                cursor, wait = self.turn(cursor), 1.0
            except QueueGoneError:
                cursor = None
            except BusyError as busy:
                stop.wait(busy.seconds)
            except (UnreachableError, RefusedError) as error:
                log.warning("chat unreachable", error=str(error), wait=wait)
                stop.wait(wait)
                wait = min(2 * wait, LONGEST_WAIT)

    def turn(self, cursor: Cursor | None) -> Cursor:
        """Take the next messages: those of the queue, or, with a new queue, those missed until it began."""
        if self._me is None or cursor is None:
            self._me = self._chat.account()
        if cursor is None:
            # The queue first and the unread after: in the other order a message between them is lost.
            after = self._chat.register()
            messages = self._chat.unread()
        else:
            after, heard = self._chat.events(cursor)
            # The rest of a busy channel is none of our business, not even to be marked as read.
            messages = tuple(each for each in heard if each.mentioned or each.stream is None)
        self._take(messages, self._me)
        self._save(after)
        return after

    def _take(self, messages: Iterable[Incoming], me: Account) -> None:
        taken = []
        for message in messages:
            self._receive(message, me)
            taken.append(message.id)
        if taken:
            self._chat.mark_read(taken)

    def _receive(self, message: Incoming, me: Account) -> None:
        text = addressed(message, me)
        sender = None if text is None or message.sender_id == me.id else self._chat.human(message.sender_id)
        if text is None or sender is None:
            return
        said, others = self._introduced(text)
        try:
            self._once(message, lambda store, now: self._answer(store, message, sender, others, said, now))
        except Exception as error:  # noqa: BLE001  (one bad message must not silence the bot)
            fault = faults.record(error).id
            log.error("message not answered", fault=fault, message=message.id)
            self._apologise(message, fault)

    def _introduced(self, text: str) -> tuple[str, tuple[Account, ...]]:
        """The text with a number in each mention that has none, and whom its command names.

        A name that several go by, or nobody, is left: the answer says so.
        """
        if not names_people(text):
            return text, ()
        found = {name: self._chat.called(name) for name in unnumbered(text)[:_MOST_PEOPLE]}
        text = numbered(text, {name: ids[0] for name, ids in found.items() if len(ids) == 1})
        accounts = (self._chat.human(number) for number in mentioned(text)[:_MOST_PEOPLE])
        return text, tuple(account for account in accounts if account is not None)

    def _answer(
        self,
        store: Store,
        message: Incoming,
        sender: Account,
        others: tuple[Account, ...],
        text: str,
        now: datetime,
    ) -> Reply:
        person = people.by_zulip(store, sender.id, message.sender_name, now, sender.zone)
        for account in others:
            people.by_zulip(store, account.id, account.name, now, account.zone)
        about = named_in(message.topic) if message.stream is not None else None
        place = Place(sender.id, message.stream, message.channel)
        store.channels.meet(str(sender.id), now, 0)
        try:
            meant = subject(store, place, text, self._project)
        except UserError as error:
            return replies.refused(error)
        if meant.named:
            store.channels.speaks_of(str(sender.id), meant.project.id)
        if meant.named and not meant.text.strip():
            return replies.about(meant.project.slug)
        return answer(store, meant.project, person, meant.text, now, base_url=self._base_url, about=about)

    def _apologise(self, message: Incoming, fault: str) -> None:
        """Say that it went wrong. A message that prevents even this is left alone after a few tries."""
        try:
            self._once(message, lambda store, now: replies.fault(fault))
        except Exception as error:
            self._strikes[message.id] += 1
            log.error("message left unanswered", fault=faults.record(error).id, message=message.id)
            if self._strikes[message.id] < _STRIKES:
                raise UnreachableError(f"the database failed (fault {fault})") from error

    def _once(self, message: Incoming, act: Callable[[Store, datetime], Reply]) -> None:
        """Act and queue the answer in one transaction, unless the message was taken before."""
        now = self._clock()
        with self._database.begin() as store:
            if store.mail.accept(f"zulip:{message.id}", now):
                _post(store, message, act(store, now), now)

    def _saved(self) -> Cursor | None:
        with self._database.reading() as store:
            saved = store.mail.cursor(CURSOR)
        try:
            return Cursor(**json.loads(saved)) if saved else None
        except (ValueError, TypeError):
            return None

    def _save(self, cursor: Cursor) -> None:
        with self._database.begin() as store:
            store.mail.set_cursor(CURSOR, json.dumps({"queue": cursor.queue, "last": cursor.last}))


def addressed(message: Incoming, me: Account) -> str | None:
    """What the message says to the bot, or None where it only speaks of it, or of something else."""
    mention = _mention(me)
    if message.stream is None and set(message.people) <= {message.sender_id, me.id}:
        return re.sub(rf"\A\s*{mention}", "", message.text)
    if not message.mentioned:
        return None
    lines = _own_lines(message.text)
    for place, line in enumerate(lines):
        found = re.search(mention, line)
        if found:
            said = "\n".join((line[found.end() :], *lines[place + 1 :]))
            to_the_bot = not line[: found.start()].strip() or starts_with_verb(said)
            return said if to_the_bot else None
    return None


def _mention(me: Account) -> str:
    name = re.escape(me.name)
    return rf"@\*\*(?:{name}|{name}\|{me.id}|\|{me.id})\*\*[:,]?"


def _own_lines(text: str) -> list[str]:
    """The lines that are neither quoted nor code."""
    lines: list[str] = []
    fence = ""
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if fence:
            fence = "" if line.strip() == fence else fence
        elif mark:
            fence = mark[1]
        elif not line.lstrip().startswith(">"):
            lines.append(line)
    return lines


def _post(store: Store, message: Incoming, reply: Reply, now: datetime) -> None:
    """Queue the answer: in the same topic, or to the person alone."""
    alone = message.stream is None
    if reply.private and not alone:
        _queue(store, message, replies.answered_privately().text, now, alone=False)
    _queue(store, message, reply.text, now, alone=alone or reply.private)
    if reply.acted:
        store.mail.post(f"zulip:{message.id}:done", "reaction", str(message.id), "check", now)


def _queue(store: Store, message: Incoming, text: str, now: datetime, *, alone: bool) -> None:
    channel, to = ("direct", message.sender_id) if alone else ("stream", message.stream)
    topic = None if alone else message.topic
    for place, part in enumerate(split(text)):
        store.mail.post(f"zulip:{message.id}:{channel}:{place}", channel, str(to), part, now, topic=topic)
