"""Graph and facts to status: pure, and the one place where the rule stands.

A node *passes* when Lean says so (`lean_project.verdict`). It is *verified* when it passes and every node
below it, through `\\uses`, is verified too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import networkx as nx

from blueprint.graph import Flags, Graph, Node, Part, digraph
from lean_project.facts import STANDARD_AXIOMS, Facts
from lean_project.verdict import SORRY_FREE, USABLE, Formal, PartStatus, Reason, Verdict, judge

__all__ = [
    "Drift",
    "Formal",
    "NodeStatus",
    "PartStatus",
    "Readiness",
    "Reason",
    "TaskKind",
    "Work",
    "statuses",
]


class Readiness(StrEnum):
    """Whether somebody can take a task now."""

    NOT_READY = "not ready"
    BLOCKED = "blocked"
    READY = "ready"
    DONE = "done"


class TaskKind(StrEnum):
    """The formal work that a node can need."""

    STATE = "state"
    DEFINE = "define"
    PROVE = "prove"


@dataclass(frozen=True, slots=True)
class Work:
    """One task that the node needs, or needed. `blocked_by` holds node ids, in document order."""

    kind: TaskKind
    readiness: Readiness
    blocked_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drift:
    """Where the author's claim and the facts differ; `part` is `statement` or `proof`."""

    node: str
    part: str
    claim: str
    fact: str


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """What a node's parts are. `proof` is None where there is nothing to prove (a definition)."""

    node: str
    statement: PartStatus
    proof: PartStatus | None
    passes: bool
    verified: bool
    work: tuple[Work, ...]
    checked: Flags
    drift: tuple[Drift, ...] = ()

    @property
    def formal(self) -> Formal:
        """One word for the node: how far its statement is, until there is something of a proof."""
        if self.proof is None or self.statement.formal is not Formal.STATED:
            return self.statement.formal
        return self.statement.formal if self.proof.formal is Formal.SORRY else self.proof.formal

    @property
    def readiness(self) -> Readiness:
        """That of the first task not done."""
        return next((w.readiness for w in self.work if w.readiness is not Readiness.DONE), Readiness.DONE)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return self.statement.reasons + (self.proof.reasons if self.proof else ())


def statuses(graph: Graph, facts: Facts, allowed: frozenset[str] = STANDARD_AXIOMS) -> dict[str, NodeStatus]:
    """The status of every node, by id, in document order."""
    known = facts.by_name()
    judged = {node.id: judge(node, known, allowed) for node in graph.nodes}
    below = _unverified_below(graph, {id for id, own in judged.items() if own.passes})
    settled = {node.id: _lower(node, judged[node.id], below[node.id]) for node in graph.nodes}
    order = {node.id: position for position, node in enumerate(graph.nodes)}
    owners = {name: node.id for node in reversed(graph.nodes) for name in node.lean}
    return {
        node.id: NodeStatus(
            node=node.id,
            statement=settled[node.id].statement,
            proof=settled[node.id].proof,
            passes=judged[node.id].passes,
            verified=judged[node.id].passes and not below[node.id],
            work=_work(node, settled, order, owners),
            checked=_flags(node, settled, judged[node.id].passes and not below[node.id]),
            drift=_drift(node, settled[node.id]),
        )
        for node in graph.nodes
    }


def _unverified_below(graph: Graph, passing: set[str]) -> dict[str, tuple[str, ...]]:
    """For each node, the nodes it uses directly that are not verified, in document order."""
    edges = digraph(graph)
    verified = _verified(edges, passing)
    order = {node.id: position for position, node in enumerate(graph.nodes)}
    return {
        id: tuple(sorted(set(edges.predecessors(id)) - verified, key=order.__getitem__)) for id in edges.nodes
    }


def _verified(edges: nx.DiGraph[str], passing: set[str]) -> set[str]:
    """The nodes that pass and stand on verified nodes only.

    Nodes on a cycle are never verified: each would lend its proof to the others.
    """
    components: nx.DiGraph[int] = nx.condensation(edges)
    verified: set[str] = set()
    for component in nx.topological_sort(components):
        members = components.nodes[component]["members"]
        if len(members) > 1:
            continue
        (node,) = members
        if node in passing and verified.issuperset(edges.predecessors(node)):
            verified.add(node)
    return verified


def _lower(node: Node, own: Verdict, below: tuple[str, ...]) -> Verdict:
    """What Lean verified is only `proved` (a definition: `stated`) while a node below it is not verified."""
    if not own.passes or not below:
        return own
    names = ", ".join(f"`{name}`" for name in below)
    reason = Reason(f"It passes by itself, but uses {names}, not verified yet.")
    if own.proof is None:
        return replace(own, statement=PartStatus(Formal.STATED, (reason,)))
    return replace(own, proof=PartStatus(Formal.PROVED, (reason,)))


def _stated(id: str, settled: Mapping[str, Verdict]) -> bool:
    return settled[id].statement.formal in USABLE


def _work(
    node: Node, settled: Mapping[str, Verdict], order: Mapping[str, int], owners: Mapping[str, str]
) -> tuple[Work, ...]:
    own = settled[node.id]

    def work(kind: TaskKind, done: bool, waits: set[str]) -> Work:
        blocked_by = tuple(sorted(waits, key=order.__getitem__))
        if done:
            return Work(kind, Readiness.DONE)
        if node.notready:
            return Work(kind, Readiness.NOT_READY, blocked_by)
        return Work(kind, Readiness.BLOCKED if blocked_by else Readiness.READY, blocked_by)

    def unstated(ids: Iterable[str]) -> set[str]:
        return {id for id in ids if id in settled and not _stated(id, settled)}

    before = unstated(set(node.statement.uses) - {node.id})
    if own.proof is None:
        return (work(TaskKind.DEFINE, own.passes, before),)
    to_prove = unstated((node.id, *(node.proof.uses if node.proof else ())))
    return (
        work(TaskKind.STATE, _stated(node.id, settled), before),
        work(TaskKind.PROVE, own.passes, before | to_prove | _elsewhere(node, settled, owners)),
    )


def _elsewhere(node: Node, settled: Mapping[str, Verdict], owners: Mapping[str, str]) -> set[str]:
    """Where the work is, when a proof is complete in itself but rests on the `sorry` of other nodes."""
    proof = settled[node.id].proof
    if proof is None or proof.formal is not Formal.PROVED:
        return set()
    on_the_way = {owners[name] for reason in proof.reasons for name in reason.path if name in owners}
    return {id for id in on_the_way if id != node.id and not settled[id].passes}


def _flags(node: Node, settled: Mapping[str, Verdict], verified: bool) -> Flags:
    """leanblueprint's flags, from the facts instead of from what was typed."""

    def all_stated(ids: Iterable[str]) -> bool:
        return all(_stated(id, settled) for id in ids if id in settled)

    own = settled[node.id]
    return Flags(
        stated=_stated(node.id, settled),
        can_state=not node.notready and all_stated(node.statement.uses),
        can_prove=node.proof is not None and all_stated((*node.statement.uses, *node.proof.uses)),
        proved=own.proof is not None and own.proof.formal in SORRY_FREE,
        fully_proved=verified,
        defined=own.proof is None and own.passes,
    )


def _drift(node: Node, own: Verdict) -> tuple[Drift, ...]:
    found: list[Drift] = []
    library = Formal.IN_LIBRARY
    if node.mathlibok and own.statement.formal is not library:
        found.append(Drift(node.id, "statement", "\\mathlibok", own.statement.formal))
    else:
        found += _part_drift(node, "statement", node.statement, own.statement, USABLE)
    if node.proof and own.proof and not node.mathlibok:
        found += _part_drift(node, "proof", node.proof, own.proof, SORRY_FREE)
    if node.notready and own.passes:
        found.append(Drift(node.id, "statement", "\\notready", (own.proof or own.statement).formal))
    return tuple(found)


def _part_drift(
    node: Node, name: str, part: Part, status: PartStatus, good: frozenset[Formal]
) -> list[Drift]:
    """A claim without the fact, or a fact without the claim."""
    claimed = part.leanok or node.mathlibok
    if claimed == (status.formal in good) or (status.formal is Formal.IN_LIBRARY and not claimed):
        return []
    return [Drift(node.id, name, "\\leanok" if part.leanok else "no \\leanok", status.formal)]
