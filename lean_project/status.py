"""Graph and facts to status: pure, and the one place where the rule stands.

A part *passes* when Lean says so: every declaration it names exists, has the right kind, was accepted by
the kernel, and nothing it rests on is `sorry` or an axiom that is not allowed. A node is *verified* when
it passes and every node below it, through `\\uses`, is verified too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import networkx as nx

from blueprint.graph import Flags, Graph, Node, Part, digraph
from lean_project.facts import SORRY, STANDARD_AXIOMS, Blame, Fact, Facts, Kind


class Formal(StrEnum):
    """How far a part is formalized."""

    ABSENT = "absent"
    SORRY = "sorry"
    REFUSED = "refused"
    STATED = "stated"
    PROVED = "proved"
    VERIFIED = "verified"
    IN_LIBRARY = "in library"


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
class Reason:
    """Why a part is not further: a sentence, the declaration it is about, and the path that shows it."""

    text: str
    declaration: str | None = None
    path: tuple[str, ...] = ()
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class PartStatus:
    formal: Formal
    reasons: tuple[Reason, ...] = ()


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
