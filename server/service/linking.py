"""Whose commits are whose, proved: by a word that only the person was told, or by a maintainer.

The names and addresses of commits prove nothing, for anybody may write them. A word in a commit that a
project took in proves that whoever asked for it made the commit, or had it made; so the address is linked to
who asked, and whoever copies the word later gains nothing: it is good once, and what they linked would not be
theirs. An address that a forge vouches for is stronger, and no proof makes anybody a member of anything.
"""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from blueprint.errors import UserError
from dashboards.repository_address import account_at, site_and_name, site_of
from server.records.people import Person, Proof
from server.records.projects import ProjectRow
from server.service import people
from server.service.members import maintainers
from server.service.permission import require
from server.service.repositories import address_of
from server.service.signin import hashed
from server.service.strangers import strangers
from server.service.telling import tell
from server.store import Store
from server.store.people import LOGIN
from server.work.permissions import Action, Role

# As long as a pull request may wait for its review.
WORD_LIFE = timedelta(days=30)
TRAILER = "Chantier-Link"
_WORD = re.compile(r"[0-9a-f]{32}")
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")
_EVENT = "linked"


@dataclass(frozen=True, slots=True)
class Linked:
    """What leads to a person: git addresses, and the addresses of accounts that a maintainer told."""

    emails: tuple[str, ...]
    logins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Voucher:
    """A commit of one author that carries a word, and that is on the default branch, so was let in."""

    word: str
    email: str
    sha: str


def linked(store: Store, person: Person) -> Linked:
    """What is linked to the person, oldest first."""
    found = store.people.identities(person.id)
    emails = (value for kind, value in found if kind == "git")
    return Linked(tuple(emails), tuple(address_of_login(value) for kind, value in found if kind == LOGIN))


def address_of_login(value: str) -> str:
    """A login as people know it; one whose forge nobody knows counts nowhere."""
    site, login = site_and_name(value)
    return f"{site}/{login}" if site else f"{login} (on which forge, nobody knows; ask to be linked again)"


def make_word(store: Store, person: Person, now: datetime) -> str:
    """The line for the message of one commit, good for a month, instead of any that was made before."""
    person, word = require(store, None, person, Action.LINK_COMMITS), secrets.token_hex(16)
    store.intents.add_word(person.id, hashed(word), now + WORD_LIFE)
    return f"{TRAILER}: {word}"


def link(
    store: Store, project: ProjectRow, person: Person, other: Person, account: str, *, now: datetime
) -> str:
    """A maintainer's word that an address or a login is somebody's. A sentence; `UserError` if it is not.

    A login is one on the forge of the project's repository.
    """
    require(store, project, person, Action.LINK_OTHERS)
    if "@" in account and "://" not in account:
        owner = store.people.by_identity("git", people.git_address(account))
        if owner is not None and owner.id != other.id and _is_beyond(store, project, person, owner):
            raise UserError(f"Only whoever runs the server can say whose `{account}` is.")
        people.link_git(store, other, account, now, Proof.MAINTAINER)
    else:
        if other.id != person.id and _is_beyond(store, project, person, other):
            raise UserError(
                f"{other.name} may do more than most; so they sign in with that account themselves, or "
                "whoever runs the server links it."
            )
        link_login(store, other, _account(store, project, account), now, Proof.MAINTAINER)
    text = f"`{account}` is linked to {other.name}."
    if other.id != person.id:
        tell(store, project, other.id, _EVENT, f"{person.mention} says that `{account}` is you.", now, None)
    return text


def link_login(store: Store, person: Person, account: str, now: datetime, proof: Proof) -> None:
    """Let the account of that address (`https://github.com/ada`) be the person's on the forge there.

    `UserError` where it is none, or somebody else's.
    """
    site, _, login = account.rpartition("/")
    if not _LOGIN.fullmatch(login) or not site_of(site).startswith("http"):
        raise UserError("Give a login on the forge, such as `ada`, or an e-mail address.")
    value = account_at(site_of(site), login.casefold())
    owner = store.people.by_identity(LOGIN, value)
    if owner is None:
        store.people.link(person.id, LOGIN, value, now, proof)
    elif owner.id != person.id:
        raise UserError(f"{login} is linked to {owner.name} already.")


def prove(store: Store, project: ProjectRow, vouchers: Iterable[Voucher], now: datetime) -> None:
    """Link the authors of commits to those whose words they carry. Nobody is refused; people are told.

    A word in commits of two authors was copied before we saw it: it is spent, and links nobody.
    """
    carried: dict[str, list[Voucher]] = defaultdict(list)
    for voucher in vouchers:
        if _WORD.fullmatch(voucher.word):
            carried[voucher.word].append(voucher)
    for word, found in carried.items():
        person_id = store.intents.use_word(hashed(word), now)
        person = store.people.get(person_id) if person_id is not None else None
        if person is not None:
            _settle(store, project, person, found, now)


def _settle(store: Store, project: ProjectRow, person: Person, found: list[Voucher], now: datetime) -> None:
    voucher = found[0]
    emails = {people.git_address(one.email) for one in found}
    where = f"commit {voucher.sha[:10]}"
    if len(emails) > 1:
        words = (
            "Your word stands in commits of several authors, so it links none; `link commit` gives another."
        )
    elif why := _doubt(store, project, person, voucher):
        words = f"Your word was seen in {where}, but {why}."
    else:
        people.link_git(store, person, voucher.email, now, Proof.COMMIT)
        words = f"Your word was seen in {where}: commits by `{voucher.email}` are yours from now on."
        _tell_maintainers(store, project, person, voucher, now)
    tell(store, project, person.id, _EVENT, words, now, None)


def _is_beyond(store: Store, project: ProjectRow, person: Person, owner: Person) -> bool:
    """Whether one project has no say in who that is: whoever is them may do more than most, or what others
    let them, or is not to be known to the person.
    """
    roles = store.members.of_person(owner.id)
    own = roles.get(project.id, Role.CONTRIBUTOR)
    usual = Role.CONTRIBUTOR.covers(owner.role) and Role.CONTRIBUTOR.covers(own)
    return not usual or bool(roles.keys() - {project.id}) or owner.id in strangers(store, person)


def _doubt(store: Store, project: ProjectRow, person: Person, voucher: Voucher) -> str | None:
    """Why a word does not prove that the address is the person's; any author can be written on a commit."""
    owner = store.people.by_identity("git", people.git_address(voucher.email))
    if owner is None or owner.id == person.id:
        return None
    if people.has_account(store, owner):
        # Not who: whoever writes an address on a commit would learn whose pseudonym it is.
        return f"`{voucher.email}` belongs to somebody who has an account here"
    if not people.is_known_by_commits_alone(store, owner) or owner.id in strangers(store, person):
        return f"only whoever runs the server can say whose `{voucher.email}` is"
    return None


def _tell_maintainers(
    store: Store, project: ProjectRow, person: Person, voucher: Voucher, now: datetime
) -> None:
    """So that a forged author does not go unseen."""
    words = f"{person.mention} linked commits by `{voucher.email}`, with a word in commit {voucher.sha[:10]}."
    for one in maintainers(store, project):
        if one.id != person.id:
            tell(store, project, one.id, _EVENT, words, now, None)


def _account(store: Store, project: ProjectRow, said: str) -> str:
    """The address of an account on the project's forge, of which a maintainer may give the login alone."""
    where = address_of(store, project)
    if where is None:
        raise UserError(
            f"The repository of {project.title} is on no forge that is known here, so nobody can say whose "
            f"`{said}` is; give an e-mail address."
        )
    if "/" not in said:
        return f"{where.sites[0]}/{said}"
    if site_of(said.rpartition("/")[0]) not in where.sites:
        raise UserError(f"The repository of {project.title} is at {where.host}; give an account there.")
    return said
