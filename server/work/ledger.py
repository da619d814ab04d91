"""The ledger of credit: what an entry is, who gets which degree for lines of Lean, and the seals.

An entry gives credit, or says something about one before it: nothing is ever changed. Names do not stand in
it, only numbers of people, so that a name can go without breaking a seal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from json.encoder import encode_basestring as _text

START = "0" * 64

# Within this share of the most lines, people count as equal.
NEARLY = 0.8


class Act(StrEnum):
    """What an entry does."""

    CREDITED = "credited"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    DISPUTED = "disputed"
    CORRECTED = "corrected"
    DISCLOSED = "disclosed"


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what kind of contribution to which part of which node. `evidence`: commits or addresses.

    `node` is a label, empty for work on the whole project. `by` is the person who says so, None for the
    check itself. `about` is the number of the entry that this one confirms, refuses, disputes or corrects;
    such an entry repeats what is confirmed, and one that corrects says what is right. One that discloses
    says of a person's work on a node how it was made.
    """

    person_id: int
    node: str
    part: str
    kind: str
    role: str
    degree: str
    evidence: tuple[str, ...]
    at: datetime
    act: Act = Act.CREDITED
    about: int | None = None
    by: int | None = None
    method: str | None = None
    tools: tuple[str, ...] = ()

    @property
    def version(self) -> int:
        """Which canonical form it is sealed in: the first where it has nothing that came later."""
        told = self.about is None and self.by is None and self.method is None and not self.tools
        return 1 if told and self.act == Act.CREDITED else 2


def canonical(prev: str, entry: Entry) -> str:
    """The entry and the hash before it as JSON, the same on every machine: names in order, no blanks.

    Written out, because it is half of what verifying a long ledger takes. Where an entry has nothing of what
    entries did not have at first, it is sealed as it was then.
    """
    at = f'"at":"{entry.at.astimezone(UTC).isoformat()}"'
    how = f'"degree":{_text(entry.degree)},"evidence":{_texts(entry.evidence)},"kind":{_text(entry.kind)}'
    where = f'"node":{_text(entry.node)},"part":{_text(entry.part)},"person_id":{entry.person_id}'
    last = f'"prev":{_text(prev)},"role":{_text(entry.role)}'
    if entry.version == 1:
        return f"{{{at},{how},{where},{last}}}"
    act, by = f'"about":{_or_null(entry.about)},"act":{_text(entry.act)}', f'"by":{_or_null(entry.by)}'
    method = f'"method":{_text(entry.method) if entry.method is not None else "null"}'
    tools = f'"tools":{_texts(entry.tools)},"version":{entry.version}'
    return f"{{{act},{at},{by},{how},{method},{where},{last},{tools}}}"


def _texts(values: Iterable[str]) -> str:
    return f"[{','.join(map(_text, values))}]"


def _or_null(number: int | None) -> str:
    return "null" if number is None else str(number)


def seal(prev: str, entry: Entry) -> str:
    """The hex SHA-256 of the entry's canonical JSON together with the hash before it."""
    return hashlib.sha256(canonical(prev, entry).encode("utf-8")).hexdigest()


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
