"""The dependency graph, as it is drawn."""

from __future__ import annotations

from typing_extensions import TypedDict  # the standard library's keeps too little of itself before 3.12

from blueprint.graph import Node
from dashboards import links
from dashboards.documents.describing import described
from dashboards.legend import LEGEND, entry_of
from dashboards.progress import chapter_of
from dashboards.relations import implied_edges, uses
from dashboards.snapshot import Snapshot
from dashboards.wording import plain_math


@described
class EntryDocument(TypedDict):
    """How a status is shown."""

    key: str
    """The status, as nodes of the graph have it."""
    word: str
    """What it is called."""
    icon: str
    """A character for it."""
    shape: str
    """The shape of its nodes."""
    border: str
    """Solid, dashed or double."""


@described
class GraphNodeDocument(TypedDict):
    """A node as the graph draws it."""

    id: str
    """Its label."""
    caption: str
    """How people refer to it."""
    short: str
    """The same in a few letters."""
    title: str
    """Its own title, or nothing."""
    chapter: str
    """The chapter that it stands in."""
    lean: str
    """Its Lean names, with spaces between them."""
    status: str
    """The key of its status in the legend."""
    word: str
    """What that is called."""
    icon: str
    """A character for it."""
    ready: bool
    """Whether a task of it is free."""
    url: str
    """The path of its page."""


@described
class GraphEdgeDocument(TypedDict):
    """That one node uses another."""

    source: str
    """The node that is used."""
    target: str
    """The node that uses it."""
    parts: list[str]
    """Which parts of it do: statement, proof."""
    implied: bool
    """Whether a longer way says the same."""


@described
class GraphDocument(TypedDict):
    """The whole dependency graph."""

    nodes: list[GraphNodeDocument]
    """All nodes, in the document's order."""
    edges: list[GraphEdgeDocument]
    """Who uses whom."""
    legend: list[EntryDocument]
    """How each status is shown."""


_SHORT = {"definition": "Def", "theorem": "Thm", "lemma": "Lem", "proposition": "Prop", "corollary": "Cor"}


def graph_document(snapshot: Snapshot) -> GraphDocument:
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
