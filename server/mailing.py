"""What is due goes into the outbox, worded for the chat: notices, digests, the progress of projects."""

from __future__ import annotations

from datetime import datetime

from server import bulletins
from server.service.digests import digest
from server.service.letters import letters
from server.service.posts import Day, Saying, due
from server.store import Database, Store
from server.trouble import going_on


def send(database: Database, now: datetime) -> None:
    """Send what is due, in short transactions; any number of processes may do so at once.

    Where nothing is, that costs a few looks at what waits, and holds up nobody. What cannot be worded is
    written down as a fault, and holds up nothing else.
    """
    with database.reading() as store:
        waits = store.notices.is_due(now), store.preferences.due(now), store.posts.is_due(now)
    notices, readers, posts = waits
    with going_on("sending notices"):
        while notices:
            with database.begin() as store:
                _letters(store, now)
                notices = store.notices.is_due(now)
    for person_id in readers:
        with going_on("sending a digest"), database.begin() as store:
            _digest(store, person_id, now)
    if posts:
        with going_on("posting progress"), database.begin() as store:
            for saying in due(store, now):
                _say(store, saying, now)


def _letters(store: Store, now: datetime) -> None:
    for letter in letters(store, now):
        place = letter.place
        text = bulletins.letter(letter)
        store.mail.post(letter.key, place.channel, place.to, text, now, topic=place.topic)


def _digest(store: Store, person_id: int, now: datetime) -> None:
    made = digest(store, person_id, now)
    if made is not None:
        store.mail.post(made.key, "direct", made.zulip_id, bulletins.digest(made), now)


def _say(store: Store, saying: Saying, now: datetime) -> None:
    home, what = saying.home, saying.what
    if isinstance(what, Day):
        store.mail.rewrite(saying.key, "stream", home.channel, bulletins.day(what), now, topic=home.topic)
    else:
        store.mail.post(saying.key, "stream", home.channel, bulletins.milestone(what), now, topic=home.topic)
