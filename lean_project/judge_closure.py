"""What a constant rests on, and the shortest way from it to whatever it should not rest on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from lean_project.judge_terms import Constant, Terms, children, number

Edges = Callable[[int], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Uses:
    """The constants (numbers of names, sorted) named in a type, in a body, and in the rest."""

    type: tuple[int, ...]
    body: tuple[int, ...]
    rest: tuple[int, ...]


def uses(terms: Terms, constant: Constant) -> Uses:
    """What a constant names; `rest` is its inductive block and the rules of a recursor."""
    body = () if constant.body is None else (constant.body,)
    rest = {*constants_in(terms, [rule.rhs for rule in constant.rules]), *constant.kin}
    return Uses(constants_in(terms, (constant.type,)), constants_in(terms, body), tuple(sorted(rest)))


def constants_in(terms: Terms, roots: Iterable[int]) -> tuple[int, ...]:
    """The constants, projections' structures included, that these expressions name."""
    found: set[int] = set()
    seen: set[int] = set()
    waiting = list(roots)
    while waiting:
        index = waiting.pop()
        if index in seen:
            continue
        seen.add(index)
        expr = terms.exprs[index]
        if expr[0] in ("c", "j"):
            found.add(number(expr[1]))
        waiting += children(expr)
    return tuple(sorted(found))


class Reach:
    """The two graphs of a project: of everything, and of what statements mean."""

    def __init__(
        self, terms: Terms, constants: Mapping[int, Constant], is_proof: Callable[[int], bool]
    ) -> None:
        self.uses = {key: uses(terms, constant) for key, constant in constants.items()}
        self._is_proof = is_proof

    def everything(self, key: int) -> tuple[int, ...]:
        """The edges of the whole closure: type, body, block, rules."""
        found = self.uses.get(key)
        return found.type + found.body + found.rest if found else ()

    def meaning(self, key: int) -> tuple[int, ...]:
        """The edges of the statement's closure: a proof contributes its type only."""
        found = self.uses.get(key)
        if found is None:
            return ()
        return found.type if self._is_proof(key) else found.type + found.body + found.rest


def paths(start: int, edges: Edges) -> dict[int, int | None]:
    """Breadth first from `start`: for each constant reached, the one before it on a shortest path."""
    before: dict[int, int | None] = {start: None}
    queue = deque((start,))
    while queue:
        key = queue.popleft()
        for used in edges(key):
            if used not in before:
                before[used] = key
                queue.append(used)
    return before


def path_to(before: dict[int, int | None], goal: int) -> tuple[int, ...]:
    """The path that `paths` found, from its start to `goal`."""
    path: list[int] = []
    key: int | None = goal
    while key is not None:
        path.append(key)
        key = before[key]
    return tuple(reversed(path))
