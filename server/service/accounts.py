"""Signing in with an account elsewhere. It is known by its site and the number it has there, and by nothing
that can change hands: no login, no name, no address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from blueprint.errors import UserError
from dashboards.repository_address import account_at
from server.records.people import Person, Proof, Way
from server.records.projects import ProjectRow
from server.service import people
from server.service.permission import may
from server.service.requests import carry_over
from server.service.telling import tell
from server.store import Store
from server.store.people import ACCOUNT
from server.work.kinds import is_program
from server.work.naming import HIDDEN, likeness, mixes_scripts
from server.work.permissions import Action, Role

LONGEST_CALLED = 100
# What somebody can get in with again and again.
_WAYS_IN = (ACCOUNT, "zulip")
# What a forge knows better.
_WEAKER = (Proof.COMMIT, Proof.MAINTAINER)
_EVENT = "identity"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who a site says has come: `emails` are those that it says are theirs, verified."""

    site: str
    number: str
    login: str
    name: str
    emails: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        return account_at(self.site, self.number)


def known(store: Store, visitor: Visitor) -> Person | None:
    """Whose account it is. Somebody who is gone is nobody."""
    person = store.people.by_identity(ACCOUNT, visitor.value)
    return None if person is None else store.people.get(person.id)


def by_commits(store: Store, visitor: Visitor) -> Person | None:
    """Who is known by nothing but commits from one of the visitor's addresses, and so is the visitor."""
    owners = (store.people.by_identity("git", email.strip().lower()) for email in visitor.emails)
    return next((owner for owner in owners if owner and people.is_known_by_commits_alone(store, owner)), None)


def enter(store: Store, visitor: Visitor, now: datetime) -> Person | None:
    """The person whose account it is; what is told of it anew is kept. None where nobody has it."""
    person = known(store, visitor)
    if person is not None:
        _refresh(store, person, visitor, now)
    return person


def join(store: Store, visitor: Visitor, name: str, now: datetime, *, is_open: bool) -> Person:
    """Make the visitor known: as who they are by their commits, or as somebody new of that name.

    `UserError` where the name is taken, where the server is not `is_open` to new people, or the account
    is somebody's.
    """
    store.people.lock(ACCOUNT)
    if known(store, visitor):
        raise UserError("Somebody is known by that account already; sign in with it.")
    person = by_commits(store, visitor)
    if person is None:
        if not is_open:
            raise UserError(
                "Nobody here is known by that account. Sign in another way and add it on your own page, "
                "or ask whoever runs the server."
            )
        if not name.strip():
            raise UserError("Say what you want to be called.")
        _refuse_likeness(store, people.clean_name(name))
        person = people.add(store, name, Role.CONTRIBUTOR, now)
    _add(store, person, visitor, now)
    return person


def _refuse_likeness(store: Store, name: str) -> None:
    """Nobody who lets themselves in passes for somebody who is here, for nobody, or for a program."""
    if name.casefold().startswith(HIDDEN) or is_program(name):
        raise UserError("Say what you want to be called: a name that is not a number or a program's.")
    if not likeness(name) or mixes_scripts(name):
        raise UserError("A name has letters that can be seen, and of one alphabet in each word.")
    if likeness(name) in {likeness(person.name) for person in store.people.every()}:
        raise UserError(f"Somebody here is called {name} already; choose another name.")


def link(store: Store, person: Person, visitor: Visitor, now: datetime) -> str:
    """Let the person sign in with the account too. A sentence; `UserError` where it is somebody else's."""
    store.people.lock(ACCOUNT)
    owner = store.people.by_identity(ACCOUNT, visitor.value)
    if owner is not None and owner.id != person.id:
        raise UserError("Somebody else here signs in with that account; take it away there first.")
    if owner is None:
        _add(store, person, visitor, now)
    return f"You can sign in as {visitor.login} from now on."


def unite(store: Store, person: Person, other: Person, now: datetime) -> Person:
    """Let two, who proved to be the same, be one from now on: whoever of them holds tasks, if one does.

    Who that is; they hear of it, and so does every project where either did anything. `UserError` where both
    hold tasks, which one person could not have claimed.
    """
    if person.id == other.id:
        return person
    gone, kept = (other, person) if store.tasks.held_by(other.id) == 0 else (person, other)
    if store.tasks.held_by(gone.id):
        raise UserError("You hold tasks as either of the two; give back those of one of them first.")
    places = _places(store, gone, kept)
    carry_over(store, gone, kept, now)
    store.people.merge(gone.id, kept.id)
    one = people.get(store, kept.id)
    _announce(store, places, one, "was known here twice and said so; the higher role of the two counts.", now)
    _tell(
        store,
        places,
        one,
        "You were known here twice, and are one person since somebody joined the two.",
        now,
    )
    return one


def unlink(store: Store, person: Person, number: int) -> str:
    """Let the person not sign in with an account any more. A sentence; `UserError` if it is the last way."""
    ways = store.people.ways(person.id)
    way = next((one for one in ways if (one.id, one.kind) == (number, ACCOUNT)), None)
    if way is None:
        raise UserError("You do not sign in with that account (any more).")
    if not any(one.kind in _WAYS_IN for one in ways if one.id != number):
        raise UserError("You would have no way to sign in any more; add another one first.")
    store.people.unlink(person.id, number)
    store.sessions.end_with(way.value)
    return f"You cannot sign in as {way.called} any more, and browsers that did are signed out."


def ways(store: Store, person: Person) -> tuple[Way, ...]:
    """Everything that leads to the person, oldest first."""
    return store.people.ways(person.id)


def _add(store: Store, person: Person, visitor: Visitor, now: datetime) -> None:
    store.people.link(person.id, ACCOUNT, visitor.value, now)
    _refresh(store, person, visitor, now)


def _refresh(store: Store, person: Person, visitor: Visitor, now: datetime) -> None:
    called = people.clean_name(visitor.login)[:LONGEST_CALLED]
    store.people.call(ACCOUNT, visitor.value, called)
    for email in visitor.emails:
        _take(store, person, people.git_address(email), now)


def _take(store: Store, person: Person, email: str, now: datetime) -> None:
    """Count an address as the person's, as a forge vouches for it: that is more than a word in a commit, or
    one project's maintainer. Whoever had it, and their projects, hear of it.
    """
    owner = store.people.by_identity("git", email)
    if owner is None or owner.id == person.id:
        people.link_git(store, person, email, now, Proof.FORGE)
        return
    places = _places(store, owner, person)
    if people.is_known_by_commits_alone(store, owner):
        people.link_git(store, person, email, now, Proof.FORGE)
    elif store.people.proof("git", email) in _WEAKER:
        store.people.hand_over("git", email, person.id, Proof.FORGE)
        _tell(
            store, places, owner, f"A forge says that `{email}` is somebody else's, so it is not yours.", now
        )
    else:
        return
    _tell(store, places, person, f"Commits by `{email}` are yours: a forge says that the address is.", now)
    _announce(store, places, person, "proved by an account on a forge whose commits are theirs.", now)


def _places(store: Store, *persons: Person) -> tuple[ProjectRow, ...]:
    """The projects where one of them is a member or did something."""
    ids = {
        id
        for one in persons
        for id in store.projects.of_person(one.id) | store.members.of_person(one.id).keys()
    }
    return tuple(project for project in store.projects.every() if project.id in ids)


def _tell(store: Store, places: tuple[ProjectRow, ...], person: Person, words: str, now: datetime) -> None:
    """Once: a notice belongs to one project, if need be to any that the person knows."""
    known = (one for one in (*places, *store.projects.every()) if may(store, one, person, Action.READ))
    for project in islice(known, 1):
        tell(store, project, person.id, _EVENT, words, now, None)


def _announce(
    store: Store, places: tuple[ProjectRow, ...], person: Person, words: str, now: datetime
) -> None:
    for project in places:
        store.log.record(project.id, _EVENT, words, now, person_id=person.id)
