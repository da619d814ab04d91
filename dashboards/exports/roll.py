"""Who did what in a project, as every export needs it: a pure value made from a snapshot."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboards.links import forge_page
from dashboards.methods import Method, methods
from dashboards.snapshot import CreditView, Snapshot
from dashboards.wording import plain_line, plain_math

UNNAMED = "A contributor who is not named"
_DEGREES = ("lead", "equal", "supporting")


@dataclass(frozen=True, slots=True)
class Share:
    """A person's part in a CRediT role, in the highest degree they have; `kinds` with how many of each."""

    role: str
    degree: str
    kinds: tuple[tuple[str, int], ...]

    @property
    def words(self) -> str:
        """`Software (lead): formal statement (3), refactoring`"""
        kinds = ", ".join(f"{kind} ({number})" if number > 1 else kind for kind, number in self.kinds)
        return f"{self.role} ({self.degree}): {kinds}"


@dataclass(frozen=True, slots=True)
class Contributor:
    """Somebody with credit, under the name they chose; `name` is None where they do not want any told."""

    id: int
    name: str | None
    login: str | None
    shares: tuple[Share, ...]

    @property
    def shown(self) -> str:
        return self.name or UNNAMED

    @property
    def parts(self) -> tuple[str, str]:
        """Given and family names: around a comma if there is one, else the last word is the family's."""
        name = self.shown
        if "," in name:
            family, _, given = name.partition(",")
            return given.strip(), family.strip()
        given, _, family = name.rpartition(" ")
        return given, family


@dataclass(frozen=True, slots=True)
class Roll:
    """What counts as credit at one moment. Contributors in the order of the alphabet, the unnamed last.

    `url` is the page of the repository, None where it has none; `credit` is oldest first. `consenting` are
    those whose contributions may be published as data.
    """

    title: str
    url: str | None
    sha: str
    at: datetime
    contributors: tuple[Contributor, ...]
    maintainers: tuple[str, ...]
    credit: tuple[CreditView, ...]
    methods: tuple[Method, ...]
    consenting: frozenset[int] = frozenset()

    @property
    def named(self) -> tuple[Contributor, ...]:
        return tuple(one for one in self.contributors if one.name is not None)

    @property
    def unnamed(self) -> int:
        return len(self.contributors) - len(self.named)

    def everybody(self) -> str:
        """Whom to name where a format needs somebody and nobody wants to be named."""
        return f"The contributors of {self.title}"


def roll_of(snapshot: Snapshot) -> Roll:
    """Ranks nobody: neither the order nor anything else says who did more."""
    people = {person.id: person for person in snapshot.people}
    entries: dict[int, list[CreditView]] = defaultdict(list)
    names: dict[int, str | None] = {}
    for entry in snapshot.credit:
        entries[entry.person_id].append(entry)
        known = people.get(entry.person_id)
        named = known is None or known.named
        names[entry.person_id] = plain_line(entry.person_name) or None if named else None
    logins = {id: person.login for id, person in people.items() if person.named}
    found = [Contributor(id, names[id], logins.get(id), shares(entries[id])) for id in entries]
    maintainers = (
        plain_line(p.name) for p in snapshot.people if p.role in ("maintainer", "owner") and p.named
    )
    return Roll(
        title=plain_line(plain_math(snapshot.title)) or snapshot.slug,
        url=forge_page(snapshot.repository_url),
        sha=snapshot.commit.sha,
        at=snapshot.commit.at,
        contributors=tuple(sorted(found, key=_alphabetical)),
        maintainers=tuple(sorted(maintainers, key=str.casefold)),
        credit=tuple(reversed(snapshot.credit)),
        methods=methods(snapshot.credit),
        consenting=frozenset(id for id, person in people.items() if person.dataset),
    )


def shares(entries: Iterable[CreditView]) -> tuple[Share, ...]:
    """A person's entries by role, in the order of the roles' names."""
    by_role: dict[str, list[CreditView]] = defaultdict(list)
    for entry in entries:
        by_role[entry.role].append(entry)
    return tuple(Share(role, _highest(by_role[role]), _kinds(by_role[role])) for role in sorted(by_role))


def summary(contributor: Contributor) -> str:
    return "; ".join(share.words for share in contributor.shares)


def _highest(entries: Sequence[CreditView]) -> str:
    return min((entry.degree for entry in entries), key=_DEGREES.index)


def _kinds(entries: Iterable[CreditView]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(entry.kind for entry in entries).items()))


def _alphabetical(one: Contributor) -> tuple[bool, str, str, int]:
    given, family = one.parts
    return one.name is None, family.casefold(), given.casefold(), one.id
