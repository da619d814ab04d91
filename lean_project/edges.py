"""What nodes use according to Lean, against what `\\uses` says. Pure.

From a node's declarations one walks through those that no node names, and stops at the first that another
node does: these are its real edges. What is told is no more than what the graph gets wrong: an edge that
longer ways of true edges imply is not missing, and one is superfluous only where no way leads there at all.
Time and memory are in proportion to the facts, but for one bit operation for each pair of a use and a name
in `\\lean`, thousands of which are one step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import networkx as nx

from blueprint.graph import Graph, Node, Part, nodes_by_id
from blueprint.structure import structure
from lean_project.facts import SORRY, Fact, Facts
from lean_project.verdict import is_proof

# How many declarations are looked at for a shortest way to show from one node.
_FAR = 500
STATEMENT, PROOF = "statement", "proof"


@dataclass(frozen=True, slots=True)
class Edge:
    """Where `\\uses` and Lean differ: a node uses `used`, or only says so, in its `part`.

    Of a missing edge, `path` leads from a declaration of the node to one of `used`, and `declaration`, which
    stands at `file` and `line` (from 1), is the last before that; of a very long way only the ends are known.
    Of a superfluous one there is no path: `declaration` is the node's first, and the place is that of the
    environment whose `\\uses` names it.
    """

    used: str
    part: str
    declaration: str
    path: tuple[str, ...] = ()
    file: str | None = None
    line: int | None = None

    @property
    def text(self) -> str:
        """A sentence, with names between backticks."""
        if not self.path:
            return f"`\\uses` names `{self.used}`, but the Lean of `{self.declaration}` never gets to it."
        via = f" through {' → '.join(f'`{name}`' for name in self.path[1:-1])}" if self.path[2:] else ""
        used = f"`{self.path[-1]}` of `{self.used}`{via}"
        return f"The {self.part} of `{self.path[0]}` uses {used}, but its `\\uses` does not say so."


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The nodes that a node's statement and its proof come to first, in document order, and the differences.

    A definition has one part, its statement.
    """

    statement: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()
    missing: tuple[Edge, ...] = ()
    superfluous: tuple[Edge, ...] = ()


NO_EDGES = Dependencies()


def dependencies(graph: Graph, facts: Facts) -> dict[str, Dependencies]:
    """Of every node, by id."""
    site = _Site(graph, facts)
    real = {node.id: _Real.of(node, site) for node in graph.nodes}
    superfluous = _superfluous(graph, site, real)
    missing = _missing(graph, real, superfluous)
    return {
        node.id: Dependencies(
            statement=tuple(real[node.id].statement),
            proof=tuple(real[node.id].proof),
            missing=tuple(site.shown(node, missing[node.id])),
            superfluous=tuple(superfluous[node.id].values()),
        )
        for node in graph.nodes
    }


class _Site:
    """Whose each declaration is, and which of those that belong to nodes one comes to first."""

    def __init__(self, graph: Graph, facts: Facts) -> None:
        self.known = facts.by_name()
        self.order = {node.id: position for position, node in enumerate(graph.nodes)}
        self.owners: dict[str, list[str]] = {}
        for node in graph.nodes:
            for name in node.lean:
                self.owners.setdefault(name, []).append(node.id)
        self.names = tuple(self.owners)
        self.bits = {name: 1 << place for place, name in enumerate(self.names)}
        self.rows = {part: self._rows(part) for part in (STATEMENT, PROOF)}

    def used(self, fact: Fact, part: str) -> tuple[str, ...]:
        """Where one walks on from a declaration: a statement that mentions a proof means its type."""
        if part == STATEMENT and is_proof(fact):
            return fact.type_uses
        return fact.type_uses + fact.value_uses

    def reached(self, names: Iterable[str], part: str) -> int:
        """The declarations of nodes that one comes to first from these names, as bits."""
        found = 0
        for name in names:
            found |= self.bits.get(name, 0) or self.rows[part].get(name, 0)
        return found

    def named(self, bits: int) -> Iterator[str]:
        """The declarations that the bits stand for."""
        while bits:
            lowest = bits & -bits
            yield self.names[lowest.bit_length() - 1]
            bits ^= lowest

    def shown(self, node: Node, edges: Iterable[tuple[str, str, str]]) -> Iterator[Edge]:
        """Edges (used node, part, declaration of it) of a node, with their shortest paths."""
        wanted = list(edges)
        for part in (STATEMENT, PROOF):
            targets = {target: used for used, of, target in wanted if of == part}
            paths = self._paths(_starts(node, part, self.known), targets, part) if targets else {}
            for target, used in targets.items():
                maker = self.known.get(paths[target][-2])
                place = (maker.file, maker.line) if maker else (None, None)
                yield Edge(used, part, paths[target][-2], paths[target], *place)

    def _rows(self, part: str) -> dict[str, int]:
        """For each declaration that no node names, what it comes to first."""
        helpers = {name: fact for name, fact in self.known.items() if name not in self.owners}
        uses: nx.DiGraph[str] = nx.DiGraph()
        uses.add_nodes_from(helpers)
        uses.add_edges_from(
            (used, name)
            for name, fact in helpers.items()
            for used in self.used(fact, part)
            if used in helpers
        )
        whole, found = structure(uses), list[int]()
        for group, below in zip(whole.groups, whole.uses, strict=True):
            bits = 0
            for used in (used for name in group for used in self.used(helpers[name], part)):
                bits |= self.bits.get(used, 0)
            for position in below:
                bits |= found[position]
            found.append(bits)
        return {name: found[place] for name, place in whole.positions().items()}

    def _paths(
        self, starts: Mapping[str, tuple[str, ...]], targets: Iterable[str], part: str
    ) -> dict[str, tuple[str, ...]]:
        """Breadth first, only through what leads to a target. What the starts use is settled.

        Of a way that is not found after `_FAR` declarations only the ends are given.
        """
        left, rows = sum(self.bits[target] for target in targets), self.rows[part]
        before: dict[str, str | None] = dict.fromkeys(starts)
        found: dict[str, tuple[str, ...]] = {}
        queue = [(name, starts[name]) for name in starts]
        for name, used in islice(queue, _FAR):
            for one in used:
                if self.bits.get(one, 0) & left:
                    found[one] = (*_trail(before, name), one)
                    left ^= self.bits[one]
                elif one not in before and rows.get(one, 0) & left:
                    before[one] = name
                    queue.append((one, self.used(self.known[one], part)))
            if not left:
                break
        return self._ends(starts, self.named(left), part) | found

    def _ends(
        self, starts: Mapping[str, tuple[str, ...]], targets: Iterable[str], part: str
    ) -> dict[str, tuple[str, ...]]:
        reached = {name: self.reached(used, part) for name, used in starts.items()}
        return {
            target: (next(name for name in starts if reached[name] & self.bits[target]), target)
            for target in targets
        }


def _trail(before: Mapping[str, str | None], last: str) -> tuple[str, ...]:
    trail: list[str] = []
    name: str | None = last
    while name is not None:
        trail.append(name)
        name = before[name]
    return tuple(reversed(trail))


def _starts(node: Node, part: str, known: Mapping[str, Fact]) -> dict[str, tuple[str, ...]]:
    """What each declaration of a node uses in that part, before any walking.

    A definition is one part: all that its declarations use. Of a theorem, what only its proof names belongs
    to the proof, type and all.
    """
    facts = [known[name] for name in node.lean if name in known]
    stated = node.statement.lean or node.lean
    if node.is_definition:
        return {fact.name: fact.type_uses + fact.value_uses for fact in facts if part == STATEMENT}
    if part == STATEMENT:
        return {fact.name: fact.type_uses for fact in facts if fact.name in stated}
    return {
        fact.name: fact.value_uses if fact.name in stated else fact.type_uses + fact.value_uses
        for fact in facts
    }


@dataclass(frozen=True, slots=True)
class _Real:
    """The nodes that the parts of one come to first, in document order, each with a declaration of it."""

    statement: Mapping[str, str]
    proof: Mapping[str, str]

    @classmethod
    def of(cls, node: Node, site: _Site) -> _Real:
        own = sum(site.bits[name] for name in node.lean)
        said = frozenset(_said(node))

        def first(part: str) -> dict[str, str]:
            used = (name for uses in _starts(node, part, site.known).values() for name in uses)
            found: dict[str, str] = {}
            for name in site.named(site.reached(used, part) & ~own):
                found.setdefault(_owner(site.owners[name], said), name)
            return {id: found[id] for id in sorted(found, key=site.order.__getitem__)}

        return cls(first(STATEMENT), first(PROOF))


def _owner(owners: list[str], said: Collection[str]) -> str:
    """Whose a declaration is that several nodes name: one of which the node speaks, else the first's."""
    return next((id for id in owners if id in said), owners[0])


def _said(node: Node) -> dict[str, tuple[str, Part]]:
    """The nodes that `\\uses` names, each with the first part that does."""
    proof = ((used, (PROOF, node.proof)) for used in node.proof.uses) if node.proof else ()
    return {**dict(proof), **dict.fromkeys(node.statement.uses, (STATEMENT, node.statement))}


def _superfluous(graph: Graph, site: _Site, real: Mapping[str, _Real]) -> dict[str, dict[str, Edge]]:
    """By node: what `\\uses` names and no way leads to. Said only where Lean can tell.

    A proof that is not complete may need it yet, and what lies in Lean's library cannot be walked through.
    """
    nodes = nodes_by_id(graph)
    whole = {id for id, node in nodes.items() if _is_here(node, site.known)}
    judged = [node for node in graph.nodes if node.id in whole and _is_complete(node, site.known)]
    asked = [(used, node.id) for node in judged for used in _said(node) if used in whole]
    edges: nx.DiGraph[str] = nx.DiGraph()
    edges.add_nodes_from(nodes)
    edges.add_edges_from((used, id) for id, one in real.items() for used in (*one.statement, *one.proof))
    resting = structure(edges).resting(asked)
    found: dict[str, dict[str, Edge]] = {id: {} for id in nodes}
    for used, id in asked:
        if (used, id) not in resting and used != id:
            name, part = _said(nodes[id])[used]
            found[id][used] = Edge(used, name, nodes[id].lean[0], file=part.place.file, line=part.place.line)
    return found


def _is_here(node: Node, known: Mapping[str, Fact]) -> bool:
    """Whether all that a node names is in the project."""
    return bool(node.lean) and all(name in known and not known[name].upstream for name in node.lean)


def _is_complete(node: Node, known: Mapping[str, Fact]) -> bool:
    return not any(known[name].refusal or SORRY in known[name].axioms for name in node.lean)


def _missing(
    graph: Graph, real: Mapping[str, _Real], superfluous: Mapping[str, Collection[str]]
) -> dict[str, list[tuple[str, str, str]]]:
    """By node: (used node, part, declaration of it) of the real edges that no true `\\uses` implies.

    What a statement needs must be said of statements all the way; a proof may rely on anything below.
    """
    true = {node.id: _said(node).keys() - superfluous[node.id] for node in graph.nodes}
    stated: nx.DiGraph[str] = nx.DiGraph()
    stated.add_nodes_from(true)
    stated.add_edges_from(
        (used, node.id) for node in graph.nodes for used in node.statement.uses if used in true[node.id]
    )
    said: nx.DiGraph[str] = nx.DiGraph()
    said.add_nodes_from(true)
    said.add_edges_from((used, id) for id, ids in true.items() for used in ids if used in true)
    absent = [
        *_unsaid(stated, STATEMENT, {id: one.statement for id, one in real.items()}),
        *_unsaid(said, PROOF, {id: _only(one) for id, one in real.items()}),
    ]
    found: dict[str, list[tuple[str, str, str]]] = {id: [] for id in true}
    for id, used, part, target in absent:
        found[id].append((used, part, target))
    return found


def _only(one: _Real) -> dict[str, str]:
    """What the proof alone comes to."""
    return {used: target for used, target in one.proof.items() if used not in one.statement}


def _unsaid(
    said: nx.DiGraph[str], part: str, real: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str, str, str]]:
    pairs = [(used, id) for id, targets in real.items() for used in targets if not said.has_edge(used, id)]
    implied = structure(said).resting(pairs)
    yield from ((id, used, part, real[id][used]) for used, id in pairs if (used, id) not in implied)
