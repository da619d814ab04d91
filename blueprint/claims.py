"""leanblueprint's flags, from what the authors typed.

Some rules differ on purpose. A definition counts as done only when it is marked `\\leanok` (leanblueprint
takes every definition for done, and so colours theorems dark green that rest on unwritten ones); what is
marked `\\mathlibok` needs no proof of its own; and a theorem marked `\\leanok` whose proof is not written
here stops nothing above it. All nodes make one graph, whatever `dep_by` says.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from blueprint.graph import Flags, Graph, Node, Part, links
from blueprint.structure import grounded

NONE = Flags(False, False, False, False, False, False)


def flagged(graph: Graph) -> Graph:
    """The same graph with every node's `claimed` filled in."""
    stated = {node.id for node in graph.nodes if node.statement.leanok}
    done = {node.id for node in graph.nodes if _done(node)}
    sound = {node.id for node in graph.nodes if node.id in done or _unwritten(node)}
    whole = grounded(links(graph), sound) & done
    nodes = tuple(
        replace(node, claimed=flags(node, stated, proved=_proved(node), whole=node.id in whole))
        for node in graph.nodes
    )
    return replace(graph, nodes=nodes)


def naively_proved(graph: Graph) -> set[str]:
    """The ids that leanblueprint would call fully proved (in one graph)."""
    done = {node.id for node in graph.nodes if node.kind == "definition" or _proved(node)}
    return grounded(links(graph), done)


def flags(node: Node, stated: Collection[str], *, proved: bool, whole: bool) -> Flags:
    """The flags of a node, when `stated` are the ids of the nodes that are stated.

    `proved` is of its own proof, `whole` of it and everything below it.
    """
    statement = all(used in stated for used in node.statement.uses)
    proof = node.proof is not None and all(used in stated for used in node.proof.uses)
    return Flags(
        stated=node.id in stated,
        can_state=statement and not node.notready,
        can_prove=statement and proof and not is_empty(node.proof),
        proved=proved,
        fully_proved=whole,
        defined=node.is_definition and node.id in stated,
    )


def is_empty(part: Part | None) -> bool:
    """Whether nothing at all was written: an empty proof is a place kept for one."""
    return part is None or not part.source.strip()


def _unwritten(node: Node) -> bool:
    """Whether its author calls it done and leaves its proof to Lean."""
    return node.statement.leanok and node.proof is None


def _proved(node: Node) -> bool:
    return node.mathlibok or (node.proof is not None and node.proof.leanok)


def _done(node: Node) -> bool:
    return _proved(node) or (node.is_definition and node.statement.leanok)
