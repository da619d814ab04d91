"""What a constant rests on, and the shortest way from it to whatever it should not rest on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lean_project.judge_export import Constant, Export

Edges = Callable[[int], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Uses:
    """The constants (numbers of names, sorted) named in a type, in a body, and in the rest."""

    type: tuple[int, ...]
    body: tuple[int, ...]
    rest: tuple[int, ...]


def uses(export: Export, constant: Constant) -> Uses:
    """What a constant names; `rest` is its inductive block and the rules of a recursor."""
    body = () if constant.body is None else (constant.body,)
    rest = set(constants_in(export, constant.rules)) | set(constant.kin)
    return Uses(constants_in(export, (constant.type,)), constants_in(export, body), tuple(sorted(rest)))


def constants_in(export: Export, roots: Iterable[int]) -> tuple[int, ...]:
    """The constants, projections' structures included, that these expressions name."""
    found: set[int] = set()
    seen: set[int] = set()
    waiting = list(roots)
    while waiting:
        index = waiting.pop()
        if index in seen:
            continue
        seen.add(index)
        expr = export.exprs[index]
        if expr[0] in ("c", "j"):
            found.add(number(expr[1]))
        waiting += children(expr)
    return tuple(sorted(found))


def children(expr: tuple[str | int, ...]) -> tuple[int, ...]:
    """The numbers of the expressions directly below this one."""
    match expr[0]:
        case "a" | "l" | "p" | "z":
            return tuple(number(part) for part in expr[1:])
        case "j":
            return (number(expr[3]),)
        case _:
            return ()


def number(part: str | int) -> int:
    if isinstance(part, str):
        raise TypeError("a number was expected")
    return part


class Reach:
    """The two graphs of a project: of everything, and of what statements mean."""

    def __init__(self, export: Export) -> None:
        self._export = export
        own = {key: value for key, value in export.constants.items() if value.owner is not None}
        self.uses = {key: uses(export, value) for key, value in own.items()}

    def everything(self, key: int) -> tuple[int, ...]:
        """The edges of the whole closure: type, body, block, rules."""
        found = self.uses.get(key)
        return found.type + found.body + found.rest if found else ()

    def meaning(self, key: int) -> tuple[int, ...]:
        """The edges of the statement's closure: a proof contributes its type only."""
        found = self.uses.get(key)
        if found is None:
            return ()
        return found.type if self._export.is_proof(key) else found.type + found.body + found.rest


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
