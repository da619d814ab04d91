"""How a person wants to hear of things: where, when not, which, and how often a digest. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from blueprint.errors import UserError

MONDAY = 0
_DAY = timedelta(days=1)
_HOURS = re.compile(r"(?P<from>[0-9:]{1,5})\s*(?:-|–|to|until)\s*(?P<to>[0-9:]{1,5})", re.IGNORECASE)
_CLOCK = re.compile(r"(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2}))?")
_UNREADABLE = "I cannot read those hours; write them as `22:00-07:00`, or `off`."


class Way(StrEnum):
    """Where notices reach a person: in a direct message, or in the topic of the node that they are about."""

    DIRECT = "direct"
    TOPIC = "topic"


class Rhythm(StrEnum):
    """How often a digest comes; a weekly one on Mondays."""

    OFF = "off"
    DAILY = "daily"
    WEEKLY = "weekly"


class Subject(StrEnum):
    """What a notice may be about, as far as people choose what they are sent."""

    CLAIMS = "claims"
    REQUESTS = "requests"
    NODES = "nodes"
    CHECKS = "checks"
    CREDIT = "credit"

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    Subject.CLAIMS: "what becomes of the tasks that you hold or wait for",
    Subject.REQUESTS: "what somebody asks of you",
    Subject.NODES: "what happens to nodes that you watch, hold, or have credit for",
    Subject.CHECKS: "that your commit failed the check, with the first error",
    Subject.CREDIT: "what becomes of your credit",
}


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of every day in which nothing is sent. They may go over midnight, and are never the whole day."""

    begins: time
    ends: time

    def covers(self, moment: time) -> bool:
        if self.begins < self.ends:
            return self.begins <= moment < self.ends
        return moment >= self.begins or moment < self.ends

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}-{self.ends:%H:%M}"


@dataclass(frozen=True, slots=True)
class Preferences:
    """`hour` is the one at which a digest comes, 0 to 23, like `quiet` by the person's own clocks.

    What is about a `muted` subject is not sent; their page and the digest have it all the same.
    """

    way: Way = Way.DIRECT
    quiet: Quiet | None = None
    digest: Rhythm = Rhythm.OFF
    hour: int = 8
    muted: frozenset[Subject] = frozenset()


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A wish for these hours, or for none."""

    hours: Quiet | None


@dataclass(frozen=True, slots=True)
class Digests:
    """A wish for digests; the hour stays as it is where none is given."""

    rhythm: Rhythm
    hour: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whether what is about this is sent."""

    subject: Subject
    wanted: bool


Wish = Way | QuietHours | Digests | Wanted


def changed(known: Preferences, wish: Wish) -> Preferences:
    """The preferences with one thing as somebody wishes."""
    match wish:
        case Way():
            return replace(known, way=wish)
        case QuietHours(hours):
            return replace(known, quiet=hours)
        case Digests(rhythm, hour):
            return replace(known, digest=rhythm, hour=known.hour if hour is None else hour)
        case Wanted(subject, wanted):
            rest = known.muted - {subject}
            return replace(known, muted=rest if wanted else rest | {subject})


def parse_quiet(text: str) -> QuietHours:
    """`22:00-07:00`, `22-7`, `off`. Raises `UserError` for anything else."""
    words = text.strip()
    if words.lower() in ("off", "none", ""):
        return QuietHours(None)
    found = _HOURS.fullmatch(words)
    if found is None:
        raise UserError(_UNREADABLE)
    begins, ends = _time(found["from"]), _time(found["to"])
    if begins == ends:
        raise UserError("Quiet hours end at another time than they begin, such as `22:00-07:00`.")
    return QuietHours(Quiet(begins, ends))


def parse_hour(text: str) -> int:
    """`8`, `08:00`: a full hour. Raises `UserError` for anything else."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None or int(found["hour"]) > 23 or int(found["minute"] or 0):
        raise UserError("A digest comes at a full hour; write it as `8:00`, from 0:00 to 23:00.")
    return int(found["hour"])


def quiet_until(quiet: Quiet | None, now: datetime, zone: tzinfo) -> datetime:
    """When the person may be told: now, or (UTC) the end of the quiet hours that it is in.

    An end that comes twice in a night, because clocks are put back, is the next of the two; one that clocks
    skip comes later by as much as they do.
    """
    if quiet is None or not quiet.covers(now.astimezone(zone).time()):
        return now
    ends = _next(quiet.ends, now, zone)
    return next(end for end in ends if not quiet.covers(end.astimezone(zone).time()))


def next_digest(known: Preferences, after: datetime, zone: tzinfo) -> datetime | None:
    """The next moment (UTC) for a digest; None where none is wanted. It comes once on any day."""
    if known.digest is Rhythm.OFF:
        return None
    first = after.astimezone(zone).date()
    days = (first + count * _DAY for count in range(9))
    fit = (day for day in days if known.digest is Rhythm.DAILY or day.weekday() == MONDAY)
    return next(moment for day in fit if (moment := _at(day, time(known.hour), zone)) > after)


def _next(at: time, now: datetime, zone: tzinfo) -> Iterator[datetime]:
    """The moments after now when clocks there show that time."""
    today = now.astimezone(zone).date()
    for day in (today, today + _DAY, today + 2 * _DAY):
        moments = (_at(day, at.replace(fold=fold), zone) for fold in (0, 1))
        yield from (moment for moment in moments if moment > now)


def _at(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def _time(text: str) -> time:
    found = _CLOCK.fullmatch(text)
    if found is None or int(found["hour"]) > 23 or int(found["minute"] or 0) > 59:
        raise UserError(_UNREADABLE)
    return time(int(found["hour"]), int(found["minute"] or 0))
