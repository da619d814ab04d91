"""What a node uses according to Lean, and where `\\uses` differs."""

from __future__ import annotations

from typing_extensions import TypedDict  # the standard library's keeps too little of itself before 3.12

from dashboards.documents.describing import described
from lean_project.edges import Dependencies, Edge


@described
class EdgeDocument(TypedDict):
    """Where `\\uses` and Lean differ."""

    used: str
    """The node that is used, or is said to be."""
    part: str
    """By the statement or the proof."""
    declaration: str
    """The declaration that uses it."""
    path: list[str]
    """The way there; none where nothing leads there."""
    file: str | None
    """Where that stands."""
    line: int | None
    """In which line, from 1."""
    text: str
    """The same in a sentence."""


@described
class EdgesDocument(TypedDict):
    """What a node uses according to Lean, and where `\\uses` differs."""

    statement: list[str]
    """The nodes that its statement comes to first."""
    proof: list[str]
    """The nodes that its proof comes to first."""
    missing: list[EdgeDocument]
    """What `\\uses` ought to say."""
    superfluous: list[EdgeDocument]
    """What `\\uses` says in vain."""


def edges_document(found: Dependencies) -> EdgesDocument:
    """What a node uses first according to Lean, and where `\\uses` differs."""
    return {
        "statement": list(found.statement),
        "proof": list(found.proof),
        "missing": [_edge(edge) for edge in found.missing],
        "superfluous": [_edge(edge) for edge in found.superfluous],
    }


def _edge(found: Edge) -> EdgeDocument:
    return {
        "used": found.used,
        "part": found.part,
        "declaration": found.declaration,
        "path": list(found.path),
        "file": found.file,
        "line": found.line,
        "text": found.text,
    }
