"""What a project can look forward to: what a node opens once it is done, and how the whole stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from blueprint.graph import Node, nodes_by_id
from dashboards import periods
from dashboards.relations import freed
from dashboards.report import Report
from lean_project.findings import Findings
from lean_project.status import Readiness
from server.records.projects import ProjectRow
from server.service import retrospect, suggestions
from server.service.board import checked
from server.service.nodes import resolve
from server.service.views import snapshot
from server.store import Store
from server.work.frontier import goals, resting


@dataclass(frozen=True, slots=True)
class Opened:
    """What waits for a node: `ready` are the kinds of work, on which nodes, that nothing else stands before.

    `resting` counts the nodes not verified yet that stand on it, directly or not; `goals` are those among
    them that nothing else stands on. `done`: the node needs no work any more.
    """

    node: Node
    done: bool
    ready: tuple[tuple[str, Node], ...]
    resting: int
    goals: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a project stands, what happened in the last week, and its goals not reached yet, of `goals`."""

    slug: str
    week: Report
    ahead: tuple[Node, ...]
    goals: int


def opened(store: Store, project: ProjectRow, ref: str) -> Opened:
    """`UserError` as in `nodes.resolve`."""
    return ahead(store, project, resolve(store, project, ref))


def ahead(store: Store, project: ProjectRow, label: str) -> Opened:
    """The same of a node by its label of today."""
    findings = checked(store, project)
    nodes = nodes_by_id(findings.graph)
    above = {name for name in resting(findings.graph, label) if not findings.statuses[name].verified}
    ready = tuple((kind, nodes[name]) for kind, name in freed(findings.statuses).get(label, ()))
    reached = tuple(nodes[name] for name in goals(findings.graph) if name in above)
    return Opened(nodes[label], _is_done(findings, label), ready, len(above), reached)


def standing(store: Store, project: ProjectRow, now: datetime) -> Outlook:
    """`UserError` where nothing of the project was checked yet."""
    findings = checked(store, project)
    ends = goals(findings.graph)
    ahead = tuple(
        node for node in findings.graph.nodes if node.id in ends and not findings.statuses[node.id].verified
    )
    return Outlook(project.slug, report(store, project, "week", now), ahead, len(ends))


def report(store: Store, project: ProjectRow, period: str, now: datetime) -> Report:
    """What happened in the last `week` or `month`. `UserError` where nothing was checked yet."""
    ready = suggestions.tasks(store, project, None, now=now)
    found = snapshot(store, project, now)
    return retrospect.report(store, project, found, ready, periods.last(periods.PRESETS[period], now))


def _is_done(findings: Findings, label: str) -> bool:
    return all(work.readiness is Readiness.DONE for work in findings.statuses[label].work)
