"""The report as Markdown. Foreign text in it is escaped: it is never markup and calls nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from dashboards import progress
from dashboards.charts.figures import Figure, charted
from dashboards.legend import STOPPED
from dashboards.report import Landing, Load, Report, Waiting, drift_words
from dashboards.snapshot import HoldView, Snapshot, TaskView
from dashboards.wording import ago, count, date, due, join, markdown_text
from lean_project.status import Drift

T = TypeVar("T")
# So many rows of what can be thousands; the rest is counted.
MOST = 30


def markdown(report: Report, snapshot: Snapshot) -> str:
    """`snapshot` is the one that the report was made from."""
    sections = (
        ("Goals", [_goal_line(goal) for goal in report.goals]),
        ("Verified", _first(report.verified, _verified_line) or ["Nothing new."]),
        ("No longer verified", [f"- {markdown_text(event.text)}" for event in report.regressed]),
        *((figure.title, _figure_lines(figure)) for figure in charted(report)),
        ("What holds up most", [f"- {_waiting(one, report.now)}" for one in report.blocking]),
        ("Waiting longest", [f"- {_waiting(one, report.now)}" for one in report.oldest]),
        ("With the maintainers", _load_lines(report.load, report.now)),
        *(() if report.over else _standing(report, snapshot)),
        ("Drift", _first(report.drift, _drift_line)),
        ("Credit", [f"- {one.kind} ({one.role}): {one.count}" for one in report.credit]),
        ("How it was made", [f"- {markdown_text(method.words)}" for method in report.methods]),
    )
    head = [f"# {markdown_text(report.title)}", "", f"{date(report.since)} to {date(report.last)}.", ""]
    body = (line for name, lines in sections for line in _section(name, lines))
    return "\n".join([*head, *_totals(report), *body]) + "\n"


def _standing(report: Report, snapshot: Snapshot) -> Iterable[tuple[str, list[str]]]:
    """How things are now."""
    holds = snapshot.holds
    yield "Ready to take", _first(report.ready, lambda task: f"- {_task(task)}{_worth(task)}")
    yield "In hand", _first(report.held, lambda task: _held_line(task, report.now))
    yield "On hold", _first(report.on_hold, lambda task: _hold_line(task, holds.get(task.number)))
    yield "Stuck", _first(report.stuck, lambda one: f"- {_task(one.task)}: {markdown_text(one.why)}")


def _section(name: str, lines: Sequence[str]) -> list[str]:
    return ["", f"## {name}", "", *lines] if lines else []


def _first(rows: Sequence[T], line: Callable[[T], str]) -> list[str]:
    more = [f"- and {len(rows) - MOST} more"] if len(rows) > MOST else []
    return [*map(line, rows[:MOST]), *more]


def _totals(report: Report) -> list[str]:
    total = report.total
    rows = [f"| {segment.entry.word} | {segment.count} |" for segment in total.segments]
    work = "" if report.over else f" {report.work};"
    summary = (
        f"**{report.summary}**{work} {count(len(report.drift), 'difference')} between blueprint and Lean; "
        f"{count(report.problems, 'problem')} in the blueprint."
    )
    return [summary, "", "| Status | Nodes |", "|---|---:|", *rows]


def _figure_lines(figure: Figure) -> list[str]:
    """In words and as a table; Markdown has no pictures of its own."""
    head = f"| {' | '.join(figure.columns)} |"
    marks = f"|---|{'---:|' * (len(figure.columns) - 1)}"
    return [figure.words, "", head, marks, *(f"| {' | '.join(row)} |" for row in figure.rows)]


def _verified_line(one: Landing) -> str:
    by = f", by {join([markdown_text(name) for name in one.people])}" if one.people else ""
    return f"- {markdown_text(one.caption)}{by} ({date(one.at)})"


def _goal_line(goal: progress.Goal) -> str:
    of = f"{goal.tally.verified} of {count(goal.tally.total, 'node')} up to it verified"
    return f"- {markdown_text(goal.node.caption)}: {of}, {goal.share} % of the work"


def _task(task: TaskView) -> str:
    title = f": {markdown_text(task.title)}" if task.title else ""
    return f"**\\#{task.number}** {task.kind} {markdown_text(task.caption)}{title} ({task.size})"


def _worth(task: TaskView) -> str:
    return f", unblocks {count(task.unblocks, 'node')}" if task.unblocks else ""


def _waiting(one: Waiting, now: datetime) -> str:
    held = f", in the hands of {join([markdown_text(claim.person_name) for claim in one.task.claims])}"
    since = f", open since {date(one.since)}" if one.since else ""
    return f"{_task(one.task)}{_worth(one.task)}{since}{held if one.task.claims else ''}"


def _load_lines(load: Load, now: datetime) -> list[str]:
    asked = [
        f"- {one.what}: {one.count}" + (f", the oldest {ago(one.oldest, now)}" if one.oldest else "")
        for one in load.questions
    ]
    each = f", {load.each:.1f} for each maintainer" if load.each is not None else ""
    return [*asked, f"- Answers given in this time: {load.answers}{each}"] if asked or load.answers else []


def _held_line(task: TaskView, now: datetime) -> str:
    claim = task.claims[0]
    endless = "paused" if claim.paused else task.state if task.state in STOPPED else "with no end"
    until = f"until {date(claim.expires)} ({due(claim.expires, now)})" if claim.expires else endless
    return f"- {_task(task)}: {join([markdown_text(one.person_name) for one in task.claims])}, {until}"


def _hold_line(task: TaskView, hold: HoldView | None) -> str:
    if hold is None:
        return f"- {_task(task)}"
    why = f": {markdown_text(hold.note)}" if hold.note else ""
    return f"- {_task(task)}: {markdown_text(hold.person_name)}, since {date(hold.since)}{why}"


def _drift_line(drift: Drift) -> str:
    return f"- {markdown_text(drift.node)}, {drift.part}: {drift_words(drift)}"
