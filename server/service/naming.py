"""Under which name a person appears, and whether they are ranked: their own choice, at any time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from blueprint.errors import UserError
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service.people import clean_name, get
from server.service.permission import require
from server.service.policy import ruled
from server.store import Store
from server.work.kinds import is_program
from server.work.naming import HIDDEN, Naming, Wish, likeness, mixes_scripts
from server.work.permissions import Action


def wish(store: Store, person: Person) -> Wish:
    """What the person chose; `name` is their own name, which nobody else may be told."""
    return store.people.wish(person.id)


def previews(known: Wish, number: int) -> tuple[tuple[Naming, str], ...]:
    """What others see for each choice; a pseudonym that was never chosen is none."""
    names = {Naming.REAL: known.name, Naming.PSEUDONYM: known.pseudonym, Naming.HIDDEN: f"{HIDDEN}{number}"}
    return tuple((naming, name) for naming, name in names.items() if name)


def choose(store: Store, person: Person, naming: Naming, pseudonym: str | None = None) -> Person:
    """Appear under the own name, under a pseudonym, or under none, from now on and in all that is past.

    The ledger holds no names, so it stays as it is. `UserError` where the pseudonym cannot be had.
    """
    person = require(store, None, person, Action.NAME)
    chosen = wish(store, person).pseudonym
    if naming is Naming.PSEUDONYM:
        before, chosen = chosen, clean_name(pseudonym or "")
        _refuse_pseudonym(store, person, chosen, given=bool((pseudonym or "").strip()))
        if before and before != chosen:
            store.people.keep_name(person.id, before)
    store.people.set_wish(person.id, replace(wish(store, person), naming=naming, pseudonym=chosen))
    return get(store, person.id)


def naming_of(word: str) -> Naming:
    """`UserError` where the word is none of the three."""
    try:
        return Naming(word)
    except ValueError as error:
        raise UserError("Choose your name (real), a pseudonym, or no name (hidden).") from error


def take_part_in_ranking(store: Store, person: Person, ranked: bool) -> Wish:
    """Whether leaderboards may show the person, in projects that have one."""
    store.people.set_wish(person.id, replace(wish(store, person), ranked=ranked))
    return wish(store, person)


def share(store: Store, person: Person, *, dataset: bool, linked: bool) -> Wish:
    """Whether what they did may be in a published dataset, and their accounts elsewhere on their page."""
    person = require(store, None, person, Action.NAME)
    store.people.set_wish(person.id, replace(wish(store, person), dataset=dataset, linked=linked))
    return wish(store, person)


def sharing_words(known: Wish) -> str:
    """What the person shares, in sentences, for every door."""
    data = "may" if known.dataset else "may not"
    accounts = "are" if known.linked else "are not"
    return f"What you did {data} be part of a published dataset. Your accounts elsewhere {accounts} shown."


def show_leaderboard(
    store: Store, project: ProjectRow, person: Person, shown: bool, *, now: datetime
) -> ProjectRow:
    """Whether the project shows a leaderboard; a maintainer says so."""
    require(store, project, person, Action.LEADERBOARD)
    store.projects.show_leaderboard(project.id, shown)
    ruled(store, project, person.id, "leaderboard", "on" if shown else "off", now)
    return replace(project, leaderboard=shown)


def _refuse_pseudonym(store: Store, person: Person, name: str, *, given: bool) -> None:
    if not given or name.casefold().startswith(HIDDEN) or is_program(name):
        raise UserError("Say which pseudonym you want: a name that is not a number or a program's.")
    if not likeness(name) or mixes_scripts(name):
        raise UserError("A pseudonym has letters that can be seen, and of one alphabet in each word.")
    taken = store.people.names_seen(besides=person.id)
    if likeness(name) in map(likeness, taken):
        raise UserError(f"Somebody here is called {name} already; choose another name.")
