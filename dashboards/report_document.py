"""The report as JSON: the numbers that the page shows."""

from __future__ import annotations

from datetime import datetime

from dashboards.documents.nodes import drift_document
from dashboards.documents.tasks import task_document
from dashboards.history import Lead
from dashboards.report import Figures, Report, Waiting
from dashboards.report_types import FiguresDocument, LeadDocument, PeriodDocument, WaitingTaskDocument

# So many of what can be thousands; `tasks` and `differences` count all of them.
MOST = 100


def document(report: Report) -> PeriodDocument:
    """Moments are in ISO 8601, lengths in days.

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
        "ready": [task_document(one) for one in report.ready[:MOST]],
        "held": [task_document(one) for one in report.held[:MOST]],
        "on_hold": [task_document(one) for one in report.on_hold[:MOST]],
        "stuck": [{"task": one.task.number, "why": one.why} for one in report.stuck[:MOST]],
        "drift": [drift_document(one) for one in report.drift[:MOST]],
        "credit": [{"kind": one.kind, "role": one.role, "count": one.count} for one in report.credit],
        "methods": [method.words for method in report.methods],
        "tasks": {
            "ready": len(report.ready),
            "held": len(report.held),
            "on_hold": len(report.on_hold),
            "stuck": len(report.stuck),
            "blocked": report.blocked,
        },
        "differences": len(report.drift),
        "problems": report.problems,
    }


def _figures(figures: Figures, step: str) -> FiguresDocument:
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
            "by_step": [
                {
                    "start": _moment(one.start),
                    "total": one.total,
                    "newcomers": one.newcomers,
                    "returning": one.returning,
                }
                for one in figures.turnout
            ],
        },
        "counts": {
            "verified": figures.verified,
            "regressed": figures.regressed,
            "became_ready": figures.opened,
        },
    }


def _lead(lead: Lead | None) -> LeadDocument | None:
    if lead is None:
        return None
    return {"count": lead.count, "lower": lead.lower, "median": lead.median, "upper": lead.upper}


def _waiting(one: Waiting) -> WaitingTaskDocument:
    return {"task": task_document(one.task), "since": _moment(one.since)}


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
