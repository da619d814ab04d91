"""The statement fingerprint: it moves when the meaning of a statement moves, and only then.

SHA-256 over length-prefixed bytes of the statement's closure in the project. Universe parameters count by
position; names and kinds of binders do not count, and metadata is gone already. A proof contributes its type
alone, also where a definition mentions it: which proof, by which name, does not matter. Definitions
contribute their bodies, inductive types their whole block, opaque constants and axioms name and type.
Constants of Lean itself count by name. Definitions that Lean or the word `private` named count by what they
are and not by that name, which depends on the file and on what stands above them in it.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping

from lean_project.facts import Kind
from lean_project.judge_closure import Reach, constants_in, paths
from lean_project.judge_terms import Constant, Terms, children, number
from lean_project.names import Name

_MADE_UP = re.compile(r"_.*|(?:match|eq|omega|proof)_\d+(?:_\d+)*")


def digest(*parts: bytes | str | int) -> bytes:
    """A hash of a list: each part is prefixed by its length, so no two lists look the same."""
    whole = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
        whole.update(len(data).to_bytes(8, "big") + data)
    return whole.digest()


def is_made_up(name: Name) -> bool:
    """Whether it is a name that no one wrote as it stands: `private`, or made by Lean."""
    return any(isinstance(part, int) or _MADE_UP.fullmatch(part) for part in name)


def plain(name: Name) -> Name:
    """What the author of a private declaration wrote: what follows the module and a number."""
    first = next((at for at, part in enumerate(name) if isinstance(part, int)), None)
    return name[first + 1 :] if first is not None and name[:1] == ("_private",) else name


class Fingerprints:
    """Fingerprints of constants; those outside of `constants` count by name."""

    def __init__(
        self, terms: Terms, constants: Mapping[int, Constant], reach: Reach, is_proof: Callable[[int], bool]
    ) -> None:
        self._terms, self._constants, self._reach, self._is_proof = terms, constants, reach, is_proof
        self._own: dict[int, bytes] = {}
        self._levels: dict[tuple[int, ...], dict[int, bytes]] = {}
        self._exprs: dict[tuple[int, ...], dict[int, bytes]] = {}
        self._plain = Counter(plain(terms.names[key]) for key in constants)

    def of(self, key: int) -> str:
        """The hex fingerprint of the statement of a constant; its own name is no part of it."""
        others = (digest(self.name(used), self.own(used)) for used in self.closure(key) if used != key)
        return digest(self.own(key), *sorted(others)).hex()

    def own(self, key: int) -> bytes:
        """A constant's own contribution, without its name."""
        waiting, opened = [key], set[int]()
        while key not in self._own:
            at = waiting[-1]
            if at in self._own:
                waiting.pop()
                continue
            missing = [used for used in self._content(at) if used not in self._own and used not in opened]
            if missing and at not in opened:
                opened.add(at)
                waiting += missing
                continue
            waiting.pop()
            self._own[at] = self._hashed(self._constants[at])
        return self._own[key]

    def closure(self, key: int) -> list[int]:
        """The constants with a name of their own that a statement means; proofs are seen through."""
        return [used for used in self.reached(key) if used in self._constants and not self.by_content(used)]

    def reached(self, key: int) -> Iterable[int]:
        """Everything that a statement means, constants of Lean itself included."""
        return paths(key, self.edges)

    def edges(self, key: int) -> tuple[int, ...]:
        constant = self._constants.get(key)
        if constant is None:
            return ()
        if constant.kind in (Kind.OPAQUE, Kind.AXIOM):
            return self._reach.uses[key].type
        if constant.kind is Kind.RECURSOR:
            return self._reach.uses[key].type + constant.kin
        return self._reach.meaning(key)

    def name(self, key: int) -> bytes:
        """A name; of a private one what its author wrote, unless another has that too."""
        written = plain(self._terms.names[key])
        whole = self._terms.names[key] if self._plain[written] > 1 else written
        return digest("name", *(f"{'n' if isinstance(part, int) else 's'}{part}" for part in whole))

    def type(self, key: int) -> bytes:
        """The hash of a constant's type alone."""
        self.own(key)
        return self._expr(self._constants[key].type, self._constants[key])

    def by_content(self, key: int) -> bool:
        """Whether a constant counts by what it is, and not by its name."""
        constant = self._constants.get(key)
        if constant is None:
            return False
        made_up = constant.kind is Kind.DEFINITION and is_made_up(self._terms.names[key])
        return made_up or self._is_proof(key)

    def _content(self, key: int) -> list[int]:
        """What must be hashed before: what a constant mentions that counts by content."""
        constant = self._constants[key]
        with_body = constant.kind is Kind.DEFINITION and not self._is_proof(key) and constant.body is not None
        roots = (constant.type, constant.body) if with_body else (constant.type,)
        used = constants_in(self._terms, (root for root in roots if root is not None))
        return [one for one in used if self.by_content(one)]

    def _hashed(self, constant: Constant) -> bytes:
        type_, params = self._expr(constant.type, constant), len(constant.params)
        if self._is_proof(constant.name):
            return digest("proof", params, type_)
        body = b""
        if constant.kind is Kind.DEFINITION and constant.body is not None:
            body = self._expr(constant.body, constant)
        kin = map(self.name, constant.kin)
        return digest(constant.kind, params, type_, body, *constant.numbers, "kin", *kin)

    def _expr(self, root: int, constant: Constant) -> bytes:
        """The hash of an expression, its parts first; what is shared is hashed once."""
        done = self._exprs.setdefault(constant.params, {})
        shapes, waiting = self._terms.shapes, [root]
        while waiting:
            index = waiting[-1]
            missing = [child for child in children(self._terms.exprs[index]) if shapes[child] not in done]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            if shapes[index] not in done:
                done[shapes[index]] = self._node(index, done, constant)
        return done[shapes[root]]

    def _node(self, index: int, done: dict[int, bytes], constant: Constant) -> bytes:
        kind, *parts = expr = self._terms.exprs[index]
        below = [done[self._terms.shapes[child]] for child in children(expr)]
        match kind:
            case "s":
                return digest("s", self._level(number(parts[0]), constant))
            case "c":
                levels = [self._level(number(level), constant) for level in parts[1:]]
                return digest("c", self._reference(number(parts[0])), *levels)
            case "j":
                return digest("j", self.name(number(parts[0])), parts[1], *below)
            case "b" | "n" | "t":
                return digest(str(kind), parts[0])
            case _:
                return digest(str(kind), *below)

    def _reference(self, key: int) -> bytes:
        """What counts by content and leads back to itself, which no kernel takes, counts by name."""
        known = self._own.get(key) if self.by_content(key) else None
        return self.name(key) if known is None else digest("content", known)

    def _level(self, index: int, constant: Constant) -> bytes:
        """The hash of a level; its parts come before it in the table."""
        known = self._levels.setdefault(constant.params, {})
        for part in sorted(self._level_parts(index, known)):
            kind, *below = self._terms.levels[part]
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
            kind, *below = self._terms.levels[part]
            waiting += [] if kind == "p" else [number(one) for one in below]
        return found
