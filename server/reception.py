"""Which project a message is about: that of its channel, or the one that a person names or named last.

What is spoken of in private channels alone is spoken of nowhere else: directly only with those who are in
one of them, and others are not told that it is there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from blueprint.errors import UserError
from server.commands.parser import first_word
from server.records.projects import ProjectRow
from server.service import channels, projects
from server.store import Store

# Commands that are about the person, whatever the project.
_ANYWHERE = frozenset({"help", "?", "login", "timezone", "name", "prefs", "digest", "link"})
_NAMED = re.compile(r"\s*in\s+`?(?P<slug>[a-z0-9][a-z0-9-]*)`?(?::|\s|\Z)\s*", re.IGNORECASE)
_MOST = 10


@dataclass(frozen=True, slots=True)
class Place:
    """Where an account said something: in a channel, or directly."""

    account: int
    number: int | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A project, and what is said about it; `named` where the person said which it is."""

    project: ProjectRow
    text: str
    named: bool = False


def without_project(text: str) -> str:
    """What is said, without the words that say about which project."""
    named = _NAMED.match(text)
    return text[named.end() :] if named else text


def subject(store: Store, place: Place, text: str, only: str | None = None) -> Subject:
    """What a message is about. `only` is the one project that is spoken for, or None for all there are.

    `UserError` where that is unclear: it asks.
    """
    every = store.projects.every() if only is None else (projects.find(store, only),)
    if place.number is not None:
        return Subject(_of_channel(store, place, every), text)
    known = channels.heard_by(store, every, str(place.account))
    if not any(one in known or not one.private for one in every):
        raise UserError(projects.NONE_YET)
    if not known:
        raise UserError("I speak of this project only in its own channels, and with those who are in them.")
    return _of_direct(store, place, text, known)


def _of_channel(store: Store, place: Place, every: Sequence[ProjectRow]) -> ProjectRow:
    found = channels.heard_in(store, place.number or 0, place.channel)
    public = [project for project in every if not project.private]
    if found is None and not public:
        raise UserError(projects.NONE_YET)
    if found is None and len(public) == 1 and channels.heard_by(store, public):
        return public[0]
    if found is None or found not in every:
        raise UserError(
            "This channel belongs to no project of mine; write to me directly, or ask whoever runs me "
            "to add the channel."
        )
    return found


def _of_direct(store: Store, place: Place, text: str, every: Sequence[ProjectRow]) -> Subject:
    named = _NAMED.match(text)
    if named:
        slug = named["slug"].lower()
        found = next((project for project in every if project.slug == slug), None)
        if found is None:
            raise UserError(f"I know no project `{slug[:60]}`; there is {_which(every)}")
        return Subject(found, text[named.end() :], named=True)
    if len(every) == 1:
        return Subject(every[0], text)
    last = store.channels.last_spoken_of(str(place.account))
    known = next((project for project in every if project.id == last), None)
    if known is None and first_word(text) not in _ANYWHERE:
        raise UserError(f"About which project? I know {_which(every)}")
    return Subject(known or every[0], text)


def _which(every: Sequence[ProjectRow]) -> str:
    slugs = ", ".join(f"`{project.slug}`" for project in every[:_MOST])
    more = f" and {len(every) - _MOST} more" if len(every) > _MOST else ""
    return f"{slugs}{more}. Begin with `in {every[0].slug}:`, and I will remember it."
