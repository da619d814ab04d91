"""One message to the bot becomes one action and its answer, in one transaction, by whichever way it came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from blueprint.errors import UserError
from server import faults, replies
from server.chat import Account, Incoming, UnreachableError
from server.commands.parser import named_in
from server.dispatch import answer
from server.reception import Place, Subject, subject
from server.records.people import Person
from server.replies import Reply
from server.service import people, visiting
from server.service.visiting import Manners
from server.store import Database, Store

SEEN, DONE, REFUSED = "eyes", "check", "cross_mark"
_STRIKES = 3

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A message to the bot, with all that had to be asked of the chat: who wrote it, and whom it names."""

    message: Incoming
    text: str
    sender: Account
    others: tuple[Account, ...] = ()


class Answering:
    """For one project, or for all there are; `ring` is called when an answer waits to be sent."""

    def __init__(
        self,
        database: Database,
        project: str | None,
        base_url: str,
        clock: Callable[[], datetime],
        manners: Manners | None = None,
        ring: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._project = project
        self._base_url = base_url
        self._clock = clock
        self._manners = manners or Manners()
        self._ring = ring
        self._strikes: Counter[int] = Counter()

    def now(self) -> datetime:
        return self._clock()

    def take(self, asked: Asked) -> None:
        """Act and queue the answer, once. One message that breaks something must not silence the bot."""
        try:
            self._once(asked.message, lambda store, now: self._act(store, asked, now))
        except Exception as error:  # noqa: BLE001  (whatever it is, the next message is answered)
            fault = faults.record(error).id
            log.error("message not answered", fault=fault, message=asked.message.id)
            self._apologise(asked.message, fault)

    def seen(self, message: Incoming) -> None:
        """Say that a message will be answered, where that takes a while."""
        with self._database.begin() as store:
            store.mail.post(_key(message, "seen"), "reaction", str(message.id), SEEN, self._clock())
        self._ring()

    def _act(self, store: Store, asked: Asked, now: datetime) -> Reply | None:
        """What is to be said, or nothing to somebody who was told to wait."""
        wait = visiting.admit(store, str(asked.sender.id), self._manners, now)
        if wait is not None:
            return replies.too_fast(wait.seconds) if wait.first else None
        person = people.by_zulip(store, asked.sender.id, asked.message.sender_name, now, asked.sender.zone)
        for other in asked.others:
            people.by_zulip(store, other.id, other.name, now, other.zone)
        try:
            meant = subject(store, _place(asked), asked.text, self._project)
        except UserError as error:
            return replies.refused(error)
        return self._answer(store, asked, person, meant, now)

    def _answer(self, store: Store, asked: Asked, person: Person, meant: Subject, now: datetime) -> Reply:
        if meant.named:
            store.channels.speaks_of(str(asked.sender.id), meant.project.id)
        if meant.named and not meant.text.strip():
            return replies.about(meant.project.slug)
        about = named_in(asked.message.topic) if asked.message.stream is not None else None
        return answer(
            store,
            meant.project,
            person,
            meant.text,
            now,
            base_url=self._base_url,
            about=about,
            conversation=_conversation(asked.message),
        )

    def _apologise(self, message: Incoming, fault: str) -> None:
        """Say that it went wrong. A message that prevents even this is left alone after a few tries."""
        try:
            self._once(message, lambda store, now: replies.fault(fault))
        except Exception as error:
            self._strikes[message.id] += 1
            log.error("message left unanswered", fault=faults.record(error).id, message=message.id)
            if self._strikes[message.id] < _STRIKES:
                raise UnreachableError(f"the database failed (fault {fault})") from error

    def _once(self, message: Incoming, act: Callable[[Store, datetime], Reply | None]) -> None:
        """Act and queue the answer in one transaction, unless the message was taken before."""
        now = self._clock()
        with self._database.begin() as store:
            if store.mail.accept(f"zulip:{message.id}", now) and (reply := act(store, now)):
                _post(store, message, reply, now)
        self._ring()


def _place(asked: Asked) -> Place:
    return Place(asked.sender.id, asked.message.stream, asked.message.channel)


def _conversation(message: Incoming) -> str:
    """In which a question is answered; what is said directly is one conversation with each person."""
    return "" if message.stream is None else f"{message.stream}/{message.topic}"[:200]


def _post(store: Store, message: Incoming, reply: Reply, now: datetime) -> None:
    """Queue the answer: in the same topic, or to the person alone."""
    alone = message.stream is None
    if reply.private and not alone:
        _queue(store, message, replies.answered_privately().text, now, alone=False)
    _queue(store, message, reply.text, now, alone=alone or reply.private)
    if reply.acted or not reply.ok:
        sign = DONE if reply.acted else REFUSED
        store.mail.post(_key(message, "done"), "reaction", str(message.id), sign, now)


def _queue(store: Store, message: Incoming, text: str, now: datetime, *, alone: bool) -> None:
    channel, to = ("direct", message.sender_id) if alone else ("stream", message.stream)
    topic = None if alone else message.topic
    store.mail.post(_key(message, channel), channel, str(to), text, now, topic=topic)


def _key(message: Incoming, what: str) -> str:
    return f"zulip:{message.id}:{what}"
