"""Times, counts and escaped text, as people read them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

from jinja2.runtime import LoopContext

from dashboards.plain_formulas import plain_formula
from dashboards.texts import _, later, ngettext

_DAY = timedelta(days=1)
_MONTHS = (
    later("January"),
    later("February"),
    later("March"),
    later("April"),
    later("May"),
    later("June"),
    later("July"),
    later("August"),
    later("September"),
    later("October"),
    later("November"),
    later("December"),
)
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
        return _("just now")
    if gone < timedelta(hours=1):
        return ngettext("%(num)s minute ago", "%(num)s minutes ago", gone // timedelta(minutes=1))
    if gone < _DAY:
        return ngettext("%(num)s hour ago", "%(num)s hours ago", gone // timedelta(hours=1))
    if gone < 2 * _DAY:
        return _("yesterday")
    return ngettext("%(num)s day ago", "%(num)s days ago", gone // _DAY) if gone < 45 * _DAY else date(moment)


def due(moment: datetime, now: datetime) -> str:
    """`in 5 days`, to the nearest, `within a day`, `2 days ago`."""
    left = moment - now
    if left < timedelta(0):
        return ago(moment, now)
    if left < _DAY:
        return _("within a day")
    return ngettext("in %(num)s day", "in %(num)s days", round(left / _DAY))


def left(moment: datetime, now: datetime) -> str:
    """`5 days left`, to the nearest, `3 hours left`, `ended 2 days ago`."""
    span = moment - now
    if span < timedelta(0):
        return _("ended %(when)s", when=ago(moment, now))
    if span >= _DAY:
        return ngettext("%(num)s day left", "%(num)s days left", round(span / _DAY))
    hours = span // timedelta(hours=1)
    if not hours:
        return _("less than an hour left")
    return ngettext("%(num)s hour left", "%(num)s hours left", hours)


def share_left(since: datetime, until: datetime, now: datetime) -> int:
    """How much of a span is still to come, in percent."""
    whole = max(until - since, timedelta(seconds=1))
    return round(100 * min(max((until - now) / whole, 0), 1))


def date(moment: datetime) -> str:
    """`24 December 2026`"""
    month = _(_MONTHS[moment.month - 1])
    return _("%(day)s %(month)s %(year)s", day=moment.day, month=month, year=moment.year)


def month(moment: datetime) -> str:
    """`December 2026`"""
    return _("%(month)s %(year)s", month=_(_MONTHS[moment.month - 1]), year=moment.year)


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
    first, last = ", ".join(words[:-1]), "".join(words[-1:])
    return _("%(first)s and %(last)s", first=first, last=last) if first else last


def between(loop: LoopContext) -> str:
    """What stands after an item of a loop that lists things as `join` does."""
    if loop.last:
        return ""
    return f" {_('and')} " if loop.revindex == 2 else ", "


def opened(text: str) -> str:
    """As a sentence begins, and the rest as it is."""
    return text[:1].upper() + text[1:]


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
