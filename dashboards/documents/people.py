"""Those who take part, as others see them."""

from __future__ import annotations

from typing_extensions import TypedDict  # the standard library's keeps too little of itself before 3.12

from dashboards.documents.credit import CreditDocument
from dashboards.documents.describing import described
from dashboards.snapshot import PersonView


@described
class PersonDocument(TypedDict):
    """Somebody who takes part, as others see them."""

    id: int
    """Their number."""
    name: str
    """What they are called."""
    role: str
    """Onlooker, contributor or maintainer."""
    verified_nodes: int
    """How many verified nodes they have credit for."""
    live_claims: int
    """How many tasks they hold."""
    named: bool
    """Whether they want to be named; else the name is a number."""
    login: str | None
    """Their account on the forge."""


@described
class WholePersonDocument(PersonDocument):
    """Somebody who takes part, with their credit."""

    credit: list[CreditDocument]
    """What they contributed."""


def person_document(found: PersonView) -> PersonDocument:
    """Whether they take part in a ranking, or in a dataset, is nobody else's matter."""
    return {
        "id": found.id,
        "name": found.name,
        "role": found.role,
        "verified_nodes": found.verified_nodes,
        "live_claims": found.live_claims,
        "named": found.named,
        "login": found.login,
    }
