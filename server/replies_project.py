"""What the chat says of a project and of the people in it. Pure, as `server.replies` is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from blueprint.graph import Node
from dashboards import links
from dashboards.report import Report
from dashboards.wording import count, join
from server.formulas import caption
from server.markup import escape
from server.replies import Reply, bounded, named, people_words, stage, task_words
from server.service.company import Company
from server.service.prospects import Opened, Outlook
from server.service.wording import claim_words

_SHOWN = 5
_BEGUN = {"state": "stated", "define": "defined", "prove": "proved"}


def company(found: Company, zone: tzinfo) -> Reply:
    node = named(found.caption, found.node)
    held = [
        f"* {task_words(task)}: held by {join([escape(c.person_name) for c in task.claims])}{stage(task)}"
        f"{claim_words(task.claims[0], zone)}."
        for task in found.tasks
    ]
    lines = (("Worked on it", found.workers), ("Reviewed it", found.reviewers))
    known = [f"* {words}: {people_words(names)}." for words, names in lines if names]
    helpers = [f"* Could help: {people_words(found.helpers)}."] if found.helpers else []
    nobody = [] if held or known else ["* Nobody has held it or worked on it yet."]
    return Reply("\n".join((f"{node}:", *bounded(held), *known, *nobody, *helpers)))


def opened(found: Opened) -> Reply:
    node = named(found.node.caption, found.node.id)
    if not found.resting:
        return Reply(f"Nothing waits for {node}: all that stands on it is verified, or nothing does.")
    first = f"{count(found.resting, 'node')} not verified yet {_stand(found.resting)} on {node}."
    begin = [f"* {named(on.caption, on.id)} can be {_BEGUN[kind]}." for kind, on in found.ready]
    when = "Now that it is done" if found.done else "Once it is done"
    lines = [f"{when}:", *bounded(begin)]
    none = f"{when}, nothing can begin at once: what stands on it waits for other nodes too, or goes on."
    ends = [f"It leads to {_nodes(found.goals)}."] if found.goals else []
    return Reply("\n".join((first, *(lines if begin else [none]), *ends)))


def standing(found: Outlook, base_url: str) -> Reply:
    """The project in five lines."""
    week, total = found.week, found.week.total
    reached = found.goals - len(found.ahead)
    ahead = f"; ahead: {_nodes(found.ahead)}" if found.ahead else ""
    lines = (
        f"**{escape(week.title)}**: {total.verified} of {count(total.total, 'node')} verified "
        f"({total.share} %). {_page(base_url, found.slug)}",
        f"* Tasks: {len(week.ready)} ready, {week.blocked} blocked, {len(week.held)} held.",
        f"* Goals: {reached} of {found.goals} reached{ahead}.",
        f"* Drift: {_drift(len(week.drift))}.",
        f"* This week: {_happened(week)}.",
    )
    return Reply("\n".join(lines))


def report(found: Report, slug: str, base_url: str) -> Reply:
    """What was done, shortly; the page has all of it."""
    days = (found.span.until - found.since).days
    landed = [
        f"* {caption(one.caption)}{f', by {people_words(one.people)}' if one.people else ''}"
        for one in found.verified
    ]
    lines = (
        f"**{escape(found.title)}**, the last {days} days: {_happened(found)}.",
        *bounded(landed),
        f"{found.total.verified} of {found.total.total} nodes are verified; "
        f"{len(found.ready)} tasks are ready, {len(found.held)} held, {len(found.stuck)} stuck.",
        f"All of it: {_page(base_url, slug, 'report')}",
    )
    return Reply("\n".join(lines))


def _happened(report: Report) -> str:
    undone = f", {len(report.regressed)} came undone" if report.regressed else ""
    if not report.verified:
        return f"nothing was verified{undone}"
    return f"{count(len(report.verified), 'node')} verified{undone}"


def _drift(number: int) -> str:
    if not number:
        return "none; blueprint and Lean agree"
    return f"blueprint and Lean differ in {count(number, 'place')}"


def _stand(number: int) -> str:
    return "stands" if number == 1 else "stand"


def _nodes(nodes: Sequence[Node]) -> str:
    more = len(nodes) - _SHOWN
    shown = [named(node.caption, node.id) for node in nodes[:_SHOWN]]
    return join([*shown, f"{more} more"] if more > 0 else shown)


def _page(base_url: str, slug: str, page: str = "") -> str:
    """An address of ours, which is meant to be followed."""
    return f"{base_url.rstrip('/')}{links.project_path(slug, page)}"
