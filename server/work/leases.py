"""How long a claim lasts, how many a person may hold, and when one is over."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from blueprint.errors import UserError

NOTICE = timedelta(days=3)


class Size(StrEnum):
    S = "S"
    M = "M"
    L = "L"


@dataclass(frozen=True, slots=True)
class Policy:
    """A server's rules for claims, in days and counts. With `leases` off, a claim lasts until released."""

    leases: bool = True
    days: Mapping[Size, int] = field(default_factory=lambda: {Size.S: 7, Size.M: 14, Size.L: 30})
    longest: int = 90
    grace: int = 3
    newcomer_cap: int = 1
    cap: int = 3

    def cap_for(self, *, newcomer: bool) -> int:
        return self.newcomer_cap if newcomer else self.cap


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
    since: datetime, expires: datetime | None, reminded: datetime | None, now: datetime
) -> datetime | None:
    """The moment at which the holder was due to hear of the end, where they have not heard since then.

    That is three days before the end and at the end itself.
    """
    moments = () if expires is None else (expires, expires - NOTICE)
    due = next((moment for moment in moments if since < moment <= now), None)
    return None if due is None or (reminded is not None and reminded >= due) else due


def lapses(policy: Policy, expires: datetime | None) -> datetime | None:
    """When a lease that was not renewed is over: at its end and the days of grace after it."""
    return None if expires is None else expires + timedelta(days=policy.grace)


def is_over(policy: Policy, expires: datetime | None, now: datetime) -> bool:
    moment = lapses(policy, expires)
    return moment is not None and moment <= now
