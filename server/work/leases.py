"""How long a claim lasts, how many a person may hold, and when one is over."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from blueprint.errors import UserError


class Size(StrEnum):
    S = "S"
    M = "M"
    L = "L"


@dataclass(frozen=True, slots=True)
class Policy:
    """A project's rules for claims, in days and counts.

    With `leases` off, a claim lasts until released; with `assignment` off, nobody claims anything. `notice`
    is how long before its end a holder is reminded, `offer` how long a question to a person stands, `review`
    how long a clock stands still without a word of the reviewers.
    """

    leases: bool = True
    assignment: bool = True
    small: int = 7
    medium: int = 14
    large: int = 30
    longest: int = 90
    notice: int = 3
    grace: int = 3
    offer: int = 7
    review: int = 30
    newcomer_cap: int = 1
    cap: int = 3

    @property
    def days(self) -> Mapping[Size, int]:
        return {Size.S: self.small, Size.M: self.medium, Size.L: self.large}

    def cap_for(self, *, newcomer: bool) -> int:
        return self.newcomer_cap if newcomer else self.cap

    def has_room(self, held: int, *, newcomer: bool) -> bool:
        """Whether somebody who holds so many tasks can take one more."""
        return held < self.cap_for(newcomer=newcomer)


def expiry(policy: Policy, size: Size, until: timedelta | date | None, now: datetime) -> datetime | None:
    """When a lease taken or renewed at `now` ends; a bare date counts to its last second, in UTC.

    Raises `UserError` when `until` is not ahead or is further off than the policy allows.
    """
    if not policy.leases:
        return None
    ends = now + timedelta(days=policy.days[size]) if until is None else _moment(until, now, policy)
    if ends <= now:
        raise UserError("A claim must end in the future; give a later date, such as `claim REF 2w`.")
    if math.ceil((ends - now) / timedelta(days=1)) > policy.longest + (1 if isinstance(until, date) else 0):
        raise UserError(_too_long(policy))
    return ends


def renewal(
    policy: Policy, size: Size, until: timedelta | date | None, present: datetime | None, now: datetime
) -> datetime | None:
    """When a lease that would end at `present` ends once renewed: no earlier, unless `until` says so."""
    ends = expiry(policy, size, until, now)
    return max(ends, present) if until is None and ends and present else ends


def _moment(until: timedelta | date, now: datetime, policy: Policy) -> datetime:
    if isinstance(until, datetime):
        return until.astimezone(UTC)
    if isinstance(until, date):
        return datetime.combine(until, time(23, 59, 59), UTC)
    try:
        return now + until
    except OverflowError as error:
        raise UserError(_too_long(policy)) from error


def _too_long(policy: Policy) -> str:
    return f"A claim lasts at most {policy.longest} days; claim again when it nears its end."


def reminder(
    policy: Policy, since: datetime, expires: datetime | None, reminded: datetime | None, now: datetime
) -> datetime | None:
    """The moment at which the holder was due to hear of the end, where they have not heard since then.

    That is some days before the end, by the policy, and at the end itself.
    """
    if expires is None or not policy.leases:
        return None
    moments = (expires, expires - timedelta(days=policy.notice))
    due = next((moment for moment in moments if since < moment <= now), None)
    return None if due is None or (reminded is not None and reminded >= due) else due


def lapses(policy: Policy, expires: datetime | None) -> datetime | None:
    """When a lease that was not renewed is over: at its end and the days of grace after it."""
    return None if expires is None or not policy.leases else expires + timedelta(days=policy.grace)


def is_over(policy: Policy, expires: datetime | None, now: datetime) -> bool:
    moment = lapses(policy, expires)
    return moment is not None and moment <= now


def is_overdue(policy: Policy, owed: datetime | None, now: datetime) -> bool:
    """Whether reviewers who owe a word since then have taken longer than a review may."""
    return policy.leases and owed is not None and owed + timedelta(days=policy.review) <= now


def answer_by(policy: Policy, now: datetime) -> datetime:
    """Until when a question to a person stands that is asked now."""
    return now + timedelta(days=policy.offer)
