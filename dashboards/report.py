"""The progress report: what was verified and by whom, what is open, held, stuck or drifting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboards import progress
from dashboards.legend import ENTRIES, STOPPED
from dashboards.methods import Method, methods
from dashboards.snapshot import ClaimView, EventView, HoldView, Snapshot, TaskView
from dashboards.wording import ago, count, date, due, join, markdown_text
from lean_project.status import Drift, Readiness

LONG = timedelta(days=30)
PERIOD = timedelta(days=14)
_FREEING = frozenset({"became ready", "regressed", "disclaimed", "expired"})


@dataclass(frozen=True, slots=True)
class Landing:
    """A node that became verified, and the people credited with it."""

    node: str
    caption: str
    people: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Stuck:
    """A task that does not move, and why we think so."""

    task: TaskView
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """What happened after `since`, and how things stand at `until`; `methods` of what was credited since."""

    title: str
    since: datetime
    until: datetime
    total: progress.Tally
    verified: tuple[Landing, ...]
    regressed: tuple[EventView, ...]
    ready: tuple[TaskView, ...]
    held: tuple[TaskView, ...]
    on_hold: tuple[TaskView, ...]
    stuck: tuple[Stuck, ...]
    drift: tuple[Drift, ...]
    blocked: int
    problems: int
    methods: tuple[Method, ...] = ()
    goals: tuple[progress.Goal, ...] = ()

    @property
    def work(self) -> str:
        """`5 tasks ready, 2 in hand, 1 on hold, 7 blocked`"""
        hold = f"{len(self.on_hold)} on hold, " if self.on_hold else ""
        ready = count(len(self.ready), "task")
        return f"{ready} ready, {len(self.held)} in hand, {hold}{self.blocked} blocked"


def gather(snapshot: Snapshot, since: datetime, ready: Sequence[TaskView]) -> Report:
    """`ready` are the tasks to take, in the order in which they are suggested."""
    recent = [event for event in snapshot.events if event.at >= since]
    return Report(
        title=snapshot.title,
        since=since,
        until=snapshot.made_at,
        total=progress.tally(snapshot),
        verified=_landings(snapshot, recent),
        regressed=tuple(event for event in recent if event.kind == "regressed"),
        ready=tuple(ready),
        held=progress.in_hand(snapshot),
        on_hold=progress.on_hold(snapshot),
        stuck=_stuck(snapshot),
        drift=tuple(drift for status in snapshot.statuses.values() for drift in status.drift),
        blocked=len(progress.blocked(snapshot)),
        problems=len(snapshot.graph.problems),
        goals=progress.goals(snapshot),
        methods=methods(entry for entry in snapshot.credit if entry.at >= since),
    )


def _landings(snapshot: Snapshot, recent: Iterable[EventView]) -> tuple[Landing, ...]:
    """One for each node that is verified now, at the newest time it became so."""
    captions = {node.id: node.caption for node in snapshot.graph.nodes}
    out: dict[str, Landing] = {}
    for event in recent:
        node = event.node
        if event.kind != "verified" or node not in captions or node in out:
            continue
        if snapshot.statuses[node].verified:
            out[node] = Landing(node, captions[node], _credited(snapshot, node, event), event.at)
    return tuple(out.values())


def _credited(snapshot: Snapshot, node: str, event: EventView) -> tuple[str, ...]:
    names = [entry.person_name for entry in snapshot.credit if entry.node == node]
    if not names and event.person_name:
        names = [event.person_name]
    return tuple(dict.fromkeys(names))


def _stuck(snapshot: Snapshot) -> tuple[Stuck, ...]:
    now = snapshot.made_at
    out = [Stuck(task, why) for task in progress.in_hand(snapshot) if (why := _hindrance(task, now))]
    freed = _freed(snapshot)
    for task in progress.free_tasks(snapshot):
        since = freed.get(task.node, snapshot.events[-1].at if snapshot.events else now)
        if now - since > LONG:
            out.append(Stuck(task, f"free since {date(since)}"))
    stuck_nodes = {stuck.task.node for stuck in out}
    for task in snapshot.tasks:
        if task.readiness is Readiness.BLOCKED and stuck_nodes.intersection(task.blocked_by):
            out.append(Stuck(task, "waits for another task in this list"))
    return tuple(out)


def _hindrance(task: TaskView, now: datetime) -> str | None:
    """What one of its holders said, else the first of their claims that is too old."""
    if task.stuck:
        return f"help was asked for: {task.stuck}"
    return next((why for claim in task.claims if (why := _overdue(claim, now))), None)


def _overdue(claim: ClaimView, now: datetime) -> str | None:
    if claim.expires and claim.expires < now:
        return f"the claim of {claim.person_name} ended {ago(claim.expires, now)}"
    if now - claim.since > LONG and not claim.paused:
        return f"{claim.person_name} has held it since {date(claim.since)}"
    return None


def _freed(snapshot: Snapshot) -> dict[str, datetime]:
    """When the work on each node was last left to whoever wants it.

    Of a node's tasks one at most is free at a time. A node that is not here was free from the first check
    on, which is the oldest event.
    """
    moments = sorted((e.at, e.node) for e in snapshot.events if e.kind in _FREEING and e.node is not None)
    return {node: at for at, node in moments}


def drift_words(drift: Drift) -> str:
    """The difference, in words of ours with commands between backticks."""
    no, _, command = drift.claim.rpartition(" ")
    fact = next((entry.word.lower() for status, entry in ENTRIES.items() if status == drift.fact), drift.fact)
    return f"the blueprint has {f'{no} ' if no else ''}`{command}`, Lean says {fact}"


def markdown(snapshot: Snapshot, since: datetime, ready: Sequence[TaskView]) -> str:
    """The report as Markdown. Foreign text in it is escaped: it is never markup and calls nobody."""
    report = gather(snapshot, since, ready)
    sections = (
        ("Goals", [_goal_line(goal) for goal in report.goals]),
        ("Verified", _verified_lines(report)),
        ("No longer verified", [f"- {markdown_text(event.text)}" for event in report.regressed]),
        ("Ready to take", [f"- {_task(task)}{_worth(task)}" for task in report.ready]),
        ("In hand", [_held_line(task, report.until) for task in report.held]),
        ("On hold", [_hold_line(task, snapshot.holds.get(task.number)) for task in report.on_hold]),
        ("Stuck", [f"- {_task(stuck.task)}: {markdown_text(stuck.why)}" for stuck in report.stuck]),
        ("Drift", [_drift_line(drift) for drift in report.drift]),
        ("How it was made", [f"- {markdown_text(method.words)}" for method in report.methods]),
    )
    head = [
        f"# {markdown_text(report.title)}",
        "",
        f"{date(report.since)} to {date(report.until)}.",
        "",
        *_totals(report),
    ]
    return "\n".join(head + [line for name, lines in sections for line in _section(name, lines)]) + "\n"


def _section(name: str, lines: Sequence[str]) -> list[str]:
    return ["", f"## {name}", "", *lines] if lines else []


def _totals(report: Report) -> list[str]:
    total = report.total
    rows = [f"| {segment.entry.word} | {segment.count} |" for segment in total.segments]
    summary = (
        f"**{total.words} ({total.share} %).** {report.work}; "
        f"{count(len(report.drift), 'difference')} between blueprint and Lean; "
        f"{count(report.problems, 'problem')} in the blueprint."
    )
    return [summary, "", "| Status | Nodes |", "|---|---:|", *rows]


def _verified_lines(report: Report) -> list[str]:
    if not report.verified:
        return ["Nothing new."]
    return [
        f"- {markdown_text(one.caption)}"
        + (f", by {join([markdown_text(name) for name in one.people])}" if one.people else "")
        + f" ({date(one.at)})"
        for one in report.verified
    ]


def _goal_line(goal: progress.Goal) -> str:
    of = f"{goal.tally.verified} of {count(goal.tally.total, 'node')} up to it verified"
    return f"- {markdown_text(goal.node.caption)}: {of}"


def _task(task: TaskView) -> str:
    title = f": {markdown_text(task.title)}" if task.title else ""
    return f"**\\#{task.number}** {task.kind} {markdown_text(task.caption)}{title} ({task.size})"


def _worth(task: TaskView) -> str:
    return f", unblocks {count(task.unblocks, 'node')}" if task.unblocks else ""


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
