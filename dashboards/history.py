"""How a project came along: what its checks came to, and when what was verified. Pure.

Weeks begin on Mondays and days at midnight where the reader is.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from statistics import median, quantiles
from typing import TypeVar

from lean_project.points import Point

DAY = timedelta(days=1)
# Fewer people are told of as a whole, and medians of fewer nodes say nothing.
FEW = 3
# Events that change since when there is work on a node for whoever wants it, and those that are answers to
# whoever waits for one.
FREEING = frozenset({"became ready", "regressed", "disclaimed", "expired", "unassigned"})
ANSWERS = frozenset({"awaiting author", "agreed", "decided"})
KINDS = frozenset({"verified", *FREEING})

# A period of at most so many days is told by days or by weeks; a longer one by months.
_BY_DAYS, _BY_WEEKS = 15, 400


@dataclass(frozen=True, slots=True)
class Passage:
    """A node that became verified; `ready` is when work on it could begin, where that was seen."""

    at: datetime
    node: int
    ready: datetime | None


@dataclass(frozen=True, slots=True)
class Act:
    """That a person did something, within an hour that begins with `at`."""

    at: datetime
    person: int


@dataclass(frozen=True, slots=True)
class Happening:
    """An event without its words; people and nodes by their numbers."""

    at: datetime
    kind: str
    node: int | None
    person: int | None


T = TypeVar("T", Passage, Act)


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """All of it, each oldest first; nodes and people by their numbers. It is equal to itself alone, so that
    what follows from it can be kept by it.

    `openings` are when work on a node became possible, `answers` when a reviewer or maintainer gave one.
    Of the nodes that are not verified, `ready` has since when work on them has been possible, as far as that
    was seen, and `free` when it was last left to whoever wants it.
    """

    points: tuple[Point, ...] = ()
    passages: tuple[Passage, ...] = ()
    regressions: tuple[datetime, ...] = ()
    openings: tuple[datetime, ...] = ()
    answers: tuple[datetime, ...] = ()
    acts: tuple[Act, ...] = ()
    ready: tuple[tuple[int, datetime], ...] = ()
    free: tuple[tuple[int, datetime], ...] = ()

    @property
    def begun(self) -> datetime | None:
        """When the first check was."""
        return self.points[0].at if self.points else None


def followed(before: History, new: Iterable[Happening], merged: Mapping[int, int]) -> History:
    """The history with what happened after it; `merged` has who is known by another number today."""
    ready, free, acts = dict(before.ready), dict(before.free), {(act.at, act.person) for act in before.acts}
    passages, moments = list(before.passages), defaultdict[str, list[datetime]](list)
    for one in new:
        if one.person is not None:
            hour = one.at.replace(minute=0, second=0, microsecond=0)
            acts.add((hour, merged.get(one.person, one.person)))
            moments["answers"] += [one.at] * (one.kind in ANSWERS)
        if one.node is None or one.kind not in KINDS:
            continue
        if one.kind == "verified":
            passages.append(Passage(one.at, one.node, ready.pop(one.node, None)))
            free.pop(one.node, None)
            continue
        free[one.node] = one.at
        moments[one.kind] += [one.at]
        if one.kind == "regressed":
            ready[one.node] = one.at
        elif one.kind == "became ready":
            ready.setdefault(one.node, one.at)
    return replace(
        before,
        passages=tuple(sorted(passages, key=lambda passage: passage.at)),
        regressions=tuple(sorted((*before.regressions, *moments["regressed"]))),
        openings=tuple(sorted((*before.openings, *moments["became ready"]))),
        answers=tuple(sorted((*before.answers, *moments["answers"]))),
        acts=tuple(Act(at, person) for at, person in sorted(acts)),
        ready=tuple(ready.items()),
        free=tuple(free.items()),
    )


@dataclass(frozen=True, slots=True)
class Span:
    """From the one moment on and before the other, seen from a time zone."""

    since: datetime
    until: datetime
    zone: tzinfo

    @property
    def days(self) -> int:
        return max(1, -(-(self.until - self.since) // DAY))

    @property
    def last(self) -> datetime:
        """A moment of its last day."""
        return self.until - timedelta(seconds=1)

    @property
    def step(self) -> str:
        """day, week or month: what the period is told by."""
        if self.days <= _BY_DAYS:
            return "day"
        return "week" if self.days <= _BY_WEEKS else "month"

    def beginnings(self) -> list[datetime]:
        """Of each of its days, weeks or months; the first may have begun before it."""
        start = _floor(self.since.astimezone(self.zone), self.step)
        found = [start]
        while (start := _next(start, self.step)) < self.until:
            found.append(start)
        return found


@dataclass(frozen=True, slots=True)
class Stretch:
    """A day, week or month: how many nodes became verified, and how many came undone."""

    start: datetime
    verified: int
    regressed: int


@dataclass(frozen=True, slots=True)
class Lead:
    """Days from ready to verified: of `count` nodes, the quartiles and the median."""

    count: int
    lower: float
    median: float
    upper: float


@dataclass(frozen=True, slots=True)
class LeadStretch:
    """The same for those of a day, week or month; None where too few came through."""

    start: datetime
    lead: Lead | None


@dataclass(frozen=True, slots=True)
class Turnout:
    """Who did something in a day, week or month: `newcomers` for the first time here, `returning` not.

    Both are None where one of them is a group of fewer than three people, and `total` where all are.
    """

    start: datetime
    total: int | None
    newcomers: int | None = None
    returning: int | None = None


def burn_up(history: History, span: Span, most: int = 180) -> tuple[Point, ...]:
    """How it stood when the span began, after each of its checks, and when it ended.

    Of more than `most` points, the last of each of as many equal stretches.
    """
    points = history.points
    first = bisect_right(points, span.since, key=lambda point: point.at)
    inside = points[first : bisect_left(points, span.until, key=lambda point: point.at)]
    before = [_at(points[first - 1], span.since)] if first else []
    if len(inside) <= most:
        told = [*before, *inside]
    else:
        told = [*(before or inside[:1]), *_thinned(inside, span, most)]
    return (*told, _at(told[-1], span.until)) if told else ()


def _thinned(points: Sequence[Point], span: Span, most: int) -> Iterator[Point]:
    width, seen = (span.until - span.since) / most, 0
    for part in range(1, most + 1):
        place = bisect_left(points, span.since + part * width, lo=seen, key=lambda point: point.at)
        if place > seen:
            yield points[place - 1]
        seen = place


def throughput(history: History, span: Span) -> tuple[Stretch, ...]:
    starts = span.beginnings()
    passed = _counts([one.at for one in _within(history.passages, span)], starts)
    undone = _counts(moments(history.regressions, span), starts)
    return tuple(map(Stretch, starts, passed, undone))


def lead(passages: Sequence[Passage]) -> Lead | None:
    """None where there are too few whose beginning was seen."""
    days = [(one.at - one.ready) / DAY for one in passages if one.ready]
    if len(days) < FEW:
        return None
    lower, _, upper = quantiles(days, n=4, method="inclusive")
    return Lead(len(days), lower, median(days), upper)


def leads(history: History, span: Span) -> tuple[LeadStretch, ...]:
    starts, passages = span.beginnings(), _within(history.passages, span)
    cuts = [_first(passages, start) for start in starts] + [len(passages)]
    return tuple(
        LeadStretch(start, lead(passages[low:high]))
        for start, low, high in zip(starts, cuts, cuts[1:], strict=False)
    )


def turnout(history: History, span: Span, starts: Sequence[datetime]) -> tuple[Turnout, ...]:
    """In each stretch of the span that begins there."""
    known = {act.person for act in history.acts[: _first(history.acts, span.since)]}
    acts = _within(history.acts, span)
    cuts = [0, *(_first(acts, start) for start in starts[1:]), len(acts)]
    found = []
    for start, low, high in zip(starts, cuts, cuts[1:], strict=False):
        present = {act.person for act in acts[low:high]}
        found.append(_turnout(start, len(present - known), len(present & known)))
        known |= present
    return tuple(found)


def _turnout(start: datetime, new: int, back: int) -> Turnout:
    if 0 < new + back < FEW:
        return Turnout(start, None)
    told = all(group == 0 or group >= FEW for group in (new, back))
    return Turnout(start, new + back, new, back) if told else Turnout(start, new + back)


def passed(history: History, span: Span) -> tuple[Passage, ...]:
    return _within(history.passages, span)


def moments(every: Sequence[datetime], span: Span) -> Sequence[datetime]:
    """Those within the span."""
    return every[bisect_left(every, span.since) : bisect_left(every, span.until)]


def _at(point: Point, at: datetime) -> Point:
    return Point(at, point.nodes, point.verified, point.drift)


def _first(rows: Sequence[Passage | Act], at: datetime) -> int:
    return bisect_left(rows, at, key=lambda row: row.at)


def _within(rows: tuple[T, ...], span: Span) -> tuple[T, ...]:
    return rows[_first(rows, span.since) : _first(rows, span.until)]


def _counts(every: Sequence[datetime], starts: Sequence[datetime]) -> Iterator[int]:
    cuts = [0, *(bisect_left(every, start) for start in starts[1:]), len(every)]
    return (high - low for low, high in pairwise(cuts))


def _floor(moment: datetime, step: str) -> datetime:
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if step == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step == "month" else day


def _next(start: datetime, step: str) -> datetime:
    """By the calendar, so that days of 23 and 25 hours count as one."""
    if step != "month":
        return start + timedelta(days=7 if step == "week" else 1)
    return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
