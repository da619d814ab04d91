"""A leaderboard, for projects that want one: verified nodes, weighted by size, fading with time.

It counts only what the check found out, and each node once: claiming, splitting off trivial nodes, saying the
same in several pieces of a node, entries that people make, and naming one declaration from many nodes raise
nobody. What was credited before a node was renamed, split or merged counts for what became of it. Points are
no measure of anything else, and people who do not want to be ranked are not in it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from blueprint.graph import Node
from dashboards.snapshot import CreditView, Snapshot
from lean_project.facts import Fact
from lean_project.likeness import normal, share

HALF_LIFE = timedelta(days=180)
# Fewer letters are no work that anybody should be ranked by; a line of Lean has about so many.
TRIVIAL = 100
_LINE = 50
_SHARES = {"lead": 3, "equal": 2, "supporting": 1}
# Comments and commands are cheap to add, and say nothing.
_NOTHING = re.compile(r"(?<!\\)%.*|\\[A-Za-z]+\*?")
_FORMAL = frozenset({"formal proof", "formal statement", "formal definition"})


@dataclass(frozen=True, slots=True)
class Score:
    """A person's points; `nodes` is how many nodes they stem from, as these were when they were credited."""

    person_id: int
    name: str
    points: float
    nodes: int


def leaderboard(snapshot: Snapshot) -> tuple[Score, ...]:
    """Most points first; nobody where the project shows none. A node's points go once, by degree."""
    if not snapshot.leaderboard:
        return ()
    points: dict[int, float] = defaultdict(float)
    nodes: dict[int, set[str]] = defaultdict(set)
    credit = _by_node(snapshot)
    for id, weight in weights(snapshot).items():
        for person, part in _shares(credit.get(id, ())).items():
            points[person] += weight * float(part) * _faded(credit[id], snapshot.made_at)
            nodes[person] |= {entry.node for entry in credit[id] if entry.person_id == person}
    ranked = {person.id: person.name for person in snapshot.people if person.ranked}
    found = [Score(id, ranked[id], round(points[id], 2), len(nodes[id])) for id in points if id in ranked]
    return tuple(sorted(found, key=lambda one: (-one.points, one.name.casefold(), one.person_id)))


def weights(snapshot: Snapshot) -> dict[str, float]:
    """Verified node -> its size, in pages of 1000 letters.

    Sizes add up, so that pieces weigh no more than the whole did: what several pieces of a node say counts
    for one of them, and a declaration that several nodes name for the greatest.
    """
    facts, kin = snapshot.facts.by_name(), _kin(snapshot)
    verified = {node.id: node for node in snapshot.graph.nodes if snapshot.statuses[node.id].verified}
    sizes = {id: _size(node, facts) for id, node in verified.items()}
    known: set[str] = set()
    out: dict[str, float] = {}
    for id in sorted(sizes, key=lambda id: (-sizes[id], id)):
        told = (normal(_text(verified[other])) for other in kin.get(id, ()) if other in out)
        size = _size(verified[id], facts, told)
        if size >= TRIVIAL and not known.intersection(verified[id].lean):
            out[id] = size / 1000
        known.update(verified[id].lean)
    return out


def _kin(snapshot: Snapshot) -> dict[str, set[str]]:
    """For each node that was split, or is a piece of one, all the pieces."""
    found: dict[str, set[str]] = defaultdict(set)
    for shared in snapshot.heirs().values():
        for node in shared if len(shared) > 1 else ():
            found[node].update(shared)
    return found


def _size(node: Node, facts: Mapping[str, Fact], told: Iterable[str] = ()) -> float:
    """The letters of the informal text or those of the Lean, whichever are fewer: padding one is no use.

    What is `told` elsewhere already does not count.
    """
    source = _text(node)
    new = 1 - max((share(normal(source), other) for other in told), default=0.0)
    informal = sum(char.isalnum() for char in _NOTHING.sub("", source))
    return min(new * informal, sum(_LINE * _lines(facts[name]) for name in node.lean if name in facts))


def _text(node: Node) -> str:
    return (node.proof or node.statement).source


def _lines(fact: Fact) -> int:
    return fact.end_line - fact.line + 1 if fact.line and fact.end_line else 0


def _by_node(snapshot: Snapshot) -> Mapping[str, list[CreditView]]:
    """What was credited under another node that a node came from counts for it."""
    found, heirs = defaultdict(list), snapshot.heirs()
    for entry in snapshot.credit:
        for node in heirs.get(entry.node, ()) if entry.checked and entry.kind in _FORMAL else ():
            found[node].append(entry)
    return found


def _shares(entries: Iterable[CreditView]) -> dict[int, Fraction]:
    """Person -> their share of a node, of one in all; several entries of a person count as their highest."""
    parts: dict[int, int] = {}
    for entry in entries:
        parts[entry.person_id] = max(parts.get(entry.person_id, 0), _SHARES[entry.degree])
    whole = sum(parts.values())
    return {person: Fraction(part, whole) for person, part in parts.items()}


def _faded(entries: Iterable[CreditView], now: datetime) -> float:
    """What is left of the points, by when the node was first credited: a later refactor renews nothing."""
    age = max(timedelta(0), now - min(entry.at for entry in entries))
    return float(0.5 ** (age / HALF_LIFE))
