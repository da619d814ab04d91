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
from dashboards.texts import _, ngettext
from dashboards.wording import ago, date, due, join, markdown_text
from lean_project.status import Drift

T = TypeVar("T")
# So many rows of what can be thousands; the rest is counted.
MOST = 30


def markdown(report: Report, snapshot: Snapshot) -> str:
    """`snapshot` is the one that the report was made from."""
    sections = (
        (_("Goals"), [_goal_line(goal) for goal in report.goals]),
        (_("Verified"), _first(report.verified, _verified_line) or [_("Nothing new.")]),
        (_("No longer verified"), [f"- {markdown_text(event.text)}" for event in report.regressed]),
        *((figure.title, _figure_lines(figure)) for figure in charted(report)),
        (_("What holds up most"), [f"- {_waiting(one, report.now)}" for one in report.blocking]),
        (_("Waiting longest"), [f"- {_waiting(one, report.now)}" for one in report.oldest]),
        (_("With the maintainers"), _load_lines(report.load, report.now)),
        *(() if report.over else _standing(report, snapshot)),
        (_("Drift"), _first(report.drift, _drift_line)),
        (_("Credit"), [f"- {_(one.kind)} ({one.role}): {one.count}" for one in report.credit]),
        (_("How it was made"), [f"- {markdown_text(method.words)}" for method in report.methods]),
    )
    span = _("%(since)s to %(last)s.", since=date(report.since), last=date(report.last))
    head = [f"# {markdown_text(report.title)}", "", span, ""]
    body = (line for name, lines in sections for line in _section(name, lines))
    return "\n".join([*head, *_totals(report), *body]) + "\n"


def _standing(report: Report, snapshot: Snapshot) -> Iterable[tuple[str, list[str]]]:
    """How things are now."""
    holds = snapshot.holds
    yield _("Ready to take"), _first(report.ready, lambda task: f"- {_task(task)}{_worth(task)}")
    yield _("In hand"), _first(report.held, lambda task: _held_line(task, report.now))
    yield _("On hold"), _first(report.on_hold, lambda task: _hold_line(task, holds.get(task.number)))
    yield _("Stuck"), _first(report.stuck, lambda one: f"- {_task(one.task)}: {markdown_text(one.why)}")


def _section(name: str, lines: Sequence[str]) -> list[str]:
    return ["", f"## {name}", "", *lines] if lines else []


def _first(rows: Sequence[T], line: Callable[[T], str]) -> list[str]:
    more = ["- " + _("and %(count)s more", count=len(rows) - MOST)] if len(rows) > MOST else []
    return [*map(line, rows[:MOST]), *more]


def _totals(report: Report) -> list[str]:
    total = report.total
    rows = [f"| {_(segment.entry.word)} | {segment.count} |" for segment in total.segments]
    work = "" if report.over else f" {report.work};"
    drift = ngettext(
        "%(num)s difference between blueprint and Lean",
        "%(num)s differences between blueprint and Lean",
        len(report.drift),
    )
    problems = ngettext(
        "%(num)s problem in the blueprint", "%(num)s problems in the blueprint", report.problems
    )
    summary = f"**{report.summary}**{work} {drift}; {problems}."
    return [summary, "", f"| {_('Status')} | {_('Nodes')} |", "|---|---:|", *rows]


def _figure_lines(figure: Figure) -> list[str]:
    """In words and as a table; Markdown has no pictures of its own."""
    head = f"| {' | '.join(figure.columns)} |"
    marks = f"|---|{'---:|' * (len(figure.columns) - 1)}"
    return [figure.words, "", head, marks, *(f"| {' | '.join(row)} |" for row in figure.rows)]


def _verified_line(one: Landing) -> str:
    people = join([markdown_text(name) for name in one.people])
    by = ", " + _("by %(people)s", people=people) if people else ""
    return f"- {markdown_text(one.caption)}{by} ({date(one.at)})"


def _goal_line(goal: progress.Goal) -> str:
    of = ngettext(
        "%(verified)s of %(num)s node up to it verified, %(share)s %% of the work",
        "%(verified)s of %(num)s nodes up to it verified, %(share)s %% of the work",
        goal.tally.total,
        verified=goal.tally.verified,
        share=goal.share,
    )
    return f"- {markdown_text(goal.node.caption)}: {of}"


def _task(task: TaskView) -> str:
    title = f": {markdown_text(task.title)}" if task.title else ""
    return f"**\\#{task.number}** {_(task.kind)} {markdown_text(task.caption)}{title} ({task.size})"


def _worth(task: TaskView) -> str:
    if not task.unblocks:
        return ""
    return ", " + ngettext("unblocks %(num)s node", "unblocks %(num)s nodes", task.unblocks)


def _waiting(one: Waiting, now: datetime) -> str:
    holders = join([markdown_text(claim.person_name) for claim in one.task.claims])
    held = ", " + _("in the hands of %(holders)s", holders=holders) if holders else ""
    since = ", " + _("open since %(since)s", since=date(one.since)) if one.since else ""
    return f"{_task(one.task)}{_worth(one.task)}{since}{held}"


def _load_lines(load: Load, now: datetime) -> list[str]:
    asked = [
        f"- {_(one.what)}: {one.count}"
        + (", " + _("the oldest %(oldest)s", oldest=ago(one.oldest, now)) if one.oldest else "")
        for one in load.questions
    ]
    each = ""
    if load.each is not None:
        each = ", " + _("%(each)s for each maintainer", each=f"{load.each:.1f}")
    answers = _("Answers given in this time: %(count)s", count=load.answers)
    return [*asked, f"- {answers}{each}"] if asked or load.answers else []


def _held_line(task: TaskView, now: datetime) -> str:
    claim = task.claims[0]
    until = _("paused") if claim.paused else _(task.state) if task.state in STOPPED else _("with no end")
    if claim.expires:
        until = _("until %(day)s (%(due)s)", day=date(claim.expires), due=due(claim.expires, now))
    return f"- {_task(task)}: {join([markdown_text(one.person_name) for one in task.claims])}, {until}"


def _hold_line(task: TaskView, hold: HoldView | None) -> str:
    if hold is None:
        return f"- {_task(task)}"
    why = f": {markdown_text(hold.note)}" if hold.note else ""
    who = _("%(name)s, since %(since)s", name=markdown_text(hold.person_name), since=date(hold.since))
    return f"- {_task(task)}: {who}{why}"


def _drift_line(drift: Drift) -> str:
    return f"- {markdown_text(drift.node)}, {_(drift.part)}: {drift_words(drift)}"
