"""Credit: what an entry is, who gets which degree for lines of Lean, and the chain that seals entries."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from lean_project.status import TaskKind

START = "0" * 64

# Kind of contribution -> its role in the CRediT taxonomy (https://credit.niso.org).
CREDIT_ROLES: Mapping[str, str] = {
    "formal proof": "Formal analysis",
    "formal statement": "Software",
    "formal definition": "Software",
}

FORMAL_KINDS: Mapping[TaskKind, str] = {
    TaskKind.PROVE: "formal proof",
    TaskKind.STATE: "formal statement",
    TaskKind.DEFINE: "formal definition",
}

# Within this share of the most lines, people count as equal.
NEARLY = 0.8


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what kind of contribution to which part of which node. `evidence`: commits or addresses."""

    person_id: int
    node: str
    part: str
    kind: str
    role: str
    degree: str
    evidence: tuple[str, ...]
    at: datetime


def seal(prev: str, entry: Entry) -> str:
    """The hex SHA-256 of the entry's canonical JSON together with the hash before it."""
    fields = {**asdict(entry), "at": entry.at.astimezone(UTC).isoformat(), "prev": prev}
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def first_break(entries: Iterable[tuple[Entry, str, str]]) -> int | None:
    """The place (from 0) of the first entry that does not fit the chain, or None where all fit.

    `entries` are (entry, hash of the one before, own hash), oldest first.
    """
    prev = START
    for place, (entry, claimed_prev, claimed) in enumerate(entries):
        if claimed_prev != prev or claimed != seal(prev, entry):
            return place
        prev = claimed
    return None


def degrees(lines: Mapping[int, int]) -> dict[int, str]:
    """Person -> lead, equal or supporting, from how many lines each wrote.

    Whoever wrote the most leads; others within 20 % of that share the first place as equals.
    """
    most = max(lines.values(), default=0)
    first = [person for person, count in lines.items() if count >= NEARLY * most]
    top = "lead" if len(first) == 1 else "equal"
    return {person: top if person in first else "supporting" for person in lines}
