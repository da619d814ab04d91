"""The figures of a report: each a plot, what it shows in words, and the numbers beside it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from dashboards.charts import specs
from dashboards.charts.drawing import Picture, picture, png
from dashboards.charts.specs import SLIM, WIDE, Frame, Spec
from dashboards.history import DAY, FEW, Lead, Span, Turnout
from dashboards.report import Figures, Report
from dashboards.texts import _, later, ngettext
from dashboards.wording import date, month
from lean_project.points import Point

_UNTOLD = "–"
_VERIFIED = {
    "day": later("Verified per day"),
    "week": later("Verified per week"),
    "month": later("Verified per month"),
}
# How much of a day, week or month is left free on either side of its bar; more where there are few.
_GAP, _WIDE_GAP, _FEW_BARS = 0.14, 0.32, 7


@dataclass(frozen=True, slots=True)
class Figure:
    """`words` say what the plot shows; `rows` are its numbers under `columns`, the first of them a date."""

    key: str
    title: str
    words: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    spec: Callable[[int], Spec]

    @property
    def wide(self) -> Picture:
        return picture(self.spec(WIDE))

    @property
    def slim(self) -> Picture:
        """For a phone."""
        return picture(self.spec(SLIM))

    @property
    def png(self) -> bytes:
        """For a letter."""
        return png(self.spec(WIDE))


def charted(report: Report) -> tuple[Figure, ...]:
    """Those that there is something to see in."""
    own, span = report.figures, report.span
    found = (burn_up(own.burn_up, span), _throughput(own, span), _lead_time(own, span), _turnout(own, span))
    return tuple(figure for figure in found if figure is not None)


def burn_up(points: Sequence[Point], span: Span) -> Figure | None:
    """None before there is a course to see: within the day of the first check, or without nodes."""
    if not points or not any(point.nodes for point in points):
        return None
    first, last = points[0], points[-1]
    if span.until - first.at <= DAY:
        return None
    words = _(
        "From %(since)s to %(last)s the nodes in scope %(nodes)s, and those verified %(verified)s.",
        since=date(_local(first.at, span)),
        last=date(span.last),
        nodes=_went(first.nodes, last.nodes),
        verified=_went(first.verified, last.verified),
    )
    rows = [{"at": _at(one.at, span), "nodes": one.nodes, "verified": one.verified} for one in points]
    told = ((_end_of(p.at, span), str(p.nodes), str(p.verified)) for p in _ends(points, span))
    spec = partial(specs.burn_up, rows, Frame(_local(first.at, span), span.until, span.step))
    return Figure(
        "burn-up",
        _("Scope and verified"),
        words,
        (_("As of"), _("In scope"), _("Verified")),
        tuple(told),
        spec,
    )


def _throughput(own: Figures, span: Span) -> Figure | None:
    stretches = own.throughput
    if not any(one.verified or one.regressed for one in stretches):
        return None
    words = ngettext("%(num)s node became verified.", "%(num)s nodes became verified.", own.verified)
    if own.regressed:
        words = ngettext(
            "%(num)s node became verified, and %(undone)s came undone (the dashed bars).",
            "%(num)s nodes became verified, and %(undone)s came undone (the dashed bars).",
            own.verified,
            undone=own.regressed,
        )
    rows = [
        {**place, "verified": one.verified, "undone": one.regressed}
        for place, one in zip(_places(span), stretches, strict=True)
    ]
    told = tuple((_name(s.start, span), str(s.verified), str(s.regressed)) for s in stretches)
    spec = partial(specs.throughput, rows, _frame(span))
    columns = (_step(span), _("Verified"), _("Came undone"))
    return Figure("throughput", _(_VERIFIED[span.step]), words, columns, told, spec)


def _lead_time(own: Figures, span: Span) -> Figure | None:
    if own.lead is None:
        return None
    lead = own.lead
    words = ngettext(
        "Of %(num)s node seen to become ready, half were verified within %(median)s, a quarter within "
        "%(lower)s, three quarters within %(upper)s.",
        "Of %(num)s nodes seen to become ready, half were verified within %(median)s, a quarter within "
        "%(lower)s, three quarters within %(upper)s.",
        lead.count,
        median=_days(lead.median),
        lower=_days(lead.lower),
        upper=_days(lead.upper),
    )
    rows = [
        {"at": place["at"], "lower": one.lead.lower, "median": one.lead.median, "upper": one.lead.upper}
        for place, one in zip(_places(span), own.leads, strict=True)
        if one.lead
    ]
    told = [(_name(one.start, span), *_quartiles(one.lead)) for one in own.leads if one.lead]
    told.append((_("The whole time"), *_quartiles(lead)))
    spec = partial(specs.lead_time, rows, _frame(span))
    columns = (_step(span), _("Nodes"), _("A quarter within"), _("Half within"), _("Three quarters within"))
    return Figure("lead-time", _("Days from ready to verified"), words, columns, tuple(told), spec)


def _turnout(own: Figures, span: Span) -> Figure | None:
    if not any(one.total for one in own.turnout):
        return None
    words = _(
        "%(people)s The bars are all of them, ▲ those who were new, ● those who had been here before; groups "
        "of fewer than %(few)s are not told of.",
        people=_came(own.everybody),
        few=FEW,
    )
    rows = [
        {**place, "total": one.total, "newcomers": one.newcomers, "returning": one.returning}
        for place, one in zip(_places(span), own.turnout, strict=True)
    ]
    told = tuple((_name(s.start, span), *_groups(s)) for s in own.turnout)
    spec = partial(specs.turnout, rows, _frame(span))
    return Figure(
        "people",
        _("People at work"),
        words,
        (_step(span), _("People"), _("▲ New"), _("● Returning")),
        told,
        spec,
    )


def _frame(span: Span) -> Frame:
    return Frame(span.beginnings()[0], span.until, span.step)


def _places(span: Span) -> list[dict[str, str]]:
    """Where each day, week or month stands: its middle, and the ends of its bar."""
    starts = [start.replace(tzinfo=None) for start in span.beginnings()]
    ends = [*starts[1:], span.until.astimezone(span.zone).replace(tzinfo=None)]
    gap = _WIDE_GAP if len(starts) <= _FEW_BARS else _GAP
    parts = {"at": 0.5, "left": gap, "right": 1 - gap}
    return [
        {name: _minute(start + part * (end - start)) for name, part in parts.items()}
        for start, end in zip(starts, ends, strict=True)
    ]


def _went(before: int, after: int) -> str:
    if before == after:
        return _("stayed %(after)s", after=after)
    return _("went from %(before)s to %(after)s", before=before, after=after)


def _came(every: Turnout) -> str:
    if every.total is None:
        return _("Fewer than %(few)s people did something here.", few=FEW)
    if every.newcomers is None:
        return ngettext(
            "%(num)s person did something here.", "%(num)s people did something here.", every.total
        )
    return ngettext(
        "%(num)s person did something here, %(new)s of them for the first time.",
        "%(num)s people did something here, %(new)s of them for the first time.",
        every.total,
        new=every.newcomers,
    )


def _groups(one: Turnout) -> Iterator[str]:
    yield _("fewer than %(few)s", few=FEW) if one.total is None else str(one.total)
    yield from (_UNTOLD if group is None else str(group) for group in (one.newcomers, one.returning))


def _quartiles(lead: Lead) -> tuple[str, str, str, str]:
    return (str(lead.count), _days(lead.lower), _days(lead.median), _days(lead.upper))


def _days(number: float) -> str:
    """In whole days from ten on."""
    if number >= 10:
        return _("%(number)s days", number=f"{number:.0f}")
    return _("%(number)s days", number=f"{number:.1f}") if round(number, 1) != 1 else _("1 day")


def _ends(points: Sequence[Point], span: Span) -> Iterator[Point]:
    """How it stood at the beginning, and after each day, week or month in which something changed."""
    yield points[0]
    before = points[0]
    for end in (*span.beginnings()[1:], span.until):
        place = bisect_left(points, end, key=lambda point: point.at)
        last = points[place - 1] if place else before
        if (last.nodes, last.verified) != (before.nodes, before.verified) or end == span.until:
            yield Point(end, last.nodes, last.verified)
        before = last


def _at(moment: datetime, span: Span) -> str:
    return _minute(_local(moment, span))


def _minute(moment: datetime) -> str:
    """As the reader's clock shows it."""
    return f"{moment:%Y-%m-%dT%H:%M}"


def _local(moment: datetime, span: Span) -> datetime:
    return moment.astimezone(span.zone)


def _end_of(moment: datetime, span: Span) -> str:
    """The day that has passed at a midnight, else the day of the moment."""
    return date(_local(moment - timedelta(seconds=1), span))


def _step(span: Span) -> str:
    return {"day": _("Day"), "week": _("Week from"), "month": _("Month")}[span.step]


def _name(start: datetime, span: Span) -> str:
    local = _local(start, span)
    return month(local) if span.step == "month" else date(local)
