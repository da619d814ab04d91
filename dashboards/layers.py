"""The layered layout of a graph, after Sugiyama: which row everything stands in, in what order, and where.

An edge over several rows gets a place in each row between, so that it goes around what stands there.
Everything is numbered by its position; the same drawing is always laid out in the same way.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from blueprint.graph import Links
from blueprint.structure import structure

GAP = 22.0  # between neighbours of a row
THREAD = 12.0  # between an edge that passes and its neighbours
FARTHEST = 14  # rows that an edge may go through with a place in each; a longer one is drawn straight
FLATTEST = 1.7  # how much wider than high a drawing may be before its rows are broken
SWEEPS = ((600, 16), (4000, 8))  # how often rows are put in order, for so many things
FEWEST_SWEEPS = 4
ENOUGH = 3  # sweeps that make nothing better
ROUNDS = 8  # of pulling everything to where its neighbours are
STRAIGHT = 6.0  # how much a passing edge pulls at itself, against a box

Point = tuple[float, float]
Size = tuple[float, float]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Where the middle of each box is, and through which points an edge goes on its way."""

    centres: Mapping[str, Point]
    bends: Mapping[Pair, tuple[Point, ...]]


def drawn(sizes: Mapping[str, Size], edges: Sequence[Pair], between_rows: float) -> Drawing:
    """Boxes of these sizes, those that are used above their users."""
    net = _Net(sizes, edges, between_rows)
    rows = _ordered(net)
    xs = _across(net, rows)
    ys = _downwards(net, rows, between_rows)
    middle = [(x, ys[row]) for x, row in zip(xs, net.row, strict=True)]
    names = list(sizes)
    bends = {pair: _corners([middle[one] for one in chain]) for pair, chain in net.chains.items()}
    return Drawing(dict(zip(names, middle, strict=False)), bends)


def _corners(way: Sequence[Point]) -> tuple[Point, ...]:
    """The way without the points that only lie on a straight line downwards."""
    inner = (
        here
        for before, here, after in zip(way, way[1:], way[2:], strict=False)
        if not abs(before[0] - here[0]) < 1 > abs(here[0] - after[0])
    )
    return (way[0], *inner, *way[-1:]) if len(way) > 1 else tuple(way)


class _Net:
    """Boxes and the places of passing edges, by number: rows, sizes, and neighbours above and below."""

    def __init__(self, sizes: Mapping[str, Size], edges: Sequence[Pair], between_rows: float) -> None:
        self.row = _rows(sizes, Links.of(sizes, edges), between_rows)
        self.boxes = len(self.row)
        self.width = [width for width, _ in sizes.values()]
        self.height = [height for _, height in sizes.values()]
        self.above: dict[int, list[int]] = defaultdict(list)
        self.below: dict[int, list[int]] = defaultdict(list)
        self.chains: dict[Pair, list[int]] = {}
        number = {name: position for position, name in enumerate(sizes)}
        for used, user in edges:
            self._join((used, user), number[used], number[user])

    def _join(self, pair: Pair, start: int, end: int) -> None:
        """Edges within a row (in a circle) and long ones pull at nothing."""
        span = self.row[end] - self.row[start]
        if not 0 < span <= FARTHEST:
            return
        between = range(len(self.row), len(self.row) + span - 1)
        self.row.extend(range(self.row[start] + 1, self.row[end]))
        self.width.extend([0.0] * len(between))
        self.height.extend([0.0] * len(between))
        for upper, lower in zip((start, *between), (*between, end), strict=True):
            self.below[upper].append(lower)
            self.above[lower].append(upper)
        if between:
            self.chains[pair] = list(between)

    def gap(self, left: int, right: int) -> float:
        """How far the middles of two neighbours must be apart."""
        thin = left >= self.boxes or right >= self.boxes
        return (self.width[left] + self.width[right]) / 2 + (THREAD if thin else GAP)


def _rows(sizes: Mapping[str, Size], links: Links, between_rows: float) -> list[int]:
    """The row of each box, numbered without holes."""
    levels = _settled(links, structure(links).levels())
    widest = _widest(sizes, between_rows)
    members: dict[int, list[str]] = defaultdict(list)
    for name in sizes:
        members[levels[name]].append(name)
    rows = [row for level in sorted(members) for row in _broken(members[level], sizes, widest)]
    row_of = {name: at for at, row in enumerate(rows) for name in row}
    return [row_of[name] for name in sizes]


def _settled(links: Links, levels: dict[str, int]) -> dict[str, int]:
    """Let what has more users than uses stand as near above them as it can, which shortens its edges."""
    for name in sorted(levels, key=levels.__getitem__, reverse=True):
        users = links.succ[name]
        if len(users) > len(links.pred[name]):
            levels[name] = max(levels[name], min(levels[user] for user in users) - 1)
    return levels


def _widest(sizes: Mapping[str, Size], between_rows: float) -> float:
    area = sum((width + GAP) * (height + between_rows) for width, height in sizes.values())
    broadest = max((width for width, _ in sizes.values()), default=0.0)
    return max(1.4 * math.sqrt(FLATTEST * area), 3 * broadest, 1000.0)


def _broken(row: Sequence[str], sizes: Mapping[str, Size], widest: float) -> list[list[str]]:
    """The row, in as many of even width as it takes."""
    ends = list(accumulate(sizes[name][0] + GAP for name in row))
    parts = int(ends[-1] // widest) + 1
    out: list[list[str]] = [[] for _ in range(parts)]
    for name, end in zip(row, ends, strict=True):
        out[min(int(parts * (end - 1) / ends[-1]), parts - 1)].append(name)
    return [part for part in out if part]


def _ordered(net: _Net) -> list[list[int]]:
    """The rows in the order with the fewest crossings that was found."""
    rows: list[list[int]] = [[] for _ in range(max(net.row, default=-1) + 1)]
    for one, row in enumerate(net.row):
        rows[row].append(one)
    best, fewest, since = rows, _crossings(net, rows), 0
    for sweep in range(_sweeps(len(net.row))):
        rows = _swept(net, rows, downwards=sweep % 2 == 0)
        since += 1
        if (count := _crossings(net, rows)) < fewest:
            best, fewest, since = rows, count, 0
        if not fewest or since == ENOUGH:
            break
    return best


def _sweeps(things: int) -> int:
    return next((sweeps for most, sweeps in SWEEPS if things <= most), FEWEST_SWEEPS)


def _swept(net: _Net, rows: list[list[int]], *, downwards: bool) -> list[list[int]]:
    """Every row sorted by where its neighbours stand in the row before it."""
    near = net.above if downwards else net.below
    place = {one: at / len(row) for row in rows for at, one in enumerate(row)}
    out = []
    for row in rows if downwards else reversed(rows):
        pull = {one: _mean([place[other] for other in near[one]], place[one]) for one in row}
        new = sorted(row, key=pull.__getitem__)
        place.update((one, at / len(row)) for at, one in enumerate(new))
        out.append(new)
    return out if downwards else out[::-1]


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default


def _crossings(net: _Net, rows: Sequence[Sequence[int]]) -> int:
    place = {one: at for row in rows for at, one in enumerate(row)}
    return sum(
        _inversions([at for one in row for at in sorted(place[other] for other in net.below[one])])
        for row in rows
    )


def _inversions(values: Sequence[int]) -> int:
    """How many pairs are in the wrong order, counted in a tree of sums (Fenwick's)."""
    size = max(values, default=-1) + 1
    tree, found = [0] * (size + 1), 0
    for seen, value in enumerate(values):
        at, smaller = value + 1, 0
        while at > 0:
            smaller += tree[at]
            at -= at & -at
        found += seen - smaller
        at = value + 1
        while at <= size:
            tree[at] += 1
            at += at & -at
    return found


def _across(net: _Net, rows: Sequence[Sequence[int]]) -> list[float]:
    """Where everything stands from left to right: near its neighbours, passing edges straight."""
    xs = [0.0] * len(net.row)
    for row in rows:
        _place(net, row, xs, [0.0] * len(row))
    for turn in range(ROUNDS):
        near = (net.above, net.below)[turn % 2]
        for row in rows if turn % 2 == 0 else reversed(rows):
            _place(net, row, xs, [_pulled(net, one, near[one], xs) for one in row])
    for row in rows:
        _place(net, row, xs, [_pulled(net, one, (*net.above[one], *net.below[one]), xs) for one in row])
    left = min((x - width / 2 for x, width in zip(xs, net.width, strict=True)), default=0.0)
    return [x - left for x in xs]


def _pulled(net: _Net, one: int, near: Sequence[int], xs: Sequence[float]) -> float:
    """An edge that passes pulls more than a box: what is straight is easy to follow."""
    if not near:
        return xs[one]
    weights = [STRAIGHT if one >= net.boxes and other >= net.boxes else 1.0 for other in near]
    return sum(weight * xs[other] for weight, other in zip(weights, near, strict=True)) / sum(weights)


def _place(net: _Net, row: Sequence[int], xs: list[float], wanted: Sequence[float]) -> None:
    """As near to `wanted` as the gaps allow, in least squares: neighbours that collide share their mean."""
    offsets = list(accumulate((net.gap(left, right) for left, right in pairwise(row)), initial=0.0))
    blocks: list[tuple[float, int]] = []  # sum of what is wanted without the offsets, and how many
    for want, offset in zip(wanted, offsets, strict=False):
        total, count = want - offset, 1
        while blocks and blocks[-1][0] * count > total * blocks[-1][1]:
            more, others = blocks.pop()
            total, count = total + more, count + others
        blocks.append((total, count))
    means = [total / count for total, count in blocks for _ in range(count)]
    for one, mean, offset in zip(row, means, offsets, strict=False):
        xs[one] = mean + offset


def _downwards(net: _Net, rows: Sequence[Sequence[int]], between_rows: float) -> list[float]:
    """The middle of each row."""
    heights = [max(net.height[one] for one in row) for row in rows]
    tops = accumulate((height + between_rows for height in heights), initial=0.0)
    return [top + height / 2 for top, height in zip(tops, heights, strict=False)]
