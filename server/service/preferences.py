"""How a person wants to hear of things: their own choice, at every door."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from server.records.people import Person
from server.service.people import zone_of
from server.service.permission import require
from server.store import Store
from server.work.permissions import Action
from server.work.preferences import (
    Preferences,
    Rhythm,
    Subject,
    Way,
    Wish,
    changed,
    next_digest,
)


def of(store: Store, person: Person) -> Preferences:
    return store.preferences.of(person.id)


def change(store: Store, person: Person, wishes: Iterable[Wish], now: datetime) -> Preferences:
    """The preferences with these wishes met; the rest stays. What waits to be sent is looked at anew."""
    person = require(store, None, person, Action.PREFER)
    wanted = of(store, person)
    for wish in wishes:
        wanted = changed(wanted, wish)
    store.preferences.save(person.id, wanted, next_digest(wanted, now, zone_of(person)))
    store.notices.hurry(person.id, now)
    return wanted


def words(person: Person, known: Preferences) -> str:
    """The preferences in sentences, for every door."""
    return " ".join((_way(known), _quiet(person, known), _muted(known), _digest(person, known)))


def _way(known: Preferences) -> str:
    if known.way is Way.DIRECT:
        return "Notices come to you by direct message."
    return "Notices come in the topic of the node that they are about."


def _quiet(person: Person, known: Preferences) -> str:
    if known.quiet is None:
        return "They come at any hour."
    begins, ends = f"{known.quiet.begins:%H:%M}", f"{known.quiet.ends:%H:%M}"
    return f"From {begins} to {ends} ({person.zone}) they wait."


def _muted(known: Preferences) -> str:
    sent = [subject for subject in Subject if subject not in known.muted]
    muted = [subject for subject in Subject if subject in known.muted]
    if not muted:
        return f"You are sent all kinds: {', '.join(sent)}."
    if not sent:
        return "You are sent none; your page has them."
    return f"You are sent {', '.join(sent)}, and not {', '.join(muted)}, which your page has."


def _digest(person: Person, known: Preferences) -> str:
    at = f"at {known.hour}:00 ({person.zone})"
    if known.digest is Rhythm.OFF:
        return "You get no digest."
    often = "every day" if known.digest is Rhythm.DAILY else "on Mondays"
    return f"You get a digest {often} {at}, if there is news."
