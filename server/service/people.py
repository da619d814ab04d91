"""People, and how they are recognised."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from rapidfuzz import process, utils

from blueprint.errors import UserError
from dashboards.repository_address import account_at
from server.durations import is_zone, zone_named
from server.records.people import Person, Proof
from server.service.requests import carry_over
from server.store import Store
from server.store.people import ACCOUNT, GITHUB, LOGIN, NO_REPLY
from server.work.permissions import Role

LONGEST_NAME = 100
_NUMBER = re.compile(r"#(\d{1,9})")
_SIMPLE = re.compile(r"[^\W_](?:[\w.'-]*\w)?")


def get(store: Store, person_id: int) -> Person:
    """The person of that number. `UserError` when there is none."""
    return _numbered(store, person_id, ())


def _numbered(store: Store, person_id: int, besides: Collection[int]) -> Person:
    person = store.people.get(person_id)
    if person is None or person.id in besides:
        raise UserError(f"There is no person number {person_id}.")
    return person


def by_name(store: Store, name: str, besides: Collection[int] = ()) -> Person:
    """The one person of that name, or `#3` for the third, as one writes it in the chat or without its marks.

    Those `besides` whoever asks is not to know of. `UserError` when there is none, or several.
    """
    name = name.strip().removeprefix("@").strip('"')
    if number := _NUMBER.fullmatch(name):
        return _numbered(store, int(number[1]), besides)
    found = [person for person in store.people.named(name) if person.id not in besides]
    if len(found) > 1:
        numbers = " or ".join(f"`#{person.id}`" for person in found[:5])
        raise UserError(f"{len(found)} people are called {found[0].name}; say {numbers}.")
    if found:
        return found[0]
    near = [as_typed(other) for other in resembling(store, name, besides=besides)]
    hint = f"did you mean {' or '.join(near)}?" if near else "check the spelling."
    raise UserError(f"Nobody here is called {clean_name(name)}; {hint}")


def as_typed(name: str) -> str:
    """How the name is written where a person is meant, at every door: `@Ada`, `@"Ada Lovelace"`."""
    return f"`@{name}`" if _SIMPLE.fullmatch(name) else f'`@"{name}"`'


def resembling(store: Store, name: str, least: int = 60, besides: Collection[int] = ()) -> tuple[str, ...]:
    """The names here that are most like that one: of 100 points for the same name, `least` or more."""
    names = [person.name for person in store.people.every() if person.id not in besides]
    near = process.extract(name, names, limit=3, score_cutoff=least, processor=utils.default_process)
    return tuple(match[0] for match in near)


def by_handle(store: Store, name: str, besides: Collection[int] = ()) -> Person:
    """The one person of that name, or of that login on the forge. `UserError` as in `by_name`."""
    hidden, wanted = store.people.unnamed().union(besides), name.strip().casefold()
    logins = (person for person, login in store.people.logins().items() if login.casefold() == wanted)
    known = [person for person in logins if person not in hidden]
    return get(store, known[0]) if len(known) == 1 else by_name(store, name, besides)


def link_git(store: Store, person: Person, email: str, now: datetime, proof: Proof = Proof.OPERATOR) -> None:
    """Count commits by that address as the person's, those so far too.

    `UserError` when the address belongs to somebody who is known by more than their commits, or, unless
    whoever runs the server says so, may do more than most.
    """
    address = git_address(email)
    other = store.people.by_identity("git", address)
    if other is None:
        store.people.link(person.id, "git", address, now, proof)
        return
    if other.id != person.id:
        _refuse_taking_over(store, other, address, proof)
        carry_over(store, other, person, now)
        store.people.merge(other.id, person.id)
    if proof is not Proof.COMMIT:  # the weakest: what was proved otherwise stays so
        store.people.hand_over("git", address, person.id, proof)


def _refuse_taking_over(store: Store, other: Person, address: str, proof: Proof) -> None:
    if has_account(store, other):
        raise UserError(f"{address} belongs to {other.name}, who has an account here.")
    if proof is not Proof.OPERATOR and not is_known_by_commits_alone(store, other):
        raise UserError(f"Only whoever runs the server can say whose `{address}` is.")


def has_account(store: Store, person: Person) -> bool:
    """Whether the person is known by more than their commits."""
    signs_in = any(store.people.identity(person.id, kind) for kind in ("zulip", ACCOUNT))
    return signs_in or store.tokens.any_of(person.id) or store.tasks.held_by(person.id) > 0


def is_known_by_commits_alone(store: Store, person: Person) -> bool:
    """Whether they may turn out to be somebody else: here, without an account, a role or a membership."""
    here = store.people.get(person.id) is not None
    usual = Role.CONTRIBUTOR.covers(person.role) and not store.members.of_person(person.id)
    return here and usual and not has_account(store, person)


def by_zulip(store: Store, zulip_id: int, full_name: str, now: datetime, zone: str = "") -> Person:
    """The person behind a Zulip account, made at their first word. Names identify nobody, the id does.

    `zone` is the time zone they gave there, if any; who is known already keeps theirs.
    """
    return _find_or_add(store, "zulip", str(zulip_id), full_name, now, zone)


def known_in_chat(store: Store, zulip_id: int) -> Person:
    """The person behind a Zulip account. `UserError` when it never came up here."""
    person = store.people.by_identity("zulip", str(zulip_id))
    if person is None:
        raise UserError("I do not know that account yet; ask them to say `help` to me once.")
    return person


def by_git(store: Store, name: str, email: str, now: datetime) -> Person:
    """The person behind a git author, made at their first line."""
    return by_login(store, email) or _find_or_add(store, "git", git_address(email), name, now)


def by_login(store: Store, email: str) -> Person | None:
    """Whoever has the login in the address that GitHub gives those who keep theirs to themselves."""
    address = git_address(email)
    if not address.endswith(NO_REPLY) or store.people.by_identity("git", address):
        return None
    login = address.removesuffix(NO_REPLY).rpartition("+")[2]
    return store.people.by_identity(LOGIN, account_at(GITHUB, login))


def add(store: Store, name: str, role: Role, now: datetime) -> Person:
    """A new person with no identity yet. `UserError` when the name is taken, for `by_name` could not tell."""
    if store.people.named(clean_name(name)):
        raise UserError(f"Somebody here is called {clean_name(name)} already; choose another name.")
    return store.people.add(clean_name(name), role, now)


def appoint(store: Store, person: Person, role: Role) -> Person:
    """The person with another role. Only the command line, the operator's own door, does this."""
    store.people.set_role(person.id, role)
    return replace(person, role=role)


def set_zone(store: Store, person: Person, name: str) -> Person:
    """Read and write the person's dates in that time zone from now on. `UserError` where there is none."""
    zone = zone_named(name).key
    store.people.set_zone(person.id, zone)
    return replace(person, zone=zone)


def zone_of(person: Person) -> ZoneInfo:
    """UTC where the zone they chose is not known to this machine any more."""
    return zone_named(person.zone if is_zone(person.zone) else "UTC")


def clean_name(name: str) -> str:
    """The name on one line without invisible or direction-changing characters, and not too long."""
    shown = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in name)
    return " ".join(shown.split())[:LONGEST_NAME].strip() or "somebody"


def git_address(email: str) -> str:
    """As it is kept: capitals say nothing."""
    return email.strip().lower()[:320]


def _find_or_add(store: Store, kind: str, value: str, name: str, now: datetime, zone: str = "") -> Person:
    known = store.people.by_identity(kind, value)
    if known is None:
        store.people.lock(kind)  # somebody else may be adding them
        known = store.people.by_identity(kind, value)
    if known is not None:
        return known
    person = store.people.add(clean_name(name), Role.CONTRIBUTOR, now)
    store.people.link(person.id, kind, value, now)
    return set_zone(store, person, zone) if is_zone(zone) else person
