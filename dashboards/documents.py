"""The same things as the pages show, as JSON values (`/api/v1`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from blueprint.graph import Node, Part
from dashboards import links
from dashboards.legend import LEGEND, entry_of
from dashboards.progress import Tally, chapter_of, chapters, tally
from dashboards.relations import implied_edges, regression, used_by, uses
from dashboards.snapshot import CreditView, EventView, PersonView, RequestView, Snapshot, TaskView
from dashboards.wording import plain_math
from lean_project.edges import Dependencies
from lean_project.statement import fingerprint, prints
from lean_project.status import Formal, PartStatus

Json = dict[str, Any]

_SHORT = {"definition": "Def", "theorem": "Thm", "lemma": "Lem", "proposition": "Prop", "corollary": "Cor"}


def project(snapshot: Snapshot) -> Json:
    return {
        "slug": snapshot.slug,
        "title": snapshot.title,
        "repository": snapshot.repository_url,
        "commit": {**asdict(snapshot.commit), "at": snapshot.commit.at.isoformat()},
        "toolchain": snapshot.facts.toolchain,
        "kernels": list(snapshot.facts.kernels),
        "reported_by": snapshot.facts.reported_by or None,
        "reports": [{**asdict(report), "at": report.at.isoformat()} for report in snapshot.reports],
        "nodes": _tally(tally(snapshot)),
        "chapters": [{"title": chapter.title, **_tally(chapter.tally)} for chapter in chapters(snapshot)],
        "drift": sum(len(status.drift) for status in snapshot.statuses.values()),
        "problems": len(snapshot.graph.problems),
    }


def _tally(counted: Tally) -> Json:
    return {
        "total": counted.total,
        "verified": counted.verified,
        "by_status": {status.value: number for status, number in counted.counts.items()},
    }


def graph(snapshot: Snapshot) -> Json:
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


def _graph_node(snapshot: Snapshot, node: Node, ready: bool) -> Json:
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


def node(snapshot: Snapshot, found: Node, *, whole: bool = True) -> Json:
    """A node; `whole` adds the parts with their sources, the tasks and the credit."""
    status = snapshot.statuses[found.id]
    out: Json = {
        "id": found.id,
        "kind": found.kind,
        "number": found.number,
        "title": found.title,
        "sections": list(found.sections),
        "status": status.formal.value,
        "verified": status.verified,
        "readiness": status.readiness.value,
        "lean": list(found.lean),
        "uses": list(uses(found)),
        "used_by": [other.id for other in used_by(snapshot, found.id)] if whole else None,
        "url": links.node_path(snapshot.slug, found.id),
    }
    if not whole:
        del out["used_by"]
        return out
    return out | {
        "statement": _part(found.statement, status.statement),
        "proof": _part(found.proof, status.proof),
        "claimed_flags": asdict(found.claimed),
        "checked_flags": asdict(status.checked),
        "drift": [asdict(drift) for drift in status.drift],
        "edges": edges(status.edges),
        "agreement": _agreement(snapshot, found),
        "regressed": _regressed(snapshot, found),
        "tasks": [task(one) for one in snapshot.tasks if one.node == found.id],
        "credit": credit(entry for entry in snapshot.credit if entry.node in snapshot.names(found.id)),
    }


def _regressed(snapshot: Snapshot, found: Node) -> Json | None:
    """Since when a node that was verified is not any more, and why; the credit for it stands."""
    event = regression(snapshot, found.id)
    return {"at": event.at.isoformat(), "text": event.text} if event else None


def _agreement(snapshot: Snapshot, found: Node) -> Json:
    """Who agreed on the statement, if somebody did; `seen` is the print of the statement as it is now."""
    agreed = snapshot.agreements.get(found.id)
    seen = fingerprint(prints(found, snapshot.facts.by_name()))
    drifted = snapshot.statuses[found.id].statement.formal is Formal.DRIFTED
    by = {**asdict(agreed), "at": agreed.at.isoformat(), "drifted": drifted} if agreed else None
    return {"seen": seen, "agreed": by}


def edges(found: Dependencies) -> Json:
    """What a node uses first according to Lean, and where `\\uses` differs."""
    return {
        "statement": list(found.statement),
        "proof": list(found.proof),
        "missing": [{**asdict(edge), "text": edge.text} for edge in found.missing],
        "superfluous": [{**asdict(edge), "text": edge.text} for edge in found.superfluous],
    }


def _part(part: Part | None, status: PartStatus | None) -> Json | None:
    if part is None and status is None:
        return None
    source = {"latex": part.source, "file": part.place.file, "line": part.place.line} if part else {}
    reasons = [asdict(reason) for reason in status.reasons] if status else []
    return {**source, "status": status.formal.value if status else None, "reasons": reasons}


def task(found: TaskView) -> Json:
    return {
        "number": found.number,
        "node": found.node,
        "caption": found.caption,
        "kind": found.kind,
        "state": found.state,
        "size": found.size,
        "readiness": found.readiness.value,
        "blocked_by": list(found.blocked_by),
        "unblocks": found.unblocks,
        "title": found.title,
        "piece_of": found.parent,
        "tags": list(found.tags),
        "proposed": list(found.links),
        "stuck": found.stuck,
        "requests": [_request(ask) for ask in found.requests],
        "claims": [
            {
                "person": claim.person_id,
                "name": claim.person_name,
                "since": claim.since.isoformat(),
                "expires": claim.expires.isoformat() if claim.expires else None,
                "paused": claim.paused.isoformat() if claim.paused else None,
                "acknowledged": claim.acknowledged.isoformat() if claim.acknowledged else None,
            }
            for claim in found.claims
        ],
    }


def _request(ask: RequestView) -> Json:
    expires = ask.expires.isoformat() if ask.expires else None
    return {**asdict(ask), "at": ask.at.isoformat(), "expires": expires}


def person(found: PersonView) -> Json:
    """Whether they take part in a ranking, or in a dataset, is nobody else's matter."""
    return {name: value for name, value in asdict(found).items() if name not in ("ranked", "dataset")}


def credit(entries: Iterable[CreditView]) -> list[Json]:
    return [{**asdict(entry), "at": entry.at.isoformat()} for entry in entries]


def events(entries: Iterable[EventView]) -> list[Json]:
    return [{**asdict(entry), "at": entry.at.isoformat()} for entry in entries]
