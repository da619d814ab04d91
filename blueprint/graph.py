"""The dependency graph of a blueprint, as a frozen value, and the questions asked of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from blueprint.identity import remembered

if TYPE_CHECKING:
    import networkx as nx
    from pydantic import TypeAdapter


_FORMULA = re.compile(r"\\\(.*?\\\)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: `file` is relative to the project folder (posix), the rest counts from 1.

    A column counts characters, not bytes; 1 also where only the line is known.
    """

    file: str
    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class Flags:
    """leanblueprint's own flags, computed from what the authors typed."""

    stated: bool
    can_state: bool
    can_prove: bool
    proved: bool
    fully_proved: bool
    defined: bool


@dataclass(frozen=True, slots=True)
class Part:
    """The statement or the proof of a node.

    `uses` holds resolved node ids and `lean` declaration names, both in source order without repeats.
    `source` is the LaTeX between `\\begin` and `\\end`; `html` is its sanitised rendering, in which
    mathematics stays LaTeX between `\\(`...`\\)` and `\\[`...`\\]`.
    """

    place: Place
    uses: tuple[str, ...] = ()
    lean: tuple[str, ...] = ()
    leanok: bool = False
    source: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One theorem-like environment, known by `id`: its last label, or a stable generated one.

    `sections` are the titles around it; `also_in` the labels of other sections in whose graphs it belongs.
    """

    id: str
    kind: str
    statement: Part
    claimed: Flags
    proof: Part | None = None
    labels: tuple[str, ...] = ()
    number: str | None = None
    title: str | None = None
    notready: bool = False
    mathlibok: bool = False
    discussion: str | None = None
    sections: tuple[str, ...] = ()
    also_in: tuple[str, ...] = ()

    @property
    def caption(self) -> str:
        """How people refer to it: `Lemma 2.3 (Pigeonhole)`, `Theorem 3 [Hall (1935)]`."""
        return " ".join(filter(None, (self.name, self.bracketed_title)))

    @property
    def name(self) -> str:
        """Without its title: `Lemma 2.3`."""
        return f"{self.kind.capitalize()}{f' {self.number}' if self.number else ''}"

    @property
    def bracketed_title(self) -> str:
        """`(Pigeonhole)`, `[Hall (1935)]`, or nothing; never one pair of parentheses within another."""
        if not self.title:
            return ""
        # The parentheses of formulas are none.
        return f"[{self.title}]" if "(" in _FORMULA.sub("", self.title) else f"({self.title})"

    @property
    def is_definition(self) -> bool:
        return self.kind.startswith("def")

    @property
    def lean(self) -> tuple[str, ...]:
        """Every declaration the node names, statement first."""
        return tuple(dict.fromkeys(self.statement.lean + (self.proof.lean if self.proof else ())))


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in the blueprint. It never stops the reading. `severity` is error, warning or info.

    `about` holds the labels or names that the message speaks of, for those who would mend it.
    """

    code: str
    severity: str
    message: str
    hint: str = ""
    place: Place | None = None
    node: str | None = None
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro of the project, for MathJax: `\\name` takes `arity` arguments (the first may be optional)."""

    name: str
    body: str
    arity: int = 0
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in document order, what the reader complained of, and what the document says of itself.

    `drawing` holds what its preamble sets for pictures, as LaTeX. `goals` are ids of the nodes that the
    project names as what it is for; where it names none, there are none here.
    """

    nodes: tuple[Node, ...]
    problems: tuple[Problem, ...] = ()
    macros: tuple[Macro, ...] = ()
    drawing: tuple[str, ...] = ()
    lean_decls: tuple[str, ...] = ()
    title: str | None = None
    home: str | None = None
    github: str | None = None
    dochome: str | None = None
    goals: tuple[str, ...] = ()


# pydantic and networkx take long to load, and not everyone needs them.
@cache
def _codec() -> TypeAdapter[Graph]:
    from pydantic import TypeAdapter

    return TypeAdapter(Graph)


def encode(graph: Graph) -> bytes:
    """The graph as JSON, complete: `decode(encode(g)) == g`."""
    return _codec().dump_json(graph)


def decode(data: bytes) -> Graph:
    """The graph that `encode` wrote. Raises pydantic's `ValidationError` on anything else."""
    return _codec().validate_json(data)


@remembered(16)
def nodes_by_id(graph: Graph) -> Mapping[str, Node]:
    """The nodes by their ids, in document order."""
    return {node.id: node for node in graph.nodes}


def declarations(graph: Graph) -> tuple[str, ...]:
    """Every Lean name that the blueprint speaks of, in document order."""
    return tuple(dict.fromkeys([*(name for node in graph.nodes for name in node.lean), *graph.lean_decls]))


@dataclass(frozen=True, slots=True)
class Links:
    """The edges alone, for questions to `blueprint.structure`: who uses a node, and what it uses."""

    succ: dict[str, dict[str, None]]
    pred: dict[str, dict[str, None]]

    @classmethod
    def of(cls, nodes: Iterable[str], uses: Iterable[tuple[str, str]]) -> Links:
        """From pairs (used, user); those with a stranger are left out."""
        made = cls({name: {} for name in nodes}, {})
        made.pred.update((name, {}) for name in made.succ)
        for used, user in uses:
            if used in made.succ and user in made.succ:
                made.succ[used][user] = made.pred[user][used] = None
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self.succ)


def links(graph: Graph) -> Links:
    """The same edges as `digraph`'s, without what they are of; networkx need not be loaded for them."""
    parts = ((node.id, part) for node in graph.nodes for part in (node.statement, node.proof) if part)
    uses = ((used, user) for user, part in parts for used in part.uses)
    return Links.of((node.id for node in graph.nodes), uses)


def ends(graph: Graph, edges: Links) -> tuple[str, ...]:
    """Its goals: what the project names, or else the nodes that use others and that nothing uses, in order.

    `edges` are the graph's `links`.
    """
    return graph.goals or tuple(name for name in edges if edges.pred[name] and not edges.succ[name])


def digraph(graph: Graph) -> nx.DiGraph[str]:
    """An edge `a -> b` where `b` uses `a`; its attribute `parts` holds `statement`, `proof` or both."""
    import networkx as nx

    parts: dict[tuple[str, str], tuple[str, ...]] = {}
    for node in graph.nodes:
        for name, part in (("statement", node.statement), ("proof", node.proof)):
            for used in part.uses if part else ():
                parts[used, node.id] = (*parts.get((used, node.id), ()), name)
    out: nx.DiGraph[str] = nx.DiGraph()
    out.add_nodes_from(node.id for node in graph.nodes)
    out.add_edges_from((used, user, {"parts": of}) for (used, user), of in parts.items() if used in out)
    return out
