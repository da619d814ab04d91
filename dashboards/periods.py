"""The period of a report: from midnight to midnight where the reader is, the days at both ends included."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo

from blueprint.errors import UserError
from dashboards.history import DAY, Span

# What people ask for by name, in days up to today; `all` begins with the first check.
PRESETS: Mapping[str, int] = {"week": 7, "month": 30, "quarter": 91}
ALL = "all"
USUAL = "month"
# Of days that somebody names: a report counts month by month, and anybody may ask for one.
MOST_YEARS = 50


def last(days: int, now: datetime, zone: tzinfo = UTC) -> Span:
    """So many days, of which today is the last."""
    tomorrow = _midnight(now.astimezone(zone).date() + DAY, zone)
    return Span(_midnight(tomorrow.date() - timedelta(days=days), zone), tomorrow, zone)


def chosen(asked: Mapping[str, str], begun: datetime | None, now: datetime, zone: tzinfo = UTC) -> Span:
    """By `period`, or by `since` and `until`, days such as 2026-03-01; the usual where nothing is asked for.

    `begun` is when the first check was. `UserError` for what is no period.
    """
    since, until = asked.get("since", ""), asked.get("until", "")
    if not (since or until):
        return named(asked.get("period", "") or USUAL, begun, now, zone)
    today = now.astimezone(zone).date()
    end = _day(until, "until") if until else today
    start = _day(since, "since") if since else end - timedelta(days=PRESETS[USUAL] - 1)
    if start > end:
        raise UserError("A period ends after it begins; `since` must not be later than `until`.")
    if (end - start).days > MOST_YEARS * 366:
        raise UserError(f"A period has {MOST_YEARS} years at most.")
    return Span(_midnight(start, zone), _midnight(end + DAY, zone), zone)


def named(preset: str, begun: datetime | None, now: datetime, zone: tzinfo = UTC) -> Span:
    """`UserError` for a word that names no period."""
    if preset == ALL:
        today = last(1, now, zone)
        since = _midnight((begun or now).astimezone(zone).date(), zone)
        return Span(min(since, today.since), today.until, zone)
    if preset not in PRESETS:
        words = ", ".join((*PRESETS, ALL))
        raise UserError(
            f"There is no period `{preset[:40]}`; there are {words}, or days from `since` to `until`."
        )
    return last(PRESETS[preset], now, zone)


def _day(text: str, name: str) -> date:
    """A date, or the date of a moment."""
    try:
        found = datetime.fromisoformat(text.strip()).date()
    except ValueError as error:
        raise UserError(f"`{name}` must be a date such as 2026-03-01.") from error
    if not date(1900, 1, 1) <= found <= date(9000, 1, 1):
        raise UserError(f"`{name}` must be a date such as 2026-03-01.")
    return found


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
