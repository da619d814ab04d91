"""How long, in the words people use: `2w`, `5 days`, `3 months`, `2026-12-24`, `until 24 Dec`. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from blueprint.errors import UserError

# A month is 30 days, so that "3 months" never passes a limit of 90 days.
_DAYS = {"d": 1, "day": 1, "w": 7, "week": 7, "month": 30, "year": 365}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
# What `timedelta` can hold; how long a claim may last is for the project's rules to say.
_LONGEST = timedelta.max.days
_SECOND = timedelta(seconds=1)

_COUNT = "|".join(("[0-9]{1,9}", *_NUMBERS))
_MONTH = "|".join((*_MONTHS, "january|february|march|april|june|july|august|sept|september|october"))
_MONTH = f"(?:{_MONTH}|november|december)"
_DAY = "[0-9]{1,2}(?:st|nd|rd|th)?"
_YEAR = "[0-9]{4}"

_UNIT = "days?|weeks?|months?|years?"
LENGTH = rf"(?:{_COUNT})\s+(?:{_UNIT})|[0-9]{{1,9}}(?:d|w|{_UNIT})"
DATE = (
    rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|{_DAY}\s+{_MONTH}\.?(?:,?\s+{_YEAR})?"
    rf"|{_MONTH}\.?\s+{_DAY}(?:,?\s+{_YEAR})?"
)
EXAMPLES = "`2w`, `5 days`, `3 months`, `2026-12-24` or `until 24 Dec`"

_LENGTH = re.compile(LENGTH, re.IGNORECASE)
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_WORDED = re.compile(DATE, re.IGNORECASE)


def parse_until(text: str, today: date) -> timedelta | date:
    """A length (whole days) or a date on or after `today`. Raises `UserError` for anything else.

    A date without a year is the next one of that name.
    """
    words = text.strip()
    if _LENGTH.fullmatch(words):
        return _length(words)
    if _ISO.fullmatch(words) or _WORDED.fullmatch(words):
        return _ahead(_date(words, today), today)
    raise UserError(f"I cannot read that time; write it as {EXAMPLES}.")


def render_until(until: timedelta | date) -> str:
    """The text that `parse_until` reads as this value."""
    return f"{until.days}d" if isinstance(until, timedelta) else until.isoformat()


def moment(until: timedelta | date | None, zone: ZoneInfo) -> timedelta | datetime | None:
    """A date as its last second in that zone, in UTC; a length stays one.

    That is a second before the next day begins, for a clock that is put back at midnight shows 23:59 twice.
    """
    if not isinstance(until, date) or isinstance(until, datetime):
        return until
    try:
        return datetime.combine(until + timedelta(1), time(), zone).astimezone(UTC) - _SECOND
    except OverflowError as error:
        raise UserError(f"{until.isoformat()} is too far off; try `2w`.") from error


def is_zone(name: str) -> bool:
    """Whether this machine knows a time zone of that name, in any case."""
    return name.strip().lower() in _zones()


def zone_named(name: str) -> ZoneInfo:
    """The time zone of that name, in any case. Raises `UserError` where there is none."""
    known = _zones().get(name.strip().lower())
    if known is None:
        raise UserError(
            f"There is no time zone `{name.strip()[:40]}`; write a name such as `Europe/Paris` or `UTC`."
        )
    return ZoneInfo(known)


@lru_cache(maxsize=1)
def places() -> tuple[str, ...]:
    """The zones that are named after a place, and UTC."""
    regions = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(regions)))


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    """Every zone by its name in lower case."""
    return {name.lower(): name for name in available_timezones()}


def _length(words: str) -> timedelta:
    match = re.fullmatch(r"([0-9]+|[a-z]+?)\s*([a-z]+)", words.lower())
    if match is None:
        raise UserError(f"I cannot read that time; write it as {EXAMPLES}.")
    count, unit = match.groups()
    number = _NUMBERS.get(count) or int(count)
    days = number * _DAYS[unit if len(unit) == 1 else unit.removesuffix("s")]
    if not days:
        raise UserError("A claim lasts a day at least; try `2w`.")
    return timedelta(days=min(days, _LONGEST))


def _date(words: str, today: date) -> date:
    iso = _ISO.fullmatch(words)
    if iso:
        return _calendar(*(int(group) for group in iso.groups()))
    day, month, year = _pieces(words)
    if year is not None:
        return _calendar(year, month, day)
    return _next(day, month, today)


def _pieces(words: str) -> tuple[int, int, int | None]:
    month = next(word for word in re.findall(r"[a-z]{3,}", words.lower()) if word[:3] in _MONTHS)
    numbers = [int(number) for number in re.findall(r"[0-9]+", words)]
    return numbers[0], _MONTHS.index(month[:3]) + 1, numbers[1] if len(numbers) > 1 else None


def _next(day: int, month: int, today: date) -> date:
    this_year = _calendar(today.year, month, day)
    return this_year if this_year >= today else _calendar(today.year + 1, month, day)


def _calendar(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise UserError(f"There is no {year:04}-{month:02}-{day:02}; try 2026-12-24.") from error


def _ahead(day: date, today: date) -> date:
    if day < today:
        raise UserError(f"{day.isoformat()} is past; give a later date, or a length such as `2w`.")
    return day
