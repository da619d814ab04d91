"""The ledger of credit: what an entry is, who gets which degree for lines of Lean, and the seals.

An entry gives credit, or says something about one before it: nothing is ever changed. Names do not stand in
it, only numbers of people, so that a name can go without breaking a seal.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum

START = "0" * 64

# Within this share of the most lines, people count as equal.
NEARLY = 0.8

# What entries did not have at first. Where all of it is as here, an entry is sealed as it was then.
_LATER: Mapping[str, object] = {"act": "credited", "about": None, "by": None, "method": None, "tools": ()}


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
        return 1 if all(getattr(self, name) == value for name, value in _LATER.items()) else 2


_ALL = tuple(field.name for field in fields(Entry))
_FIRST = tuple(name for name in _ALL if name not in _LATER)
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(prev: str, entry: Entry) -> str:
    """The entry and the hash before it as JSON, the same on every machine."""
    names = _FIRST if entry.version == 1 else _ALL
    values = {name: getattr(entry, name) for name in names}
    values |= {"at": entry.at.astimezone(UTC).isoformat(), "prev": prev}
    if entry.version > 1:
        values["version"] = entry.version
    return _JSON.encode(values)


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
