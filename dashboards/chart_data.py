"""A chart as data for the page's script, and as a DOT file for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from blueprint.identity import remembered
from dashboards.chart import SHORT, Box, Chart, Group, Line
from dashboards.icons import ICONS
from dashboards.layers import Point
from dashboards.layout import HEIGHT
from dashboards.legend import LEGEND, Entry
from dashboards.marks import Marks
from dashboards.shapes import OUTLINES, RADIUS, ROUND
from dashboards.texts import _
from dashboards.wording import plain_line
from lean_project.verdict import DONE

Json = dict[str, Any]

_PLACE = {entry.key: at for at, entry in enumerate(LEGEND)}

# What Graphviz calls our outlines, where it has them.
_DOT_SHAPES = {
    "round-rectangle": ("box", "rounded"),
    "rectangle": ("box", ""),
    "cut-rectangle": ("box", "diagonals"),
    "hexagon": ("hexagon", ""),
    "octagon": ("octagon", ""),
    "rhomboid": ("parallelogram", ""),
    "pentagon": ("invhouse", ""),
}


def data(chart: Chart) -> Json:
    """Short names and positions instead of words: five thousand nodes have to travel.

    A node is `[id, first line, second line, x, y, width, page, title]`, the last two left out where they are
    the id and the second line; its page is below `pages`, and `kinds` has what the first words are short for.
    An edge is `[used, user, dashed, implied, dx, dy, ...]`: the points that it goes through, from where the
    node is that is used.
    """
    return {
        "pages": chart.pages,
        "kinds": {short: kind.capitalize() for kind, short in SHORT.items()},
        "nodes": [_node(box, chart.pages) for box in chart.boxes],
        "edges": [_edge(line, chart.boxes[line.used].centre) for line in chart.lines],
        "groups": [_group(group) for group in chart.groups],
        "between": chart.between,
        "size": [round(chart.width), round(chart.height)],
        "height": HEIGHT,
        "legend": [_look(entry) for entry in LEGEND],
        "radius": RADIUS,
    }


def marked(marks: Marks) -> Json:
    """What changes while everything stays where it is; a status is its place in the legend, or -1."""
    return {
        "status": _places(marks.looks),
        "ready": sorted(marks.ready),
        "hidden": sorted(marks.hidden),
        "path": marks.path,
        "node": marks.node,
        "freed": marks.freed,
    }


@remembered(8)
def _places(looks: tuple[Entry | None, ...]) -> Sequence[int]:
    return [_PLACE[look.key] if look else -1 for look in looks]


def _node(box: Box, pages: str) -> list[str | int]:
    (x, y), page = box.centre, box.url.removeprefix(pages)
    drawn: list[str | int] = [box.id, box.first, box.second, round(x), round(y), round(box.width)]
    if box.title != box.second:
        return [*drawn, page, box.title]
    return drawn if page == box.id else [*drawn, page]


def _edge(line: Line, start: Point) -> list[int]:
    points = (
        round(value) - round(origin)
        for point in line.bends
        for value, origin in zip(point, start, strict=True)
    )
    return [line.used, line.user, int("statement" not in line.parts), int(line.implied), *points]


def _group(group: Group) -> Json:
    box = [round(group.x), round(group.y), round(group.width), round(group.height)]
    return {"title": group.title, "box": box, "members": group.members}


def _look(entry: Entry) -> Json:
    """How a status is drawn; its colours are in the page's style sheet."""
    return {
        "key": entry.key,
        "word": _(entry.word),
        "icon": ICONS[entry.key],
        "corners": [] if entry.shape == ROUND else [list(corner) for corner in OUTLINES[entry.shape]],
        "border": entry.border,
        "done": entry.status in DONE,
    }


def dot(chart: Chart, marks: Marks) -> str:
    """The nodes and edges that are drawn, for Graphviz; those that filters leave out are left out here."""
    rows = ["digraph blueprint {", "  rankdir=TB;", '  node [fontname="sans-serif", fontsize=11];']
    rows += [
        f"  n{at} [{_dot_words(box)}, {_dot_look(look)}];"
        for at, (box, look) in enumerate(zip(chart.boxes, marks.looks, strict=True))
        if at not in marks.hidden
    ]
    rows += [
        f"  n{line.used} -> n{line.user}{'' if 'statement' in line.parts else ' [style=dashed]'};"
        for line in chart.lines
        if marks.hidden.isdisjoint((line.used, line.user))
    ]
    return "\n".join((*rows, "}", ""))


def _dot_words(box: Box) -> str:
    return f"label={_quoted(box.first, box.second)}, id={_quoted(box.id)}, tooltip={_quoted(box.caption)}"


def _dot_look(entry: Entry | None) -> str:
    if entry is None:
        return "shape=box, style=dotted"
    shape, style = _DOT_SHAPES[entry.shape]
    styles = ",".join(("filled", *filter(None, (style, "dashed" * (entry.border == "dashed")))))
    look, double = entry.light, ", peripheries=2" * (entry.border == "double")
    colours = f'fillcolor="{look.fill}", fontcolor="{look.ink}", color="{look.line}"'
    return f'shape={shape}, style="{styles}", {colours}{double}'


def _quoted(*lines: str) -> str:
    """A string of DOT, in which foreign text stays text: `\\` would begin an escape such as `\\N`."""
    safe = (plain_line(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(safe) + '"'
