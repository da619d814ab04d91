"""How the nodes of a snapshot hang together."""

from __future__ import annotations

from blueprint.graph import Node, digraph
from blueprint.structure import implied
from dashboards.snapshot import EventView, PersonView, Snapshot

_STANDING = frozenset({"verified", "regressed"})


def by_id(snapshot: Snapshot) -> dict[str, Node]:
    return {node.id: node for node in snapshot.graph.nodes}


def uses(node: Node) -> dict[str, list[str]]:
    """What a node uses, in order, each with the parts (`statement`, `proof`) that use it."""
    out: dict[str, list[str]] = {}
    for name, part in (("statement", node.statement), ("proof", node.proof)):
        for used in part.uses if part else ():
            out.setdefault(used, []).append(name)
    return out


def used_by(snapshot: Snapshot, id: str) -> list[Node]:
    """The nodes that use `id` directly, in document order."""
    return [node for node in snapshot.graph.nodes if id in uses(node)]


def regression(snapshot: Snapshot, id: str) -> EventView | None:
    """How a node that was verified once came not to be any more; None where it is, or never was."""
    standing = (event for event in snapshot.events if event.node == id and event.kind in _STANDING)
    last = next(standing, None)
    return last if last and last.kind == "regressed" and not snapshot.statuses[id].verified else None


def implied_edges(snapshot: Snapshot) -> set[tuple[str, str]]:
    """The edges (used, user) that a longer way already implies."""
    return implied(digraph(snapshot.graph))


def person(snapshot: Snapshot, id: int) -> PersonView | None:
    """Somebody who takes part, or once did."""
    if found := next((one for one in snapshot.people if one.id == id), None):
        return found
    named = next((event for event in snapshot.events if event.person_id == id), None)
    return PersonView(id, named.person_name) if named and named.person_name else None
