"""How much work a task is: from the informal text, and from what work like it took in this project."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from blueprint.graph import Graph, Node, nodes_by_id
from lean_project.status import TaskKind
from server.work.leases import Size

# A long informal proof is a long formal one, more or less; each result used is about a sentence more.
_DEPENDENCY = 120
_SMALL, _MEDIUM = 700, 2200
# Where nothing like it was finished here: so many characters are a day's work, and nothing is less than half.
_A_DAY, _LEAST = 250, 0.5
# What fewer people took says little.
ENOUGH = 3
_COMMAND = re.compile(r"\\[A-Za-z]+\*?|[{}$\\\s]+")


@dataclass(frozen=True, slots=True)
class Extent:
    """What there is to formalize: characters of text without its commands, and results used."""

    characters: int
    results: int

    @property
    def length(self) -> int:
        return self.characters + _DEPENDENCY * self.results

    @property
    def size(self) -> Size:
        if self.length < _SMALL:
            return Size.S
        return Size.M if self.length < _MEDIUM else Size.L


@dataclass(frozen=True, slots=True)
class Finished:
    """A piece of work that somebody claimed and Lean accepted, so many days later."""

    node: str
    kind: TaskKind
    days: float


@dataclass(frozen=True, slots=True)
class Pace:
    """What tasks of one kind and size took here: how many there were, and medians."""

    kind: TaskKind
    size: Size
    count: int
    days: float
    days_a_character: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long a task should take. `pace` is what it was judged by, beside the text, if there is enough."""

    extent: Extent
    days: float
    pace: Pace | None = None


def extent(node: Node, kind: TaskKind) -> Extent:
    """Of the proof, where there is one to formalize, else of the statement."""
    part = node.proof if kind is TaskKind.PROVE and node.proof else node.statement
    return Extent(_characters(part.source), len(part.uses))


def size(node: Node, kind: TaskKind) -> Size:
    """How long a task should take, from the length of the informal text and the results it uses."""
    return extent(node, kind).size


def paces(graph: Graph, finished: Iterable[Finished]) -> tuple[Pace, ...]:
    """What was learnt from the work done so far; work on nodes that are gone says nothing."""
    nodes = nodes_by_id(graph)
    found: dict[tuple[TaskKind, Size], list[Finished]] = defaultdict(list)
    for one in finished:
        if one.node in nodes:
            found[one.kind, size(nodes[one.node], one.kind)].append(one)
    return tuple(_pace(*like, nodes, found[like]) for like in sorted(found) if len(found[like]) >= ENOUGH)


def estimate(node: Node, kind: TaskKind, known: Iterable[Pace] = ()) -> Estimate:
    """By the pace of work like it, or by a rule of thumb until three people finished some."""
    own = extent(node, kind)
    pace = next((pace for pace in known if (pace.kind, pace.size) == (kind, own.size)), None)
    rate = pace.days_a_character if pace else 1 / _A_DAY
    return Estimate(own, max(_LEAST, own.length * rate), pace)


def _pace(kind: TaskKind, of: Size, nodes: Mapping[str, Node], finished: list[Finished]) -> Pace:
    days = median(one.days for one in finished)
    rate = median(one.days / max(1, extent(nodes[one.node], kind).length) for one in finished)
    return Pace(kind, of, len(finished), days, rate)


@lru_cache(maxsize=1 << 15)
def _characters(source: str) -> int:
    """Remembered, because every page asks for the size of every task."""
    return len(_COMMAND.sub(" ", source))
