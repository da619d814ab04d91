"""The same things as the pages show, as JSON values (`/api/v1`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from blueprint.graph import Flags, Node, Part, Problem
from dashboards import links
from dashboards.document_types import (
    AgreedDocument,
    AgreementDocument,
    ClaimDocument,
    CommitDocument,
    CreditDocument,
    DriftDocument,
    EdgeDocument,
    EdgesDocument,
    EventDocument,
    FlagsDocument,
    GraphDocument,
    GraphNodeDocument,
    NodeDocument,
    PartDocument,
    PersonDocument,
    ProblemDocument,
    ProjectDocument,
    ReasonDocument,
    RegressedDocument,
    ReportDocument,
    RequestDocument,
    TallyDocument,
    TaskDocument,
    WholeNodeDocument,
)
from dashboards.legend import LEGEND, entry_of
from dashboards.progress import Tally, chapter_of, chapters, tally
from dashboards.relations import implied_edges, regression, used_by, uses
from dashboards.snapshot import (
    ClaimView,
    CommitView,
    CreditView,
    EventView,
    PersonView,
    ReportView,
    RequestView,
    Snapshot,
    TaskView,
)
from dashboards.wording import plain_math
from lean_project.edges import Dependencies, Edge
from lean_project.statement import fingerprint, prints
from lean_project.status import Drift, Formal, PartStatus, Reason

_SHORT = {"definition": "Def", "theorem": "Thm", "lemma": "Lem", "proposition": "Prop", "corollary": "Cor"}


def project(snapshot: Snapshot) -> ProjectDocument:
    return {
        "slug": snapshot.slug,
        "title": snapshot.title,
        "repository": snapshot.repository_url,
        "commit": commit(snapshot.commit),
        "toolchain": snapshot.facts.toolchain,
        "kernels": list(snapshot.facts.kernels),
        "reported_by": snapshot.facts.reported_by or None,
        "reports": [_report(report) for report in snapshot.reports],
        "nodes": _tally(tally(snapshot)),
        "chapters": [{"title": chapter.title, **_tally(chapter.tally)} for chapter in chapters(snapshot)],
        "drift": sum(len(status.drift) for status in snapshot.statuses.values()),
        "problems": len(snapshot.graph.problems),
    }


def commit(found: CommitView) -> CommitDocument:
    return {
        "sha": found.sha,
        "at": found.at.isoformat(),
        "author": found.author,
        "summary": found.summary,
    }


def _report(found: ReportView) -> ReportDocument:
    return {
        "id": found.id,
        "reporter": found.reporter,
        "sha": found.sha,
        "known": found.known,
        "at": found.at.isoformat(),
        "toolchain": found.toolchain,
    }


def _tally(counted: Tally) -> TallyDocument:
    return {
        "total": counted.total,
        "verified": counted.verified,
        "by_status": {status.value: number for status, number in counted.counts.items()},
    }


def graph(snapshot: Snapshot) -> GraphDocument:
    """Nodes, edges (`source` is used by `target`; `implied` by longer ways) and the legend."""
    implied = implied_edges(snapshot)
    free = {task.node for task in snapshot.tasks if task.is_free}
    return {
        "nodes": [_graph_node(snapshot, node, node.id in free) for node in snapshot.graph.nodes],
        "edges": [
            {"source": used, "target": node.id, "parts": parts, "implied": (used, node.id) in implied}
            for node in snapshot.graph.nodes
            for used, parts in uses(node).items()
            if used in snapshot.statuses
        ],
        "legend": [
            {
                "key": entry.key,
                "word": entry.word,
                "icon": entry.icon,
                "shape": entry.shape,
                "border": entry.border,
            }
            for entry in LEGEND
        ],
    }


def _graph_node(snapshot: Snapshot, node: Node, ready: bool) -> GraphNodeDocument:
    entry = entry_of(snapshot.statuses[node.id])
    return {
        "id": node.id,
        "caption": plain_math(node.caption),
        "short": f"{_SHORT.get(node.kind, node.kind.capitalize())} {node.number or ''}".strip(),
        "title": plain_math(node.title or ""),
        "chapter": chapter_of(node),
        "lean": " ".join(node.lean),
        "status": entry.key,
        "word": entry.word,
        "icon": entry.icon,
        "ready": ready,
        "url": links.node_path(snapshot.slug, node.id),
    }


def node(snapshot: Snapshot, found: Node) -> NodeDocument:
    """A node in a few words; `whole_node` adds the parts with their sources, the tasks and the credit."""
    status = snapshot.statuses[found.id]
    return {
        "id": found.id,
        "kind": found.kind,
        "number": found.number,
        "title": found.title,
        "sections": list(found.sections),
        "status": status.formal,
        "verified": status.verified,
        "readiness": status.readiness,
        "lean": list(found.lean),
        "uses": list(uses(found)),
        "url": links.node_path(snapshot.slug, found.id),
    }


def whole_node(snapshot: Snapshot, found: Node) -> WholeNodeDocument:
    status, names = snapshot.statuses[found.id], snapshot.names(found.id)
    return {
        **node(snapshot, found),
        "used_by": [other.id for other in used_by(snapshot, found.id)],
        "statement": _part(found.statement, status.statement),
        "proof": _part(found.proof, status.proof),
        "claimed_flags": _flags(found.claimed),
        "checked_flags": _flags(status.checked),
        "drift": [drift(one) for one in status.drift],
        "edges": edges(status.edges),
        "agreement": _agreement(snapshot, found),
        "regressed": _regressed(snapshot, found),
        "tasks": [task(one) for one in snapshot.tasks if one.node == found.id],
        "credit": credit(entry for entry in snapshot.credit if entry.node in names),
    }


def _flags(found: Flags) -> FlagsDocument:
    return {
        "stated": found.stated,
        "can_state": found.can_state,
        "can_prove": found.can_prove,
        "proved": found.proved,
        "fully_proved": found.fully_proved,
        "defined": found.defined,
    }


def drift(found: Drift) -> DriftDocument:
    return {"node": found.node, "part": found.part, "claim": found.claim, "fact": found.fact}


def _regressed(snapshot: Snapshot, found: Node) -> RegressedDocument | None:
    """Since when a node that was verified is not any more, and why; the credit for it stands."""
    event = regression(snapshot, found.id)
    return {"at": event.at.isoformat(), "text": event.text} if event else None


def _agreement(snapshot: Snapshot, found: Node) -> AgreementDocument:
    """Who agreed on the statement, if somebody did; `seen` is the print of the statement as it is now."""
    agreed = snapshot.agreements.get(found.id)
    seen = fingerprint(prints(found, snapshot.facts.by_name()))
    if agreed is None:
        return {"seen": seen, "agreed": None}
    drifted = snapshot.statuses[found.id].statement.formal is Formal.DRIFTED
    by: AgreedDocument = {
        "person_id": agreed.person_id,
        "person_name": agreed.person_name,
        "at": agreed.at.isoformat(),
        "sha": agreed.sha,
        "drifted": drifted,
    }
    return {"seen": seen, "agreed": by}


def edges(found: Dependencies) -> EdgesDocument:
    """What a node uses first according to Lean, and where `\\uses` differs."""
    return {
        "statement": list(found.statement),
        "proof": list(found.proof),
        "missing": [_edge(edge) for edge in found.missing],
        "superfluous": [_edge(edge) for edge in found.superfluous],
    }


def _edge(found: Edge) -> EdgeDocument:
    return {
        "used": found.used,
        "part": found.part,
        "declaration": found.declaration,
        "path": list(found.path),
        "file": found.file,
        "line": found.line,
        "text": found.text,
    }


def _part(part: Part | None, status: PartStatus | None) -> PartDocument | None:
    if part is None and status is None:
        return None
    return {
        "latex": part.source if part else None,
        "file": part.place.file if part else None,
        "line": part.place.line if part else None,
        "status": status.formal if status else None,
        "reasons": [_reason(reason) for reason in status.reasons] if status else [],
    }


def _reason(found: Reason) -> ReasonDocument:
    return {
        "code": found.code,
        "text": found.text,
        "declaration": found.declaration,
        "path": list(found.path),
        "file": found.file,
        "line": found.line,
    }


def task(found: TaskView) -> TaskDocument:
    return {
        "number": found.number,
        "node": found.node,
        "caption": found.caption,
        "kind": found.kind,
        "state": found.state,
        "size": found.size,
        "readiness": found.readiness,
        "blocked_by": list(found.blocked_by),
        "unblocks": found.unblocks,
        "title": found.title,
        "piece_of": found.parent,
        "tags": list(found.tags),
        "proposed": list(found.links),
        "stuck": found.stuck,
        "requests": [_request(ask) for ask in found.requests],
        "claims": [_claim(claim) for claim in found.claims],
    }


def _claim(found: ClaimView) -> ClaimDocument:
    return {
        "person": found.person_id,
        "name": found.person_name,
        "since": found.since.isoformat(),
        "expires": _moment(found.expires),
        "paused": _moment(found.paused),
        "acknowledged": _moment(found.acknowledged),
    }


def _request(found: RequestView) -> RequestDocument:
    return {
        "kind": found.kind,
        "by_id": found.by_id,
        "by_name": found.by_name,
        "to_id": found.to_id,
        "to_name": found.to_name,
        "at": found.at.isoformat(),
        "expires": _moment(found.expires),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def person(found: PersonView) -> PersonDocument:
    """Whether they take part in a ranking, or in a dataset, is nobody else's matter."""
    return {
        "id": found.id,
        "name": found.name,
        "role": found.role,
        "verified_nodes": found.verified_nodes,
        "live_claims": found.live_claims,
        "named": found.named,
        "login": found.login,
    }


def credit(entries: Iterable[CreditView]) -> list[CreditDocument]:
    return [entry(one) for one in entries]


def entry(found: CreditView) -> CreditDocument:
    return {
        "id": found.id,
        "person_id": found.person_id,
        "person_name": found.person_name,
        "node": found.node,
        "part": found.part,
        "kind": found.kind,
        "role": found.role,
        "degree": found.degree,
        "evidence": list(found.evidence),
        "at": found.at.isoformat(),
        "status": found.status,
        "held": found.held,
        "by_id": found.by_id,
        "by_name": found.by_name,
        "checked": found.checked,
        "about": found.about,
        "method": found.method,
        "tools": list(found.tools),
        "objections": list(found.objections),
    }


def event(found: EventView) -> EventDocument:
    return {
        "at": found.at.isoformat(),
        "kind": found.kind,
        "node": found.node,
        "person_id": found.person_id,
        "person_name": found.person_name,
        "text": found.text,
    }


def problem(found: Problem) -> ProblemDocument:
    place = found.place
    return {
        "code": found.code,
        "severity": found.severity,
        "message": found.message,
        "hint": found.hint,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "node": found.node,
    }
