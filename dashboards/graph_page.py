"""What the graph's page says around the drawing: its filters, and the node that is looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from blueprint.graph import Graph, Links, Node, ends
from blueprint.identity import remembered
from blueprint.structure import downstream
from dashboards import links, relations
from dashboards.chart_data import marked
from dashboards.excerpt import Excerpt, excerpt
from dashboards.graph_list import Section, counts, is_listed, sections
from dashboards.graph_query import BOTH, DOWN, UP, Query
from dashboards.marks import marks
from dashboards.progress import Tally, chapter_of
from dashboards.selection import Selection, Then, free, hands, select, shape, standing, standings
from dashboards.snapshot import PersonView, Snapshot, TaskView
from dashboards.texts import _, later
from lean_project.status import Formal

GOALS = 40  # offered by name; any node can be made one from its own panel
PICTURED = 200  # nodes that are shown as a picture where there are no scripts


@dataclass(frozen=True, slots=True)
class Moment:
    """A checked commit, whose statuses are on the books."""

    sha: str
    at: datetime
    summary: str


@dataclass(frozen=True, slots=True)
class Past:
    """The checked commits, oldest first, and the one whose statuses are shown; None for the newest."""

    moments: tuple[Moment, ...] = ()
    chosen: Moment | None = None
    then: Then | None = None


NO_PAST = Past()


@dataclass(frozen=True, slots=True)
class Panel:
    """The node that is looked at. `below` and `above` count all that it rests on, and all that rests on it.

    `ways` are views to go on to, with their names.
    """

    node: Node
    status: Formal | None
    uses: tuple[str, ...]
    used_by: tuple[str, ...]
    below: int
    above: int
    freed: tuple[str, ...]
    tasks: tuple[TaskView, ...]
    ways: tuple[tuple[str, Query], ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What filters can be set to, each with how many nodes it leaves of the whole project.

    Any node can be a goal, but only `goals` are offered by name.
    """

    chapters: Mapping[str, int]
    people: tuple[tuple[PersonView, int], ...]
    tags: Mapping[str, int]
    goals: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class GraphView:
    """Everything on the page that depends on the query.

    `limits` say in words what leaves only a part of the graph, each with the view without it.
    """

    query: Query
    drawn: Excerpt
    selection: Selection
    past: Past
    tally: Tally
    marks: Mapping[str, Any]
    sections: tuple[Section, ...]
    panel: Panel | None
    limits: tuple[tuple[str, Query], ...]
    choices: Choices

    @property
    def listed(self) -> bool:
        """Whether the nodes are listed one by one, not only their chapters."""
        return is_listed(self.selection)

    @property
    def has_picture(self) -> bool:
        return len(self.drawn.nodes) <= PICTURED

    def data(self, slug: str) -> str:
        """Where what is drawn can be had, whatever the rest of the query says."""
        return file_path(slug, "json", self.query.drawing())

    def file(self, slug: str, kind: str) -> str:
        """Where the view can be had as `svg` or `dot`."""
        return file_path(slug, kind, self.query.but(node=""))


def view(snapshot: Snapshot, query: Query, past: Past = NO_PAST) -> GraphView:
    """The page's content. Anybody may have written the query: what is not there restricts nothing."""
    drawn = excerpt(snapshot.graph, query)
    selection = select(snapshot, drawn, query, past.then)
    statuses = standings(snapshot, past.then)
    return GraphView(
        query=query,
        drawn=drawn,
        selection=selection,
        past=past,
        tally=_tally(drawn.nodes, statuses),
        marks=marked(marks(snapshot, drawn, selection, query, past.then)),
        sections=sections(drawn, selection, statuses, free(snapshot, past.then)),
        panel=_panel(snapshot, query, drawn.links, selection, past.then),
        limits=tuple(_limits(snapshot, query)),
        choices=_choices(snapshot, drawn.links),
    )


@remembered(8)
def _tally(nodes: tuple[Node, ...], statuses: Mapping[str, Formal | None]) -> Tally:
    return counts(statuses[node.id] for node in nodes)


def file_path(slug: str, kind: str, query: Query) -> str:
    return links.project_path(slug, f"graph.{kind}") + query.address()


def _panel(
    snapshot: Snapshot, query: Query, edges: Links, selection: Selection, then: Then | None
) -> Panel | None:
    node = relations.by_id(snapshot).get(query.node)
    if node is None:
        return None
    below, above = downstream(Links(edges.pred, edges.succ), [node.id]), downstream(edges, [node.id])
    return Panel(
        node,
        standing(snapshot, node.id, then),
        tuple(edges.pred[node.id]),
        tuple(edges.succ[node.id]),
        len(below) - 1,
        len(above) - 1,
        selection.freed,
        tuple(relations.tasks_on(snapshot, node.id)),
        tuple(_ways(query, node.id)),
    )


def _ways(query: Query, id: str) -> Iterator[tuple[str, Query]]:
    """Where one can go on from a node."""
    whole = Query(node=id, group=query.group, every=query.every, at=query.at)
    yield _("Only what it rests on"), whole.but(focus=id, way=UP)
    yield _("Only what rests on it"), whole.but(focus=id, way=DOWN)
    yield _("Both"), whole.but(focus=id, way=BOTH)
    yield _("Critical path to it"), whole.but(goal=id)


_GROUNDS = later("Only what %(node)s rests on")
_FOCUS = {
    UP: _GROUNDS,
    DOWN: later("Only what rests on %(node)s"),
    BOTH: later("Only what %(node)s rests on, and what rests on it"),
}


def _limits(snapshot: Snapshot, query: Query) -> Iterator[tuple[str, Query]]:
    """What leaves only a part of the graph, and the view without it."""
    nodes = relations.by_id(snapshot)
    if query.goal in nodes:
        yield _(_GROUNDS, node=nodes[query.goal].caption), query.but(goal="")
    elif query.focus in nodes:
        yield _(_FOCUS[query.way], node=nodes[query.focus].caption), query.but(focus="", way=BOTH)
    if query.narrows:
        rest = Query(focus=query.focus, way=query.way, goal=query.goal, node=query.node)
        yield _("Clear the filters"), rest.but(group=query.group, every=query.every, at=query.at)


def _choices(snapshot: Snapshot, edges: Links) -> Choices:
    theirs = _theirs(hands(snapshot))
    return Choices(
        _chapters(snapshot.graph),
        tuple((person, theirs[person.id]) for person in _by_name(snapshot.people)),
        _tags(snapshot.tasks),
        _goals(snapshot.graph, edges),
    )


@remembered(8)
def _theirs(known: frozenset[tuple[int, str]]) -> Counter[int]:
    return Counter(person for person, _ in known)


@remembered(8)
def _chapters(graph: Graph) -> Counter[str]:
    return Counter(map(chapter_of, graph.nodes))


@remembered(8)
def _by_name(people: tuple[PersonView, ...]) -> tuple[PersonView, ...]:
    return tuple(sorted(people, key=lambda person: person.name.casefold()))


@remembered(8)
def _tags(tasks: tuple[TaskView, ...]) -> dict[str, int]:
    tagged = {(tag, task.node) for task in tasks for tag in task.tags}
    return dict(sorted(Counter(tag for tag, _ in tagged).items()))


@remembered(8)
def _goals(graph: Graph, edges: Links) -> tuple[Node, ...]:
    """Those first that stand highest."""
    found, levels = set(ends(graph, edges)), shape(edges).levels()
    goals = [node for node in graph.nodes if node.id in found]
    return tuple(sorted(goals, key=lambda node: -levels[node.id])[:GOALS])
