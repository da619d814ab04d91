"""Where a graph's nodes, edges and chapters stand on the page; computed once for the same content."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from dashboards.layers import FLATTEST, Drawing, Pair, Point, Size, drawn
from dashboards.layout_cache import Parts, kept

HEIGHT = 42.0  # of a box with two lines
BETWEEN_ROWS = 46.0
PADDING = 30.0  # within the frame of a chapter
HEADING = 60.0  # its title, above its nodes
BETWEEN_FRAMES = 120.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be laid out: (id, width, group) of each box, and the edges (used, user) that say how.

    The same plan has the same layout, so it is the key under which that is kept. Without groups ("") the
    boxes make one drawing.
    """

    boxes: tuple[tuple[str, float, str], ...]
    edges: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """The box around a group. `x` and `y` are its upper left corner."""

    group: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Middles of boxes, the points that edges go through, the frames, and how many edges join two groups."""

    centres: Mapping[str, Point]
    bends: Mapping[Pair, tuple[Point, ...]]
    frames: tuple[Frame, ...]
    between: Mapping[Pair, int]
    width: float
    height: float


@lru_cache(maxsize=16)
def laid_out(plan: Plan, part: bool = False) -> Layout:
    """The layout of a plan, as it was where the same was asked for before; `part`: of less than a graph."""
    centres, bends, frames, between, width, height = kept(plan, lambda: _parts(_made(plan)), part=part)
    return Layout(centres, bends, tuple(Frame(*frame) for frame in frames), between, width, height)


def _parts(made: Layout) -> Parts:
    frames = tuple((one.group, one.x, one.y, one.width, one.height) for one in made.frames)
    places = dict(made.centres), dict(made.bends)
    return (*places, frames, dict(made.between), made.width, made.height)


def _made(plan: Plan) -> Layout:
    groups = tuple(dict.fromkeys(group for _, _, group in plan.boxes if group))
    if not groups:
        drawing = drawn({id: (width, HEIGHT) for id, width, _ in plan.boxes}, plan.edges, BETWEEN_ROWS)
        return _measured(plan, drawing, (), {})
    return _in_frames(plan, groups)


def _in_frames(plan: Plan, groups: tuple[str, ...]) -> Layout:
    """Each group laid out by itself, and then the groups as boxes on shelves."""
    home = {id: group for id, _, group in plan.boxes}
    inner: dict[str, list[Pair]] = {group: [] for group in groups}
    for edge in plan.edges:
        if home[edge[0]] == home[edge[1]]:
            inner[home[edge[0]]].append(edge)
    sizes: dict[str, dict[str, Size]] = {group: {} for group in groups}
    for id, width, group in plan.boxes:
        sizes[group][id] = (width, HEIGHT)
    parts = {group: drawn(sizes[group], inner[group], BETWEEN_ROWS) for group in groups}
    between = Counter((home[a], home[b]) for a, b in plan.edges if home[a] != home[b])
    frames = _frames(plan, parts)
    return _measured(plan, _moved(parts, frames), frames, dict(between))


def _frames(plan: Plan, parts: Mapping[str, Drawing]) -> tuple[Frame, ...]:
    width_of = {id: width for id, width, _ in plan.boxes}
    sizes = {}
    for group, part in parts.items():
        right = max(x + width_of[id] / 2 for id, (x, _) in part.centres.items())
        low = max(y + HEIGHT / 2 for _, y in part.centres.values())
        sizes[group] = (right + 2 * PADDING, low + HEADING + PADDING)
    return _shelved(sizes)


def _shelved(sizes: Mapping[str, Size]) -> tuple[Frame, ...]:
    """In the order of the document, as one reads: from left to right, then the next row."""
    area = sum((width + BETWEEN_FRAMES) * (height + BETWEEN_FRAMES) for width, height in sizes.values())
    widest = max(math.sqrt(FLATTEST * area), max(width for width, _ in sizes.values()))
    x = y = deepest = 0.0
    out = []
    for group, (width, height) in sizes.items():
        if x and x + width > widest:
            x, y, deepest = 0.0, y + deepest + BETWEEN_FRAMES, 0.0
        out.append(Frame(group, x, y, width, height))
        x, deepest = x + width + BETWEEN_FRAMES, max(deepest, height)
    return tuple(out)


def _moved(parts: Mapping[str, Drawing], frames: tuple[Frame, ...]) -> Drawing:
    centres: dict[str, Point] = {}
    bends: dict[Pair, tuple[Point, ...]] = {}
    for frame in frames:
        dx, dy = frame.x + PADDING, frame.y + HEADING
        part = parts[frame.group]
        centres.update((id, (x + dx, y + dy)) for id, (x, y) in part.centres.items())
        bends.update((pair, tuple((x + dx, y + dy) for x, y in way)) for pair, way in part.bends.items())
    return Drawing(centres, bends)


def _measured(plan: Plan, drawing: Drawing, frames: tuple[Frame, ...], between: Mapping[Pair, int]) -> Layout:
    rights = [drawing.centres[id][0] + width / 2 for id, width, _ in plan.boxes]
    lows = [y + HEIGHT / 2 for _, y in drawing.centres.values()]
    width = max((*rights, *(frame.x + frame.width for frame in frames)), default=0.0)
    height = max((*lows, *(frame.y + frame.height for frame in frames)), default=0.0)
    return Layout(drawing.centres, drawing.bends, frames, between, width, height)
