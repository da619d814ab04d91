"""Contributions as they stand."""

from __future__ import annotations

from collections.abc import Iterable

from typing_extensions import TypedDict  # the standard library's keeps too little of itself before 3.12

from dashboards.documents.describing import described
from dashboards.snapshot import CreditView


@described
class CreditDocument(TypedDict):
    """A contribution as it stands."""

    id: int
    """Its number in the project's ledger."""
    person_id: int
    """Whose it is."""
    person_name: str
    """What they are called."""
    node: str
    """The label of the node; nothing for work on the whole project."""
    part: str
    """The part of the node, where it is about one."""
    kind: str
    """What they did."""
    role: str
    """The role of that in the CRediT taxonomy."""
    degree: str
    """Lead, equal or supporting."""
    evidence: list[str]
    """Addresses and commits that show it."""
    at: str
    """When it was."""
    status: str
    """Proposed, confirmed, refused, disputed or corrected."""
    held: bool
    """Whether it counts."""
    by_id: int | None
    """Who said so; nobody where it was the check."""
    by_name: str | None
    """What they are called."""
    checked: bool
    """Whether the check said so first."""
    about: int | None
    """The entry that it corrects."""
    method: str | None
    """How it was made, where somebody said so."""
    tools: list[str]
    """With which tools."""
    objections: list[str]
    """The evidence of a dispute that goes on."""


def credit_documents(entries: Iterable[CreditView]) -> list[CreditDocument]:
    return [credit_document(one) for one in entries]


def credit_document(found: CreditView) -> CreditDocument:
    return {
        "id": found.id,
        "person_id": found.person_id,
        "person_name": found.person_name,
        "node": found.node,
        "part": found.part,
        "kind": found.kind,
        "role": found.role,
        "degree": found.degree,
        "evidence": list(found.evidence),
        "at": found.at.isoformat(),
        "status": found.status,
        "held": found.held,
        "by_id": found.by_id,
        "by_name": found.by_name,
        "checked": found.checked,
        "about": found.about,
        "method": found.method,
        "tools": list(found.tools),
        "objections": list(found.objections),
    }
