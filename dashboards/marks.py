"""How the nodes of a chart look, for one who looks at it now, or as it was: all by their positions."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.excerpt import Excerpt
from dashboards.graph_query import Query
from dashboards.legend import ENTRIES, Entry
from dashboards.selection import Selection, Then, free, standing
from dashboards.snapshot import Snapshot


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
    number = {node.id: at for at, node in enumerate(drawn.nodes)}
    statuses = [standing(snapshot, name, then) for name in number]
    ready = free(snapshot, then)
    return Marks(
        tuple(ENTRIES[status] if status else None for status in statuses),
        frozenset(at for name, at in number.items() if name in ready),
        frozenset(at for name, at in number.items() if name not in selection.shown),
        tuple(number[name] for name in selection.path if name in number),
        number.get(query.node, -1),
        tuple(number[name] for name in selection.freed if name in number),
    )
