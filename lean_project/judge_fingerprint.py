"""The statement fingerprint: it moves when the meaning of a statement moves, and only then.

SHA-256 over length-prefixed bytes of the statement's closure in the project. Universe parameters count by
position; names and kinds of binders and metadata are gone already. A proof contributes its type alone,
also where a definition mentions it: which proof, by which name, does not matter. Definitions contribute
their bodies, inductive types their whole block, opaque constants and axioms name and type. Constants of
Lean itself count by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from lean_project.facts import Kind
from lean_project.judge_closure import Reach, children, constants_in, number, paths
from lean_project.judge_export import Constant, Export


def digest(*parts: bytes | str | int) -> bytes:
    """A hash of a list: each part is prefixed by its length, so no two lists look the same."""
    whole = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
        whole.update(len(data).to_bytes(8, "big") + data)
    return whole.digest()


class Fingerprints:
    """Fingerprints of the constants of one export."""

    def __init__(self, export: Export, reach: Reach) -> None:
        self._export, self._reach = export, reach
        self._constants: dict[int, bytes] = {}
        self._types: dict[int, bytes] = {}
        self._levels: dict[tuple[int, ...], dict[int, bytes]] = {}

    def of(self, key: int) -> str:
        """The hex fingerprint of the statement of a project constant; its own name is no part of it."""
        others = [used for used in self._closure(key) if used != key]
        return digest(self._constant(key), *sorted(map(self._named, others))).hex()

    def _named(self, key: int) -> bytes:
        return self._name(key) + self._constant(key)

    def _closure(self, key: int) -> list[int]:
        """The project's constants that the statement means; proofs are met on the way but add nothing."""
        own = self._export.constants
        return [
            used
            for used in paths(key, self._edges)
            if used in own and own[used].owner is not None and not self._export.is_proof(used)
        ]

    def _edges(self, key: int) -> tuple[int, ...]:
        constant = self._export.constants.get(key)
        if constant is None or constant.owner is None:
            return ()
        if constant.kind in (Kind.OPAQUE, Kind.AXIOM):
            return self._reach.uses[key].type
        if constant.kind is Kind.RECURSOR:
            return self._reach.uses[key].type + constant.kin
        return self._reach.meaning(key)

    def _name(self, key: int) -> bytes:
        parts = [f"{'n' if isinstance(part, int) else 's'}{part}" for part in self._export.names[key]]
        return digest("name", *parts)

    def _constant(self, key: int) -> bytes:
        """A constant's own contribution, without its name."""
        if key not in self._constants:
            constant = self._export.constants[key]
            body = b""
            if (
                constant.kind is Kind.DEFINITION
                and constant.body is not None
                and not self._export.is_proof(key)
            ):
                self._ready(constant.body)
                body = self._expr(constant.body, constant)
            kin = [self._name(used) for used in constant.kin]
            self._constants[key] = digest(
                constant.kind, len(constant.params), self._type(key), body, *constant.numbers, "kin", *kin
            )
        return self._constants[key]

    def _type(self, key: int) -> bytes:
        self._ready(self._export.constants[key].type)
        if key not in self._types:
            self._types[key] = self._expr(self._export.constants[key].type, self._export.constants[key])
        return self._types[key]

    def _ready(self, root: int) -> None:
        """Hash the types of the proofs that an expression mentions, and of those that they mention."""
        waiting, opened = self._proofs_in(root), set[int]()
        while waiting:
            key = waiting[-1]
            constant = self._export.constants[key]
            if key not in self._types and key not in opened:
                opened.add(key)
                waiting += [used for used in self._proofs_in(constant.type) if used not in opened]
                continue
            waiting.pop()
            if key not in self._types:
                self._types[key] = self._expr(constant.type, constant)

    def _proofs_in(self, root: int) -> list[int]:
        return [key for key in constants_in(self._export, (root,)) if self._export.is_proof(key)]

    def _expr(self, root: int, constant: Constant) -> bytes:
        """The hash of an expression, its parts first; what is shared is hashed once."""
        done: dict[int, bytes] = {}
        waiting = [root]
        while waiting:
            index = waiting[-1]
            missing = [child for child in children(self._export.exprs[index]) if child not in done]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            done[index] = self._node(index, done, constant)
        return done[root]

    def _node(self, index: int, done: dict[int, bytes], constant: Constant) -> bytes:
        kind, *parts = self._export.exprs[index]
        match kind:
            case "s":
                return digest("s", self._level(number(parts[0]), constant))
            case "c":
                levels = [self._level(number(level), constant) for level in parts[1:]]
                return digest("c", self._reference(number(parts[0])), *levels)
            case "j":
                return digest("j", self._name(number(parts[0])), parts[1], done[number(parts[2])])
            case "b" | "n" | "t":
                return digest(str(kind), parts[0])
            case _:
                return digest(str(kind), *(done[number(child)] for child in parts))

    def _reference(self, key: int) -> bytes:
        """A proof counts by its type; one whose type leads back to itself, which no kernel takes, by name."""
        known = self._types.get(key) if self._export.is_proof(key) else None
        return self._name(key) if known is None else digest("proof", known)

    def _level(self, index: int, constant: Constant) -> bytes:
        """The hash of a level; its parts come before it in the table."""
        known = self._levels.setdefault(constant.params, {})
        for part in sorted(self._level_parts(index, known)):
            kind, *below = self._export.levels[part]
            if kind == "p":
                known[part] = digest("p", constant.params.index(number(below[0])))
            else:
                known[part] = digest(str(kind), *(known[number(one)] for one in below))
        return known[index]

    def _level_parts(self, index: int, known: Collection[int]) -> set[int]:
        """The level and what it is made of, where not known yet."""
        found, waiting = set[int](), [index]
        while waiting:
            part = waiting.pop()
            if part in found or part in known:
                continue
            found.add(part)
            kind, *below = self._export.levels[part]
            waiting += [] if kind == "p" else [number(one) for one in below]
        return found
