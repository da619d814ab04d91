"""What the Lean of a node's statement means, and what moved where that is not what it was. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from blueprint.graph import Node
from lean_project.facts import Fact, Facts
from lean_project.meaning import meaning, moved


@dataclass(frozen=True, slots=True)
class Print:
    """A declaration of a statement: its fingerprint in the project (L1) and down to the ground (L2).

    Both are None where Lean has no such declaration, or the kernel refused it. `meaning` has the constants
    of the project that it means, each with a hash of its own part; only what was agreed upon keeps that.
    """

    name: str
    fingerprint: str | None
    deep: str | None = None
    meaning: Mapping[str, str] = field(default_factory=dict)


def prints(node: Node, known: Mapping[str, Fact]) -> tuple[Print, ...]:
    """Of every declaration of a node's statement, in the order in which the node names them."""
    return tuple(_print(name, known.get(name)) for name in node.statement.lean or node.lean)


def _print(name: str, fact: Fact | None) -> Print:
    return Print(name, fact.fingerprint, fact.deep_fingerprint) if fact else Print(name, None)


def with_meaning(found: Iterable[Print], facts: Facts) -> tuple[Print, ...]:
    """The same, so that one can say later what moved."""
    return tuple(replace(one, meaning=meaning(facts, one.name)) for one in found)


def fingerprint(found: Iterable[Print]) -> str:
    """The hex SHA-256 of all of them: neither their names nor their order are part of it."""
    return _digest(one.fingerprint for one in found)


def ground(found: Iterable[Print]) -> str:
    """The same, down to what is not the project's own."""
    return _digest(one.deep for one in found)


def culprits(before: Iterable[Print], after: Iterable[Print], facts: Facts) -> tuple[str, ...]:
    """The declarations that moved between two prints of a statement. `before` has its meanings with it.

    What has another name and the same meaning has not moved.
    """
    old, new = {one.name: one for one in before}, {one.name: one for one in after}
    same = {name for name in old.keys() & new.keys() if old[name].fingerprint == new[name].fingerprint}
    found: dict[str, None] = {}
    for name in (name for name in new if name in old and name not in same):
        was, now = old[name].meaning, meaning(facts, name)
        changed = moved(was, now) if was and now else ()
        found |= dict.fromkeys(changed or (name,))
    gone = [one for name, one in old.items() if name not in new]
    come = [one for name, one in new.items() if name not in old]
    for one, others in ((gone, come), (come, gone)):
        found |= dict.fromkeys(_unmatched(one, others))
    return tuple(found)


def _unmatched(some: Iterable[Print], others: Iterable[Print]) -> Iterable[str]:
    """The names of those for which the others have no equal fingerprint left."""
    left = Counter(one.fingerprint for one in others)
    for one in some:
        if left[one.fingerprint]:
            left[one.fingerprint] -= 1
        else:
            yield one.name


def _digest(found: Iterable[str | None]) -> str:
    return hashlib.sha256("".join(sorted(f"{one or '-'}\n" for one in found)).encode()).hexdigest()
