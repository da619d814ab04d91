"""The report as JSON: the numbers that the page shows."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from dashboards.documents import task
from dashboards.history import Lead
from dashboards.report import Figures, Report, Waiting
from dashboards.report_markdown import markdown
from dashboards.snapshot import Snapshot

Json = dict[str, Any]


def document(report: Report, snapshot: Snapshot) -> Json:
    """`snapshot` is the one that the report was made from. Moments are in ISO 8601, lengths in days.

    What is ready, held, stuck and drifting is that of `now`, also where the period ended before.
    """
    return {
        "project": report.slug,
        "title": report.title,
        "since": _moment(report.since),
        "until": _moment(report.span.until),
        "now": _moment(report.now),
        "summary": report.summary,
        "nodes": {
            "total": report.total.total,
            "verified": report.total.verified,
            "by_status": {status.value: number for status, number in report.total.counts.items()},
        },
        "goals": [
            {
                "node": goal.node.id,
                "nodes": goal.tally.total,
                "verified": goal.tally.verified,
                "share_of_work": goal.share,
            }
            for goal in report.goals
        ],
        **_figures(report.figures, report.span.step),
        "verified": [
            {"node": one.node, "caption": one.caption, "people": list(one.people), "at": _moment(one.at)}
            for one in report.verified
        ],
        "regressed": [
            {"node": event.node, "text": event.text, "at": _moment(event.at)} for event in report.regressed
        ],
        "bottlenecks": [_waiting(one) for one in report.blocking],
        "waiting_longest": [_waiting(one) for one in report.oldest],
        "maintainers": {
            "questions": [
                {"what": one.what, "count": one.count, "oldest": _moment(one.oldest)}
                for one in report.load.questions
            ],
            "answers": report.load.answers,
            "answers_each": report.load.each,
        },
        "ready": [task(one) for one in report.ready],
        "held": [task(one) for one in report.held],
        "on_hold": [task(one) for one in report.on_hold],
        "stuck": [{"task": one.task.number, "why": one.why} for one in report.stuck],
        "drift": [asdict(one) for one in report.drift],
        "credit": [asdict(one) for one in report.credit],
        "methods": [method.words for method in report.methods],
        "blocked": report.blocked,
        "problems": report.problems,
        "markdown": markdown(report, snapshot),
    }


def _figures(figures: Figures, step: str) -> Json:
    return {
        "step": step,
        "burn_up": [
            {"at": _moment(one.at), "nodes": one.nodes, "verified": one.verified} for one in figures.burn_up
        ],
        "throughput": [
            {"start": _moment(one.start), "verified": one.verified, "regressed": one.regressed}
            for one in figures.throughput
        ],
        "lead_time": _lead(figures.lead),
        "lead_times": [{"start": _moment(one.start), "days": _lead(one.lead)} for one in figures.leads],
        "people": {
            "total": figures.everybody.total,
            "newcomers": figures.everybody.newcomers,
            "returning": figures.everybody.returning,
            "by_step": [{**asdict(one), "start": _moment(one.start)} for one in figures.turnout],
        },
        "counts": {
            "verified": figures.verified,
            "regressed": figures.regressed,
            "became_ready": figures.opened,
        },
    }


def _lead(lead: Lead | None) -> Json | None:
    return asdict(lead) if lead else None


def _waiting(one: Waiting) -> Json:
    return {"task": task(one.task), "since": _moment(one.since)}


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
