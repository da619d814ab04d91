"""The figures of a report: each a plot, what it shows in words, and the numbers beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from dashboards.charts import specs
from dashboards.charts.drawing import Picture, picture, png
from dashboards.charts.specs import SLIM, WIDE, Spec
from dashboards.history import FEW, Lead, Point, Span, Turnout
from dashboards.report import Report
from dashboards.wording import count, date

_FEWER = f"fewer than {FEW}"
_UNTOLD = "–"


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
    found = (_burn_up(report), _throughput(report), _lead_time(report), _turnout(report))
    return tuple(figure for figure in found if figure is not None)


def burn_up(points: Sequence[Point], span: Span) -> Figure | None:
    """None where nothing was ever checked."""
    if not points:
        return None
    first, last = points[0], points[-1]
    words = (
        f"From {date(_local(first.at, span))} to {date(_local(last.at, span))} the nodes in scope went from "
        f"{first.nodes} to {last.nodes}, and those verified from {first.verified} to {last.verified}."
    )
    rows = [{"at": _at(one.at, span), "nodes": one.nodes, "verified": one.verified} for one in points]
    told = [(date(_local(p.at, span)), str(p.nodes), str(p.verified)) for p in _ends(points, span)]
    return Figure(
        "burn-up",
        "Scope and verified",
        words,
        ("As of", "In scope", "Verified"),
        tuple(told),
        partial(specs.burn_up, rows, span.step),
    )


def _burn_up(report: Report) -> Figure | None:
    return burn_up(report.figures.burn_up, report.span)


def _throughput(report: Report) -> Figure | None:
    stretches, span = report.figures.throughput, report.span
    if not any(one.verified or one.regressed for one in stretches):
        return None
    undone = f", and {report.figures.regressed} came undone" if report.figures.regressed else ""
    words = f"{count(report.figures.verified, 'node')} became verified{undone}: by {span.step}."
    rows = [{"at": _at(s.start, span), "verified": s.verified, "undone": s.regressed} for s in stretches]
    told = [(_name(s.start, span), str(s.verified), str(s.regressed)) for s in stretches]
    columns = (_step(span), "Verified", "Came undone")
    spec = partial(specs.throughput, rows, span.step)
    return Figure("throughput", f"Verified per {span.step}", words, columns, tuple(told), spec)


def _lead_time(report: Report) -> Figure | None:
    lead, span = report.figures.lead, report.span
    if lead is None:
        return None
    words = (
        f"Of {count(lead.count, 'node')} seen to become ready, half were verified within "
        f"{_days(lead.median)} of that, a quarter within {_days(lead.lower)}, three quarters within "
        f"{_days(lead.upper)}."
    )
    known = [(one.start, one.lead) for one in report.figures.leads if one.lead]
    rows = [
        {"at": _at(at, span), "lower": own.lower, "median": own.median, "upper": own.upper}
        for at, own in known or [(span.since, lead)]
    ]
    told = [(_name(at, span), *_quartiles(own)) for at, own in known] + [
        ("The whole time", *_quartiles(lead))
    ]
    columns = (_step(span), "Nodes", "A quarter within", "Half within", "Three quarters within")
    spec = partial(specs.lead_time, rows, span.step)
    return Figure("lead-time", "Days from ready to verified", words, columns, tuple(told), spec)


def _turnout(report: Report) -> Figure | None:
    stretches, span, every = report.figures.turnout, report.span, report.figures.everybody
    if not any(one.total for one in stretches):
        return None
    new = f", {every.newcomers} of them for the first time" if every.newcomers is not None else ""
    words = f"{_people(every.total)} did something here{new}. Groups of fewer than {FEW} are not told apart."
    rows = [
        {"at": _at(s.start, span), "total": s.total, "newcomers": s.newcomers, "returning": s.returning}
        for s in stretches
    ]
    told = [(_name(s.start, span), *_groups(s)) for s in stretches]
    columns = (_step(span), "People", "New ▲", "Returning ●")
    spec = partial(specs.turnout, rows, span.step)
    return Figure("people", "People at work", words, columns, tuple(told), spec)


def _people(number: int | None) -> str:
    return f"Fewer than {FEW} people" if number is None else count(number, "person", "people")


def _groups(one: Turnout) -> Iterator[str]:
    yield _FEWER if one.total is None else str(one.total)
    yield from (_UNTOLD if group is None else str(group) for group in (one.newcomers, one.returning))


def _quartiles(lead: Lead) -> tuple[str, str, str, str]:
    return (str(lead.count), _days(lead.lower), _days(lead.median), _days(lead.upper))


def _days(number: float) -> str:
    """In whole days from ten on."""
    if number >= 10:
        return f"{number:.0f} days"
    return f"{number:.1f} days" if round(number, 1) != 1 else "1 day"


def _ends(points: Sequence[Point], span: Span) -> Iterator[Point]:
    """How it stood at the beginning, and at the end of each day, week or month in which something changed."""
    yield points[0]
    ends = [*span.beginnings()[1:], span.until]
    before = points[0]
    for end in ends:
        last = max((p for p in points if p.at <= end), key=lambda p: p.at, default=before)
        if (last.nodes, last.verified) != (before.nodes, before.verified) or end == span.until:
            yield Point(end, last.nodes, last.verified)
        before = last


def _at(moment: datetime, span: Span) -> str:
    """As the reader's clock shows it."""
    return f"{moment.astimezone(span.zone):%Y-%m-%dT%H:%M}"


def _local(moment: datetime, span: Span) -> datetime:
    return moment.astimezone(span.zone)


def _step(span: Span) -> str:
    return {"day": "Day", "week": "Week from", "month": "Month"}[span.step]


def _name(start: datetime, span: Span) -> str:
    local = start.astimezone(span.zone)
    return f"{local:%B %Y}" if span.step == "month" else date(local)
