"""How the nodes of a chart look, for one who looks at it now, or as it was: all by their positions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blueprint.graph import Node
from blueprint.identity import remembered
from dashboards.excerpt import Excerpt
from dashboards.graph_query import Query
from dashboards.legend import ENTRIES, Entry
from dashboards.selection import Selection, Then, free, standings
from dashboards.snapshot import Snapshot
from lean_project.status import Formal


@dataclass(frozen=True, slots=True)
class Marks:
    """The look of each node (None where it was not there then), and which are ready and which left out.

    `path` is the critical path; `node` the one that is looked at (-1 for none), `freed` those that only it
    stands before.
    """

    looks: tuple[Entry | None, ...]
    ready: frozenset[int]
    hidden: frozenset[int]
    path: tuple[int, ...]
    node: int
    freed: tuple[int, ...]


def marks(
    snapshot: Snapshot, drawn: Excerpt, selection: Selection, query: Query, then: Then | None = None
) -> Marks:
    """The same for a `then` that is another day's."""
    number, ready = _numbers(drawn.nodes), free(snapshot, then)
    out = number.keys() - selection.shown if len(selection.shown) < len(number) else ()
    return Marks(
        _looks(drawn.nodes, standings(snapshot, then)),
        frozenset(number[name] for name in ready if name in number),
        frozenset(number[name] for name in out),
        tuple(number[name] for name in selection.path if name in number),
        number.get(query.node, -1),
        tuple(number[name] for name in selection.freed if name in number),
    )


@remembered(8)
def _numbers(nodes: tuple[Node, ...]) -> Mapping[str, int]:
    return {node.id: at for at, node in enumerate(nodes)}


@remembered(8)
def _looks(nodes: tuple[Node, ...], statuses: Mapping[str, Formal | None]) -> tuple[Entry | None, ...]:
    found = (statuses[node.id] for node in nodes)
    return tuple(ENTRIES[status] if status else None for status in found)
