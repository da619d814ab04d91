"""Times, counts and escaped text, as people read them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

from dashboards.plain_formulas import plain_formula

_DAY = timedelta(days=1)
_UNITS = ("bytes", "kB", "MB", "GB", "TB")
# What is markup anywhere, and the dots and colons that make a bare address into a link.
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~&$]|:(?=//)|(?<=[wW]{3})\.)")
# What is markup at the beginning of an item only: bullets, rules, `1.` and `1)`.
_OPENING = re.compile(r"^(\d*)([-+=.)])")
_FORMULA = re.compile(r"\\\((.*?)\\\)")
_CONTROLS = re.compile(r"[\s\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+")


def ago(moment: datetime, now: datetime) -> str:
    """`just now`, `5 minutes ago`, `yesterday`, `12 days ago`, or the date."""
    gone = now - moment
    if gone < timedelta(minutes=1):
        return "just now"
    if gone < timedelta(hours=1):
        return f"{count(gone // timedelta(minutes=1), 'minute')} ago"
    if gone < _DAY:
        return f"{count(gone // timedelta(hours=1), 'hour')} ago"
    if gone < 2 * _DAY:
        return "yesterday"
    return f"{gone // _DAY} days ago" if gone < 45 * _DAY else date(moment)


def due(moment: datetime, now: datetime) -> str:
    """`in 5 days`, to the nearest, `within a day`, `2 days ago`."""
    left = moment - now
    if left < timedelta(0):
        return ago(moment, now)
    if left < _DAY:
        return "within a day"
    return f"in {count(round(left / _DAY), 'day')}"


def left(moment: datetime, now: datetime) -> str:
    """`5 days left`, to the nearest, `3 hours left`, `ended 2 days ago`."""
    span = moment - now
    if span < timedelta(0):
        return f"ended {ago(moment, now)}"
    if span >= _DAY:
        return f"{count(round(span / _DAY), 'day')} left"
    hours = span // timedelta(hours=1)
    return f"{count(hours, 'hour')} left" if hours else "less than an hour left"


def share_left(since: datetime, until: datetime, now: datetime) -> int:
    """How much of a span is still to come, in percent."""
    whole = max(until - since, timedelta(seconds=1))
    return round(100 * min(max((until - now) / whole, 0), 1))


@lru_cache(maxsize=256)
def date(moment: datetime) -> str:
    """`24 December 2026`"""
    return f"{moment.day} {moment:%B %Y}"


def clock(moment: datetime, zone: tzinfo) -> str:
    """`2026-12-24 23:59 (Europe/Paris)`"""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M} ({zone})"


def count(number: int, noun: str, plural: str | None = None) -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def size_of(number: int) -> str:
    """`17 kB`, `3.2 GB`: bytes as people read them."""
    size, unit = float(number), 0
    while size >= 1000 and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{size:.1f} {_UNITS[unit]}" if unit > 1 and size < 10 else f"{size:.0f} {_UNITS[unit]}"


def percent(part: int, whole: int) -> int:
    """Rounded down, so that 100 means all of it."""
    return 100 * part // whole if whole else 0


def join(words: tuple[str, ...] | list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def one_line(text: str) -> str:
    """Without line breaks, control characters or marks that turn the direction of the text."""
    return _CONTROLS.sub(" ", text).strip()


def plain_line(text: str) -> str:
    """On one line, and with nothing in it that cannot be printed, which many formats have no way to write."""
    return "".join(char for char in one_line(text) if char.isprintable()).strip()


def markdown_text(text: str) -> str:
    """Foreign text for Markdown: one line, nothing in it is markup, and nobody is called by `@`."""
    marked = _OPENING.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", one_line(text)))
    return marked.replace("@", "@\u2060")


def plain_math(text: str) -> str:
    """A title with a little mathematics, where only plain text can stand: `\\(\\tau\\)-map` is `τ-map`."""
    return _FORMULA.sub(lambda formula: plain_formula(formula[1]), text)
