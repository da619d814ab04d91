"""The graph as a list by chapters: the same for whoever cannot see the drawing, or has no scripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, KeysView, Mapping, Sequence
from dataclasses import dataclass

from blueprint.graph import Node
from blueprint.identity import remembered
from dashboards.excerpt import Edge, Excerpt
from dashboards.progress import Tally, chapter_of
from dashboards.selection import Selection
from lean_project.status import Formal

LISTED = 400  # nodes; of more, only the chapters are listed

# Label -> status; None where the node was not there at the time.
Statuses = Mapping[str, Formal | None]


@dataclass(frozen=True, slots=True)
class Row:
    """A node of the list; `uses` and `used_by` count arrows that are drawn."""

    node: Node
    status: Formal | None
    ready: bool
    critical: bool
    uses: int
    used_by: int


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter: its counts, how many nodes the filters leave, and these, if there is room for them.

    `number` is its place among the chapters that are drawn, from 1.
    """

    number: int
    title: str
    shown: int
    tally: Tally
    rows: tuple[Row, ...]


def is_listed(selection: Selection) -> bool:
    """Whether the nodes are few enough to be listed one by one."""
    return len(selection.shown) <= LISTED


def sections(
    drawn: Excerpt, selection: Selection, statuses: Statuses, ready: frozenset[str]
) -> tuple[Section, ...]:
    """The chapters in which something is shown, in document order."""
    rows = _rows(drawn, selection, statuses, ready) if is_listed(selection) else {}
    found = (
        Section(
            number,
            title,
            len(ids & selection.shown),
            tally,
            tuple(rows[id] for id in ids if id in rows),
        )
        for number, (title, ids, tally) in enumerate(_chapters(drawn.nodes, statuses), 1)
    )
    return tuple(section for section in found if section.shown)


@remembered(8)
def _chapters(nodes: tuple[Node, ...], statuses: Statuses) -> Sequence[tuple[str, KeysView[str], Tally]]:
    """Title, the ids of its nodes, and their counts, of each."""
    chapters: dict[str, dict[str, None]] = {}
    for node in nodes:
        chapters.setdefault(chapter_of(node), {})[node.id] = None
    return [(title, ids.keys(), counts(map(statuses.__getitem__, ids))) for title, ids in chapters.items()]


def _rows(drawn: Excerpt, selection: Selection, statuses: Statuses, ready: frozenset[str]) -> dict[str, Row]:
    uses, used_by = _degrees(drawn.edges)
    return {
        node.id: Row(
            node,
            statuses[node.id],
            node.id in ready,
            node.id in selection.path,
            uses[node.id],
            used_by[node.id],
        )
        for node in drawn.nodes
        if node.id in selection.shown
    }


@remembered(8)
def _degrees(edges: tuple[Edge, ...]) -> tuple[Counter[str], Counter[str]]:
    """How many arrows are drawn from each node's uses, and to its users."""
    drawn = [edge for edge in edges if not edge.implied]
    return Counter(edge.user for edge in drawn), Counter(edge.used for edge in drawn)


def counts(statuses: Iterable[Formal | None]) -> Tally:
    """Of those that were there."""
    return Tally(dict(Counter(status for status in statuses if status is not None)))
