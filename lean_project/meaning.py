"""Which definitions a statement means, and which of them moved. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from lean_project.facts import Facts


def meaning(facts: Facts, name: str) -> dict[str, str]:
    """The project's constants that the statement of a declaration means, itself included, each with a hash of
    its own part. Small enough to be kept beside a fingerprint; empty for what has none."""
    at = {entry.name: position for position, entry in enumerate(facts.meanings)}
    found: dict[str, str] = {}
    waiting = [at[name]] if name in at else []
    while waiting:
        entry = facts.meanings[waiting.pop()]
        if entry.name not in found:
            found[entry.name] = entry.digest
            waiting += entry.uses
    return found


def moved(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """The constants whose own part differs between two meanings, sorted: the culprits of a move.

    What only one of them has is named where nothing else differs: it came or went because another changed.
    """
    changed = {name for name in before.keys() & after.keys() if before[name] != after[name]}
    return tuple(sorted(changed or before.keys() ^ after.keys()))
