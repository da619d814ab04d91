"""Graph and facts to status: pure, and the one place where the rule stands.

A node *passes* when Lean says so (`lean_project.verdict`). It is *verified* when it passes and every node
below it, through `\\uses`, is verified too. Where a statement that people agreed upon has moved, what Lean
says of the node stands, but it is not verified, and what rests on it has to wait.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from blueprint.claims import flags
from blueprint.graph import Flags, Graph, Node, Part, digraph
from blueprint.structure import downstream, grounded, knots
from lean_project.axioms import STANDARD_AXIOMS
from lean_project.edges import NO_EDGES, Dependencies, dependencies
from lean_project.facts import Facts
from lean_project.verdict import SORRY_FREE, USABLE, Code, Formal, PartStatus, Reason, Verdict, judge

__all__ = [
    "Code",
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
    edges: Dependencies = NO_EDGES

    @property
    def formal(self) -> Formal:
        """One word for the node: how far its statement is, until there is something of a proof."""
        if self.proof is None or self.statement.formal not in (Formal.STATED, Formal.IN_LIBRARY):
            return self.statement.formal
        nothing_yet = self.proof.formal in (Formal.SORRY, Formal.ABSENT)
        return Formal.STATED if nothing_yet else self.proof.formal

    @property
    def readiness(self) -> Readiness:
        """That of the first task not done."""
        return next((w.readiness for w in self.work if w.readiness is not Readiness.DONE), Readiness.DONE)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return self.statement.reasons + (self.proof.reasons if self.proof else ())


@dataclass(frozen=True, slots=True)
class _Site:
    """What every node's status looks at: the verdicts, who is stated, whose each Lean name is, the order,
    why the agreed statement of a node is another now, and upon which of those nodes each one rests."""

    settled: Mapping[str, Verdict]
    stated: frozenset[str]
    owners: Mapping[str, str]
    order: Mapping[str, int]
    edges: Mapping[str, Dependencies]
    drifted: Mapping[str, Reason]
    shaken: Mapping[str, set[str]]


def statuses(
    graph: Graph,
    facts: Facts,
    allowed: frozenset[str] = STANDARD_AXIOMS,
    drifted: Mapping[str, Reason] = MappingProxyType({}),
) -> dict[str, NodeStatus]:
    """The status of every node, by id, in document order.

    `drifted` has the nodes whose statement is not the agreed one any more, and says why.
    """
    known = facts.by_name()
    judged = {node.id: judge(node, known, allowed) for node in graph.nodes}
    below = _unverified_below(graph, {id for id, own in judged.items() if own.passes} - drifted.keys())
    settled = {node.id: _lower(judged[node.id], below[node.id]) for node in graph.nodes}
    site = _Site(
        settled,
        stated=frozenset(id for id, own in settled.items() if _is_stated(own) and id not in drifted),
        owners={name: node.id for node in reversed(graph.nodes) for name in node.lean},
        order={node.id: position for position, node in enumerate(graph.nodes)},
        edges=dependencies(graph, facts),
        drifted=drifted,
        shaken=_shaken(graph, drifted),
    )
    return {node.id: _status(node, site, verified=not below[node.id]) for node in graph.nodes}


def _status(node: Node, site: _Site, *, verified: bool) -> NodeStatus:
    """`verified` says that everything below is."""
    own = site.settled[node.id]
    verified = own.passes and verified and node.id not in site.drifted
    proved = own.proof is not None and own.proof.formal in SORRY_FREE
    return NodeStatus(
        node=node.id,
        statement=_statement(own, site.drifted.get(node.id)),
        proof=own.proof if node.id not in site.drifted else _not_verified(own.proof),
        passes=own.passes,
        verified=verified,
        work=_work(node, site),
        checked=flags(node, site.stated, proved=proved, whole=verified),
        drift=_drift(node, own),
        edges=site.edges[node.id],
    )


def _statement(own: Verdict, drift: Reason | None) -> PartStatus:
    return PartStatus(Formal.DRIFTED, (drift, *own.statement.reasons)) if drift else own.statement


def _not_verified(proof: PartStatus | None) -> PartStatus | None:
    """A proof of what nobody agreed to."""
    return replace(proof, formal=Formal.PROVED) if proof and proof.formal is Formal.VERIFIED else proof


def _is_stated(own: Verdict) -> bool:
    return own.statement.formal in USABLE


def _shaken(graph: Graph, drifted: Iterable[str]) -> dict[str, set[str]]:
    """For each node, those of `drifted` upon which it rests."""
    edges, found = digraph(graph), defaultdict[str, set[str]](set)
    for id in drifted:
        for above in downstream(edges, edges.succ[id]):
            found[above].add(id)
    return found


def _unverified_below(graph: Graph, passing: set[str]) -> dict[str, tuple[str, ...]]:
    """For each node, the nodes it uses directly that are not verified, in document order.

    Nodes on a cycle are never verified: each would lend its proof to the others.
    """
    edges = digraph(graph)
    verified = grounded(edges, passing.difference(*(knot.nodes for knot in knots(edges))))
    order = {node.id: position for position, node in enumerate(graph.nodes)}
    return {
        id: tuple(sorted(set(edges.predecessors(id)) - verified, key=order.__getitem__)) for id in edges.nodes
    }


def _lower(own: Verdict, below: tuple[str, ...]) -> Verdict:
    """What Lean verified is only `proved` (a definition: `stated`) while a node below it is not verified."""
    if not own.passes or not below or (own.proof or own.statement).formal is Formal.IN_LIBRARY:
        return own  # what Lean's library has rests on nothing of the project, whatever the blueprint says
    names = ", ".join(f"`{name}`" for name in below)
    reason = Reason(Code.NODE_BELOW, f"It passes by itself, but uses {names}, not verified yet.")
    if own.proof is None:
        return replace(own, statement=PartStatus(Formal.STATED, (reason,)))
    return replace(own, proof=PartStatus(Formal.PROVED, (reason,)))


def _work(node: Node, site: _Site) -> tuple[Work, ...]:
    own = site.settled[node.id]

    def work(kind: TaskKind, done: bool, waits: set[str]) -> Work:
        blocked_by = tuple(sorted(waits, key=site.order.__getitem__))
        if done:
            return Work(kind, Readiness.DONE)
        if node.notready:
            return Work(kind, Readiness.NOT_READY, blocked_by)
        return Work(kind, Readiness.BLOCKED if blocked_by else Readiness.READY, blocked_by)

    before = {id for id in node.statement.uses if id in site.order} - site.stated
    before = (before | site.shaken.get(node.id, set())) - {node.id}
    if own.proof is None:
        return (work(TaskKind.DEFINE, own.passes, before),)
    proof_uses = {id for id in node.proof.uses if id in site.order} if node.proof else set()
    to_prove = ({node.id} | proof_uses) - site.stated
    return (
        work(TaskKind.STATE, _is_stated(own), before),
        work(TaskKind.PROVE, own.passes, before | to_prove | _elsewhere(node, site)),
    )


def _elsewhere(node: Node, site: _Site) -> set[str]:
    """Where the work is, when a proof is complete in itself but rests on the `sorry` of other nodes."""
    proof = site.settled[node.id].proof
    if proof is None or proof.formal is not Formal.PROVED:
        return set()
    on_the_way = {
        site.owners[name] for reason in proof.reasons for name in reason.path if name in site.owners
    }
    return {id for id in on_the_way if id != node.id and not site.settled[id].passes}


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
