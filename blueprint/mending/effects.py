"""What a fix did to a graph, and whether it was meant to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from blueprint.claims import NONE
from blueprint.graph import Graph, Node, Part, Place


def surprise(before: Graph, after: Graph, nodes: Collection[str]) -> str | None:
    """What a fix did that it was not meant to do; `nodes` are those that may depend on more, or otherwise.

    It makes no new error, changes nothing else of any node, and loses no dependency.
    """
    errors = _errors(after) - _errors(before)
    if errors:
        code, name = sorted(errors)[0]
        return f"it would make a new error, {code}" + (f" at {name}" if name else "")
    if len(before.nodes) != len(after.nodes):
        return "it would add or remove a node"
    for old, new in zip(before.nodes, after.nodes, strict=True):
        free = old.id in nodes
        if _meaning(old, free, bool(nodes)) != _meaning(new, free, bool(nodes)) or _uses(old) - _uses(new):
            return f"it would change {old.id}"
    return None


def _errors(graph: Graph) -> set[tuple[str, str]]:
    return {(one.code, one.node or "") for one in graph.problems if one.severity == "error"}


def _meaning(node: Node, free: bool, unsafe: bool) -> Node:
    """The node without where it stands and how it looks; if `free`, without what each part uses.

    New edges change what is claimed of other nodes too, so `unsafe` leaves that out.
    """
    return replace(
        node,
        statement=_bare(node.statement, free),
        proof=_bare(node.proof, free) if node.proof else None,
        claimed=NONE if unsafe else node.claimed,
    )


def _bare(part: Part, free: bool) -> Part:
    return Part(Place(part.place.file, 1), () if free else part.uses, part.lean, part.leanok)


def _uses(node: Node) -> set[str]:
    return {name for part in _parts(node) for name in part.uses}


def _parts(node: Node) -> tuple[Part, ...]:
    return (node.statement, node.proof) if node.proof else (node.statement,)
