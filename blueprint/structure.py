"""The shape of a dependency graph: what stands on what, how high, and what has to come first.

Everything takes a graph as `blueprint.graph.links` or `digraph` makes it: an edge `a -> b` where `b` uses
`a`. Nodes that use each other in a circle make a *knot* and count as one, so that every question has an
answer. Time and memory are in proportion to nodes and edges, except for `Structure.counts`, `implied` and
`resting`: these take one bit operation for each pair of an edge and a node, thousands of which are one step.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Protocol, TypeVar

# How many columns of the table of ancestors are made at a time: bounds memory, at two kilobytes a node.
_BLOCK = 16384

T = TypeVar("T")


class Edges(Protocol):
    """Nodes in their order, the users of each and what each uses."""

    @property
    def succ(self) -> Mapping[str, Iterable[str]]: ...

    @property
    def pred(self) -> Mapping[str, Iterable[str]]: ...

    def __iter__(self) -> Iterator[str]: ...


def downstream(edges: Edges, starts: Iterable[str]) -> set[str]:
    """The nodes of `starts`, and all that rest on one of them."""
    found = set(waiting := list(starts))
    while waiting:
        for user in edges.succ[waiting.pop()]:
            if user not in found:
                found.add(user)
                waiting.append(user)
    return found


def grounded(edges: Edges, done: Collection[str]) -> set[str]:
    """The nodes in `done` of which everything below is in `done` too."""
    return set(edges) - downstream(edges, (name for name in edges if name not in done))


def ready(edges: Edges, done: Collection[str]) -> list[str]:
    """What can be taken up next: the nodes not in `done` that use none but those, in the graph's order."""
    return [name for name in edges if name not in done and all(used in done for used in edges.pred[name])]


@dataclass(frozen=True, slots=True)
class Knot:
    """Nodes that depend on each other, in the graph's order; `way` is a shortest way around."""

    nodes: tuple[str, ...]
    way: tuple[str, ...]


def knots(edges: Edges) -> list[Knot]:
    """Every knot; a node that uses itself is one too."""
    groups = structure(edges).groups
    tied = (group for group in groups if len(group) > 1 or group[0] in edges.succ[group[0]])
    return [Knot(group, _around(edges, group)) for group in tied]


def _around(edges: Edges, knot: tuple[str, ...]) -> tuple[str, ...]:
    start, inside = knot[0], frozenset(knot)
    before = {start: start}
    for name in (queue := [start]):
        for user in edges.succ[name]:
            if user == start:
                return _trail(before, name)
            if user in inside and user not in before:
                before[user] = name
                queue.append(user)
    raise ValueError(f"{start} is in no knot")


def _trail(before: Mapping[str, str], last: str) -> tuple[str, ...]:
    trail = [last]
    while before[trail[-1]] != trail[-1]:
        trail.append(before[trail[-1]])
    return tuple(reversed(trail))


@dataclass(frozen=True, slots=True)
class Structure:
    """A graph as a row of groups, each of which uses only groups before it.

    A group is a node by itself, or a knot. `uses` holds the positions of the groups that each one uses.
    """

    groups: tuple[tuple[str, ...], ...]
    uses: tuple[tuple[int, ...], ...]

    def positions(self) -> dict[str, int]:
        """Where the group of each node stands."""
        return self._by_node(range(len(self.groups)))

    def turned(self) -> Structure:
        """The same with every edge the other way: what a node used, uses it."""
        last = len(self.groups) - 1
        users: list[list[int]] = [[] for _ in self.groups]
        for position, uses in enumerate(self.uses):
            for used in uses:
                users[last - used].append(last - position)
        return Structure(self.groups[::-1], tuple(map(tuple, users)))

    def levels(self) -> dict[str, int]:
        """The length of the longest chain of groups below each node: 0 where it uses nothing."""
        levels: list[int] = []
        for uses in self.uses:
            levels.append(max((levels[used] + 1 for used in uses), default=0))
        return self._by_node(levels)

    def counts(self, counted: Collection[str] | None = None) -> dict[str, int]:
        """On how many nodes (of `counted`, where given) each node rests, directly or not; itself left out."""
        chosen = frozenset(chain.from_iterable(self.groups)) if counted is None else frozenset(counted)
        sizes = [len(chosen.intersection(group)) for group in self.groups]
        totals = sizes.copy()
        for _, below in _tables(self.uses, sizes):
            totals = [total + bits.bit_count() for total, bits in zip(totals, below, strict=True)]
        return {name: total - (name in chosen) for name, total in self._by_node(totals).items()}

    def implied(self) -> set[tuple[int, int]]:
        """The pairs (used, user) of positions between which there is a longer way as well."""
        found: set[tuple[int, int]] = set()
        for own, below in _tables(self.uses, [1] * len(self.groups)):
            for user, uses in enumerate(self.uses):
                if len(uses) > 1 and (direct := [used for used in uses if own[used]]):
                    farther = _union(below, uses)
                    found.update((used, user) for used in direct if own[used] & farther)
        return found

    def resting(self, pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of the pairs (a, b) of nodes where b rests on a; in a knot all rest on all."""
        home = self.positions()
        asked = [(pair, home[pair[0]], home[pair[1]]) for pair in pairs]
        found = {pair for pair, a, b in asked if a == b and len(self.groups[a]) > 1}
        for own, below in _tables(self.uses, [1] * len(self.groups)):
            found.update(pair for pair, a, b in asked if own[a] & below[b])
        return found

    def heaviest(self, weights: Mapping[str, float], goal: str | None = None) -> tuple[str, ...]:
        """The critical path: the heaviest chain that ends in `goal`, or anywhere, first to do first.

        Nodes without weight are left out of it; of a knot on the way it has every node.
        """
        own = [sum(weights.get(name, 0) for name in group) for group in self.groups]
        total, before = _chains(self.uses, own)
        ends = [position for position, group in enumerate(self.groups) if goal is None or goal in group]
        at = max(ends, key=total.__getitem__, default=-1)
        path: list[tuple[str, ...]] = []
        while at >= 0:
            path.append(self.groups[at])
            at = before[at]
        return tuple(name for group in reversed(path) for name in group if weights.get(name, 0))

    def chains(self, weights: Mapping[str, float]) -> tuple[dict[str, float], dict[str, str | None]]:
        """For each node the weight of the heaviest chain that ends in it, and the node before it there."""
        own = [sum(weights.get(name, 0) for name in group) for group in self.groups]
        total, before = _chains(self.uses, own)
        names = (self.groups[position][-1] if position >= 0 else None for position in before)
        return self._by_node(total), self._by_node(names)

    def _by_node(self, values: Iterable[T]) -> dict[str, T]:
        return {name: value for group, value in zip(self.groups, values, strict=True) for name in group}


def structure(edges: Edges) -> Structure:
    """The same graph always has the same structure."""
    groups = _groups(edges)
    home = {name: position for position, group in enumerate(groups) for name in group}
    return Structure(groups, tuple(_used(edges, home, group) for group in groups))


def implied(edges: Edges) -> set[tuple[str, str]]:
    """The edges (used, user) that a longer way implies; where two knots meet in several, none is longer."""
    whole = structure(edges)
    home = whole.positions()
    found = whole.implied()
    return {(used, user) for used in edges for user in edges.succ[used] if (home[used], home[user]) in found}


def _groups(edges: Edges) -> tuple[tuple[str, ...], ...]:
    order = {name: position for position, name in enumerate(edges)}
    single = _ordered(edges)
    if len(single) == len(order):
        return tuple((name,) for name in single)
    import networkx as nx  # which takes longer to load than most blueprints to read; and few have knots

    whole: nx.DiGraph[str] = nx.DiGraph({name: list(edges.succ[name]) for name in order})
    tied = nx.strongly_connected_components(whole)  # those first that nothing uses
    return tuple(tuple(sorted(group, key=order.__getitem__)) for group in tied)[::-1]


def _ordered(edges: Edges) -> list[str]:
    """The nodes, each after all it uses; without those that are in a knot or rest on one."""
    missing = {name: len(list(edges.pred[name])) for name in edges}
    ordered = [name for name, count in missing.items() if not count]
    for name in ordered:
        for user in edges.succ[name]:
            missing[user] -= 1
            if not missing[user]:
                ordered.append(user)
    return ordered


def _used(edges: Edges, home: Mapping[str, int], group: tuple[str, ...]) -> tuple[int, ...]:
    itself = home[group[0]]
    names = chain.from_iterable(map(edges.pred.__getitem__, group))
    used = dict.fromkeys(map(home.__getitem__, names))
    used.pop(itself, None)
    return tuple(used)


def _chains(uses: Sequence[Sequence[int]], own: Sequence[float]) -> tuple[list[float], list[int]]:
    """The weight of the heaviest chain that ends in each group, and the one before it there (or -1)."""
    total: list[float] = []
    before: list[int] = []
    for used, weight in zip(uses, own, strict=True):
        best = max(used, key=total.__getitem__, default=-1)
        before.append(best)
        total.append(weight + (total[best] if best >= 0 else 0))
    return total, before


def _tables(uses: Sequence[Sequence[int]], sizes: Sequence[int]) -> Iterator[tuple[list[int], list[int]]]:
    """For each group its own bits, as many as its size, and the bits of all groups below it.

    They come in blocks of columns, because one table would have nodes times nodes bits.
    """
    ends = list(accumulate(sizes))
    for start in range(0, sum(sizes), _BLOCK):
        own = [0] * len(sizes)
        first, last = bisect_right(ends, start), bisect_left(ends, start + _BLOCK, hi=len(ends) - 1)
        for position in range(first, last + 1):
            low, high = max(ends[position] - sizes[position], start), min(ends[position], start + _BLOCK)
            own[position] = (1 << high - start) - (1 << low - start)
        yield own, _below(uses, own)


def _below(uses: Sequence[Sequence[int]], own: Sequence[int]) -> list[int]:
    below: list[int] = []
    whole: list[int] = []
    for used, itself in zip(uses, own, strict=True):
        bits = _union(whole, used)
        below.append(bits)
        whole.append(bits | itself if itself else bits)
    return below


def _union(rows: Sequence[int], positions: Iterable[int]) -> int:
    bits = 0
    for position in positions:
        bits |= rows[position]
    return bits
