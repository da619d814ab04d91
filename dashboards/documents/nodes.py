"""Nodes, in a few words and whole."""

from __future__ import annotations

from typing_extensions import TypedDict  # the standard library's keeps too little of itself before 3.12

from blueprint.graph import Flags, Node, Part
from dashboards import links
from dashboards.documents.credit import CreditDocument, credit_documents
from dashboards.documents.describing import described
from dashboards.documents.edges import EdgesDocument, edges_document
from dashboards.documents.tasks import TaskDocument, task_document
from dashboards.relations import by_name, credit_on, regression, tasks_on, used_by, uses
from dashboards.snapshot import Snapshot
from lean_project.statement import fingerprint, prints
from lean_project.status import Drift, Formal, PartStatus, Readiness, Reason
from lean_project.verdict import Code


@described
class NodeDocument(TypedDict):
    """A node, in a few words."""

    id: str
    """Its label."""
    kind: str
    """The environment: theorem, lemma, definition..."""
    number: str | None
    """Its number in the document."""
    title: str | None
    """Its own title."""
    sections: list[str]
    """The titles around it, outermost first."""
    status: Formal
    """How far it is formalized."""
    verified: bool
    """Whether Lean accepts it, and everything below it."""
    readiness: Readiness
    """Whether its next task can be taken up."""
    lean: list[str]
    """The declarations that it names."""
    uses: list[str]
    """The nodes that it uses."""
    url: str
    """The path of its page."""


@described
class ReasonDocument(TypedDict):
    """Why a part is not further."""

    code: Code
    """In one word, for programs."""
    text: str
    """In a sentence."""
    declaration: str | None
    """The declaration that it is about."""
    path: list[str]
    """The way from the node's declaration to the one at fault."""
    file: str | None
    """Where that stands."""
    line: int | None
    """In which line, from 1."""


@described
class PartDocument(TypedDict):
    """The statement or the proof of a node."""

    latex: str | None
    """What stands in the blueprint."""
    file: str | None
    """In which file."""
    line: int | None
    """From which line on, counted from 1."""
    status: Formal | None
    """How far it is formalized."""
    reasons: list[ReasonDocument]
    """Why it is not further."""


@described
class FlagsDocument(TypedDict):
    """leanblueprint's own flags."""

    stated: bool
    """The statement is formalized."""
    can_state: bool
    """All that the statement uses is stated."""
    can_prove: bool
    """All that the proof uses is stated."""
    proved: bool
    """The proof is formalized."""
    fully_proved: bool
    """And so is all below it."""
    defined: bool
    """It is a definition, and formalized."""


@described
class DriftDocument(TypedDict):
    """Where the blueprint's claim and Lean differ."""

    node: str
    """The node's label."""
    part: str
    """The statement or the proof."""
    claim: str
    """What the blueprint says."""
    fact: str
    """What Lean says."""


@described
class AgreedDocument(TypedDict):
    """Who agreed on a statement."""

    person_id: int
    """Their number."""
    person_name: str
    """What they are called."""
    at: str
    """When that was."""
    sha: str
    """On the statement of which commit."""
    drifted: bool
    """Whether the statement is another one now."""


@described
class AgreementDocument(TypedDict):
    """Whether a statement is agreed upon."""

    seen: str
    """The print of the statement as it is now, to be sent with an agreement."""
    agreed: AgreedDocument | None
    """Who agreed, if somebody did."""


@described
class RegressedDocument(TypedDict):
    """Since when a node that was verified is not any more."""

    at: str
    """When that was."""
    text: str
    """What happened."""


@described
class WholeNodeDocument(NodeDocument):
    """A node with all that there is to know of it."""

    used_by: list[str]
    """The nodes that use it."""
    statement: PartDocument | None
    """Its statement."""
    proof: PartDocument | None
    """Its proof; none where there is nothing to prove."""
    claimed_flags: FlagsDocument
    """leanblueprint's flags, from what the authors typed."""
    checked_flags: FlagsDocument
    """The same, from what Lean found."""
    drift: list[DriftDocument]
    """Where the two differ."""
    edges: EdgesDocument
    """What it uses according to Lean."""
    agreement: AgreementDocument
    """Whether its statement is agreed upon."""
    regressed: RegressedDocument | None
    """Since when it is not verified any more."""
    tasks: list[TaskDocument]
    """The work on it."""
    credit: list[CreditDocument]
    """Who contributed what."""


def node_document(snapshot: Snapshot, found: Node) -> NodeDocument:
    """A node in a few words; `whole_node` adds the parts with their sources, the tasks and the credit."""
    status = snapshot.statuses[found.id]
    return {
        "id": found.id,
        "kind": found.kind,
        "number": found.number,
        "title": found.title,
        "sections": list(found.sections),
        "status": status.formal,
        "verified": status.verified,
        "readiness": status.readiness,
        "lean": list(found.lean),
        "uses": list(uses(found)),
        "url": links.node_path(snapshot.slug, found.id),
    }


def whole_node_document(snapshot: Snapshot, found: Node) -> WholeNodeDocument:
    status = snapshot.statuses[found.id]
    return {
        **node_document(snapshot, found),
        "used_by": [other.id for other in used_by(snapshot, found.id)],
        "statement": _part(found.statement, status.statement),
        "proof": _part(found.proof, status.proof),
        "claimed_flags": _flags(found.claimed),
        "checked_flags": _flags(status.checked),
        "drift": [drift_document(one) for one in status.drift],
        "edges": edges_document(status.edges),
        "agreement": _agreement(snapshot, found),
        "regressed": _regressed(snapshot, found),
        "tasks": [task_document(one) for one in tasks_on(snapshot, found.id)],
        "credit": credit_documents(entry for entry in credit_on(snapshot, found.id) if entry.held),
    }


def _flags(found: Flags) -> FlagsDocument:
    return {
        "stated": found.stated,
        "can_state": found.can_state,
        "can_prove": found.can_prove,
        "proved": found.proved,
        "fully_proved": found.fully_proved,
        "defined": found.defined,
    }


def drift_document(found: Drift) -> DriftDocument:
    return {"node": found.node, "part": found.part, "claim": found.claim, "fact": found.fact}


def _regressed(snapshot: Snapshot, found: Node) -> RegressedDocument | None:
    """Since when a node that was verified is not any more, and why; the credit for it stands."""
    event = regression(snapshot, found.id)
    return {"at": event.at.isoformat(), "text": event.text} if event else None


def _agreement(snapshot: Snapshot, found: Node) -> AgreementDocument:
    """Who agreed on the statement, if somebody did; `seen` is the print of the statement as it is now."""
    agreed = snapshot.agreements.get(found.id)
    seen = fingerprint(prints(found, by_name(snapshot.facts)))
    if agreed is None:
        return {"seen": seen, "agreed": None}
    drifted = snapshot.statuses[found.id].statement.formal is Formal.DRIFTED
    by: AgreedDocument = {
        "person_id": agreed.person_id,
        "person_name": agreed.person_name,
        "at": agreed.at.isoformat(),
        "sha": agreed.sha,
        "drifted": drifted,
    }
    return {"seen": seen, "agreed": by}


def _part(part: Part | None, status: PartStatus | None) -> PartDocument | None:
    if part is None and status is None:
        return None
    return {
        "latex": part.source if part else None,
        "file": part.place.file if part else None,
        "line": part.place.line if part else None,
        "status": status.formal if status else None,
        "reasons": [_reason(reason) for reason in status.reasons] if status else [],
    }


def _reason(found: Reason) -> ReasonDocument:
    return {
        "code": found.code,
        "text": found.text,
        "declaration": found.declaration,
        "path": list(found.path),
        "file": found.file,
        "line": found.line,
    }
