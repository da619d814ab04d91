"""A graph ready to be drawn: boxes with their words, lines between them, frames around chapters.

It follows from the blueprint alone; how its nodes look is said by `Marks`.
"""

from __future__ import annotations

from dataclasses import dataclass

from blueprint.graph import Graph, Node
from blueprint.identity import remembered
from dashboards import links
from dashboards.excerpt import Edge, Excerpt, excerpt, question
from dashboards.graph_query import BY_CHAPTER, Query
from dashboards.layers import Point
from dashboards.layout import Layout, Plan, laid_out
from dashboards.progress import chapter_of
from dashboards.wording import plain_line, plain_math

WHOLE = 120  # nodes; a graph with more is drawn by chapters, unless one asks otherwise
LONGEST_TITLE = 26
SHORT = {"definition": "Def", "theorem": "Thm", "lemma": "Lem", "proposition": "Prop", "corollary": "Cor"}
# Widths in a font of 11 pixels: about, and rather too wide. Letters from here on are as wide as high.
_MARGIN, _LETTER, _WIDE, _FIRST_WIDE = 34.0, 6.2, 9.5, 0x2E80
_ICON = 14.0  # with the space behind it


@dataclass(frozen=True, slots=True)
class Box:
    """A node: its caption, the lines that stand on it, its title in full, its page, and where it stands.

    What has no title goes by its id.
    """

    id: str
    caption: str
    first: str
    second: str
    title: str
    url: str
    centre: Point
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """An edge by the positions of its boxes, and the points that it goes through."""

    used: int
    user: int
    parts: tuple[str, ...]
    implied: bool
    bends: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The frame of a chapter and the positions of its boxes. `x` and `y` are its upper left corner."""

    title: str
    x: float
    y: float
    width: float
    height: float
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything of a drawing; `between` joins groups by their positions, with the number of edges.

    `pages` is the address below which nodes have their pages.
    """

    pages: str
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    groups: tuple[Group, ...]
    between: tuple[tuple[int, int, int], ...]
    width: float
    height: float


def chart(graph: Graph, slug: str, query: Query) -> Chart:
    """What the query draws of the graph of the project `slug`: the very same chart, while remembered."""
    asked = question(graph, query)
    make = _part if asked.is_part else _whole
    return make(graph, slug, asked.focus, asked.way, asked.goal, asked.group, asked.every)


def _chart(graph: Graph, slug: str, focus: str, way: str, goal: str, group: str, every: bool) -> Chart:
    query = Query(focus=focus, way=way, goal=goal, group=group, every=every)
    drawn = excerpt(graph, query)
    words = [_words(node) for node in drawn.nodes]
    widths = [_width(first, second) for first, second, _ in words]
    layout = laid_out(_plan(drawn, widths, grouped=is_grouped(drawn, query)), query.is_part)
    number = {node.id: at for at, node in enumerate(drawn.nodes)}
    return Chart(
        links.project_path(slug, "nodes/"),
        tuple(
            Box(node.id, _plain(node.caption), *lines, links.node_path(slug, node.id), centre, width)
            for node, lines, width in zip(drawn.nodes, words, widths, strict=True)
            for centre in (layout.centres[node.id],)
        ),
        tuple(_line(edge, number, layout) for edge in drawn.edges if query.every or not edge.implied),
        _groups(drawn, layout),
        _between(layout),
        layout.width,
        layout.height,
    )


# Anybody may ask for as many parts as there are nodes: none of them drives out what everybody looks at.
_whole, _part = remembered(16)(_chart), remembered(16)(_chart)


def is_grouped(drawn: Excerpt, query: Query) -> bool:
    several = len({chapter_of(node) for node in drawn.nodes}) > 1
    return several and (query.group == BY_CHAPTER or (not query.group and len(drawn.nodes) > WHOLE))


def _plan(drawn: Excerpt, widths: list[float], *, grouped: bool) -> Plan:
    """Implied edges have no say in where things stand."""
    groups = [chapter_of(node) if grouped else "" for node in drawn.nodes]
    boxes = zip((node.id for node in drawn.nodes), widths, groups, strict=True)
    return Plan(tuple(boxes), tuple((edge.used, edge.user) for edge in drawn.edges if not edge.implied))


def _words(node: Node) -> tuple[str, str, str]:
    kind, title = SHORT.get(node.kind, node.kind.capitalize()), _plain(node.title or node.id)
    short = title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"
    return _plain(f"{kind} {node.number or ''}")[:LONGEST_TITLE].rstrip(), short, title


def _plain(text: str) -> str:
    return plain_line(plain_math(text))


def _width(first: str, second: str) -> float:
    """In whole steps, so that a small change of words moves little."""
    longest = max(length(first) + _ICON, length(second))
    return 10.0 * round((_MARGIN + longest) / 10)


def length(text: str) -> float:
    """How wide a text is in letters of 11 pixels, about, and rather too wide."""
    wide = 0 if text.isascii() else sum(ord(letter) >= _FIRST_WIDE for letter in text)
    return _LETTER * (len(text) - wide) + _WIDE * wide


def _line(edge: Edge, number: dict[str, int], layout: Layout) -> Line:
    bends = layout.bends.get((edge.used, edge.user), ())
    return Line(number[edge.used], number[edge.user], edge.parts, edge.implied, bends)


def _groups(drawn: Excerpt, layout: Layout) -> tuple[Group, ...]:
    members: dict[str, list[int]] = {}
    for at, node in enumerate(drawn.nodes):
        members.setdefault(chapter_of(node), []).append(at)
    return tuple(
        Group(_plain(one.group), one.x, one.y, one.width, one.height, tuple(members[one.group]))
        for one in layout.frames
    )


def _between(layout: Layout) -> tuple[tuple[int, int, int], ...]:
    number = {frame.group: at for at, frame in enumerate(layout.frames)}
    return tuple((number[a], number[b], count) for (a, b), count in layout.between.items())
