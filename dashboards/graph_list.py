"""The graph as a list by chapters: the same for whoever cannot see the drawing, or has no scripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from blueprint.graph import Node
from dashboards.excerpt import Excerpt
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
    chapters: dict[str, list[Node]] = {}
    for node in drawn.nodes:
        chapters.setdefault(chapter_of(node), []).append(node)
    found = (
        Section(
            number,
            title,
            sum(node.id in selection.shown for node in nodes),
            counts(statuses[node.id] for node in nodes),
            tuple(rows[node.id] for node in nodes if node.id in rows),
        )
        for number, (title, nodes) in enumerate(chapters.items(), 1)
    )
    return tuple(section for section in found if section.shown)


def _rows(drawn: Excerpt, selection: Selection, statuses: Statuses, ready: frozenset[str]) -> dict[str, Row]:
    edges = [edge for edge in drawn.edges if not edge.implied]
    uses, used_by = Counter(edge.user for edge in edges), Counter(edge.used for edge in edges)
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


def counts(statuses: Iterable[Formal | None]) -> Tally:
    """Of those that were there."""
    return Tally(dict(Counter(status for status in statuses if status is not None)))
