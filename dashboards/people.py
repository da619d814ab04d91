"""The people of a project: who did what, in a few words, and one person's part. Ranks nobody."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from dashboards.paging import Page, page_of
from dashboards.snapshot import CreditView, EventView, PersonView, Snapshot
from dashboards.texts import _, ngettext, plural

SIZE = 100
WEEKS = 53
_SHOWN_KINDS = 3
_OTHERS = plural("%(kinds)s and %(num)s other kind", "%(kinds)s and %(num)s other kinds")
_OTHER = "#"


@dataclass(frozen=True, slots=True)
class RosterQuery:
    """Whom to show: those whose name has these words in it, or begins with that letter."""

    words: str = ""
    letter: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Member:
    """A person, with what they did in a short phrase."""

    person: PersonView
    phrase: str


@dataclass(frozen=True, slots=True)
class Roster:
    """A page of the people in the order of the alphabet; `letters` are those that names begin with."""

    asked: RosterQuery
    page: Page[Member]
    letters: tuple[str, ...]
    everybody: int


def roster(snapshot: Snapshot, asked: RosterQuery) -> Roster:
    order = sorted(snapshot.people, key=lambda person: (person.name.casefold(), person.id))
    letters = tuple(sorted({_initial(person) for person in order}))
    fits = [person for person in order if _fits(person, asked)]
    page = page_of(fits, asked.page, SIZE)
    done = _kinds(snapshot.credit, {person.id for person in page.items})
    members = [Member(person, _phrase(person, done[person.id])) for person in page.items]
    return Roster(asked, Page(members, page.number, page.last, page.total), letters, len(order))


def _initial(person: PersonView) -> str:
    first = person.name[:1].upper()
    return first if first.isalpha() else _OTHER


def _fits(person: PersonView, asked: RosterQuery) -> bool:
    name = person.name.casefold()
    return all(word in name for word in asked.words.casefold().split()) and (
        not asked.letter or _initial(person) == asked.letter
    )


def _kinds(credit: Iterable[CreditView], ids: set[int]) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for entry in credit:
        if entry.person_id in ids:
            found[entry.person_id][entry.kind] += 1
    return found


def _phrase(person: PersonView, kinds: Counter[str]) -> str:
    """`formal proof (3), review and 2 other kinds; holds 1 task`"""
    most = [(_(kind), number) for kind, number in kinds.most_common(_SHOWN_KINDS)]
    said = ", ".join(f"{kind} ({number})" if number > 1 else kind for kind, number in most)
    if more := len(kinds) - len(most):
        said = ngettext(
            "%(kinds)s and %(num)s other kind", "%(kinds)s and %(num)s other kinds", more, kinds=said
        )
    holding = person.live_claims
    holds = ngettext("holds %(num)s task", "holds %(num)s tasks", holding) if holding else ""
    return "; ".join(filter(None, (said, holds)))


@dataclass(frozen=True, slots=True)
class Share:
    """What somebody contributed of one kind; `role` is its name in CRediT."""

    kind: str
    role: str
    entries: Sequence[CreditView]


def shares(entries: Iterable[CreditView]) -> tuple[Share, ...]:
    """By kind, in the order of the alphabet."""
    found: dict[tuple[str, str], list[CreditView]] = defaultdict(list)
    for entry in entries:
        found[entry.kind, entry.role].append(entry)
    return tuple(Share(kind, role, found[kind, role]) for kind, role in sorted(found))


@dataclass(frozen=True, slots=True)
class Week:
    """How often somebody did something in the week that begins with this Monday."""

    begins: date
    deeds: int


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An account that a person lets others see; `address` is its page, where there is one."""

    place: str
    name: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Doings:
    """What a person did lately: by weeks, oldest first, and the newest of it; and where else they are."""

    weeks: Sequence[Week] = ()
    events: Sequence[EventView] = ()
    accounts: Sequence[Elsewhere] = field(default_factory=tuple)

    @property
    def most(self) -> int:
        """How high the bars go at least: a week of three deeds is no peak."""
        return max(5, *(week.deeds for week in self.weeks)) if self.weeks else 5

    @property
    def total(self) -> int:
        return sum(week.deeds for week in self.weeks)


def begins(now: datetime, zone: tzinfo) -> date:
    """The Monday with which the weeks that are shown begin."""
    today = now.astimezone(zone).date()
    return today - timedelta(days=today.weekday(), weeks=WEEKS - 1)


def weeks(moments: Iterable[datetime], now: datetime, zone: tzinfo) -> tuple[Week, ...]:
    """The weeks of the year until now, as calendars in that zone have them."""
    first = begins(now, zone)
    counted = Counter((moment.astimezone(zone).date() - first).days // 7 for moment in moments)
    return tuple(Week(first + timedelta(weeks=number), counted[number]) for number in range(WEEKS))
