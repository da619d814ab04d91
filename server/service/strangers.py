"""Whom one does not know: those who are here only for what they did where one has no way in."""

from __future__ import annotations

from server.records.people import Person
from server.service import people
from server.service.permission import standing_of
from server.store import Store


def strangers(store: Store, person: Person) -> frozenset[int]:
    """The numbers of those without an account who took part in projects alone that the person may not see."""
    standing = standing_of(store, person)
    hidden = {project.id for project in store.projects.every() if standing.in_(project) is None}
    there = {number for project_id in hidden for number in store.members.involved(project_id)}
    return frozenset(number for number in there if not _is_known(store, number, hidden))


def meant(store: Store, asker: Person, words: str) -> Person:
    """Whom somebody names, as `people.by_handle` reads it, among those of whom they may know."""
    return people.by_handle(store, words, strangers(store, asker))


def _is_known(store: Store, number: int, hidden: set[int]) -> bool:
    elsewhere = store.projects.of_person(number) - hidden
    person = store.people.get(number)  # None: who was erased
    return bool(elsewhere) or (person is not None and people.has_account(store, person))
