"""What is different between two checks of a project. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from blueprint.graph import Node
from lean_project.facts import Facts
from lean_project.findings import Findings
from lean_project.renames import same
from lean_project.status import NodeStatus, Readiness, TaskKind

_BECAME_READY = {TaskKind.STATE: "stated", TaskKind.DEFINE: "defined", TaskKind.PROVE: "proved"}

# Declaration -> the fingerprint of its statement.
_Prints = Mapping[str, str]


class ChangeKind(StrEnum):
    VERIFIED = "verified"
    REGRESSED = "regressed"
    READY = "became ready"
    DRIFT = "drift"
    STATEMENT = "statement changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class NodeChange:
    """Something that is new about a node; `text` is a sentence."""

    kind: ChangeKind
    node: str
    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """A piece of work on a node that Lean accepts."""

    node: str
    kind: TaskKind


def newly_done(before: Findings | None, after: Findings) -> frozenset[Done]:
    """What is done now and was not before, under whatever label."""
    done = _done(after.statuses)
    if before is None:
        return done
    origins = same(before.graph, after.graph)
    earlier = {new: before.statuses[old] for new, old in origins.items() if old in before.statuses}
    return done - _done(earlier)


def _done(statuses: Mapping[str, NodeStatus]) -> frozenset[Done]:
    return frozenset(
        Done(name, work.kind)
        for name, status in statuses.items()
        for work in status.work
        if work.readiness is Readiness.DONE
    )


def compare(before: Findings, after: Findings) -> tuple[NodeChange, ...]:
    """What changed, in document order; nodes that vanished come last."""
    origins = same(before.graph, after.graph)
    prints = _prints(before.facts), _prints(after.facts)
    changes: list[NodeChange] = []
    for node in after.graph.nodes:
        old, new = before.statuses.get(origins.get(node.id, "")), after.statuses[node.id]
        changes += _standing(node, old, new)
        changes += _readiness(node, old, new)
        changes += _drift(node, old, new)
        changes += _statement(node, *prints)
    kept = set(origins.values())
    gone = [node for node in before.graph.nodes if node.id not in kept]
    return (
        *changes,
        *(NodeChange(ChangeKind.REMOVED, n.id, f"{n.caption} left the blueprint.") for n in gone),
    )


def _standing(node: Node, old: NodeStatus | None, new: NodeStatus) -> Iterator[NodeChange]:
    was = old is not None and old.verified
    if new.verified and not was:
        yield NodeChange(ChangeKind.VERIFIED, node.id, f"{node.caption} is verified.")
    elif was and not new.verified:
        why = f" {new.reasons[0].text}" if new.reasons else ""
        yield NodeChange(ChangeKind.REGRESSED, node.id, f"{node.caption} is not verified any more.{why}")


def _readiness(node: Node, old: NodeStatus | None, new: NodeStatus) -> Iterator[NodeChange]:
    before = {work.kind: work.readiness for work in old.work} if old else {}
    for work in new.work:
        # What was done and is not any more has regressed, which is said elsewhere.
        if work.readiness is Readiness.READY and before.get(work.kind) not in (
            Readiness.READY,
            Readiness.DONE,
        ):
            text = f"{node.caption} can be {_BECAME_READY[work.kind]} now."
            yield NodeChange(ChangeKind.READY, node.id, text)


def _drift(node: Node, old: NodeStatus | None, new: NodeStatus) -> Iterator[NodeChange]:
    known = {(d.part, d.claim, d.fact) for d in old.drift} if old else set()
    for drift in new.drift:
        if (drift.part, drift.claim, drift.fact) not in known:
            text = f"{node.caption}, {drift.part}: the blueprint has {drift.claim}, Lean says {drift.fact}."
            yield NodeChange(ChangeKind.DRIFT, node.id, text)


def _statement(node: Node, before: _Prints, after: _Prints) -> Iterator[NodeChange]:
    moved = [name for name in node.lean if name in before and name in after and before[name] != after[name]]
    if moved:
        text = f"The meaning of {node.caption} changed in Lean: {', '.join(moved)}."
        yield NodeChange(ChangeKind.STATEMENT, node.id, text)


def _prints(facts: Facts) -> _Prints:
    return {fact.name: fact.fingerprint for fact in facts.declarations if fact.fingerprint}
