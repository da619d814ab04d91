"""Lean's terms as plain values: tables of names, levels and expressions, and the constants made of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from lean_project.facts import Kind
from lean_project.names import Name

# `("z",)`, `("s", level)`, `("m", level, level)`, `("i", level, level)`, `("p", name)`
Level = tuple[str | int, ...]
# `("b", index)`, `("s", level)`, `("c", name, *levels)`, `("a", f, x)`, `("l", name, binder, type, body)`,
# `("p", name, binder, type, body)`, `("z", name, type, value, body)`, `("n", number)`, `("t", text)`,
# `("j", name, index, e)`. A binder is 0 (explicit) to 3, as Lean counts them.
Expr = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One computation rule of a recursor."""

    constructor: int
    fields: int
    rhs: int


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant of the project or of Lean itself; numbers are those of the tables.

    `owner` is the number of the project's module, or None for a constant of Lean itself. `block` are the
    types declared together with an inductive type or recursor, for a constructor its type; `constructors`
    those of an inductive type. `numbers` are Lean's own counts, in its order. `unchecked` says that it is
    `unsafe` or `partial`, which no kernel checks; `hints` is for the kernel's speed alone.
    """

    name: int
    kind: Kind
    params: tuple[int, ...]
    type: int
    owner: int | None
    body: int | None = None
    hints: str = "o"
    block: tuple[int, ...] = ()
    constructors: tuple[int, ...] = ()
    rules: tuple[Rule, ...] = ()
    numbers: tuple[int, ...] = ()
    unchecked: bool = False

    @property
    def kin(self) -> tuple[int, ...]:
        """The constants that belong to it without standing in its type or body."""
        return self.block + self.constructors


@dataclass(slots=True)
class Terms:
    """The tables. Each value stands there once; what it is made of stands before it.

    `shapes` says of each expression which it is when names and kinds of binders do not count.
    """

    names: list[Name] = field(default_factory=lambda: [()])
    parents: list[int] = field(default_factory=lambda: [0])
    levels: list[Level] = field(default_factory=list)
    exprs: list[Expr] = field(default_factory=list)
    shapes: list[int] = field(default_factory=list)
    _names: dict[Name, int] = field(default_factory=lambda: {(): 0})
    _levels: dict[Level, int] = field(default_factory=dict)
    _exprs: dict[Expr, int] = field(default_factory=dict)
    _shapes: dict[Expr, int] = field(default_factory=dict)

    def name(self, name: Name) -> int:
        known = self._names.get(name)
        if known is None:
            parent = self.name(name[:-1])
            known = self._names[name] = len(self.names)
            self.names.append(name)
            self.parents.append(parent)
        return known

    def level(self, level: Level) -> int:
        known = self._levels.get(level)
        if known is None:
            known = self._levels[level] = len(self.levels)
            self.levels.append(level)
        return known

    def expr(self, expr: Expr) -> int:
        known = self._exprs.get(expr)
        if known is None:
            known = self._exprs[expr] = len(self.exprs)
            self.exprs.append(expr)
            self.shapes.append(self._shapes.setdefault(self._shape(expr), known))
        return known

    def _shape(self, expr: Expr) -> Expr:
        below = tuple(self.shapes[child] for child in children(expr))
        match expr[0]:
            case "a" | "l" | "p" | "z":
                return (expr[0], *below)
            case "j":
                return (*expr[:3], *below)
            case _:
                return expr


def children(expr: Expr) -> tuple[int, ...]:
    """The numbers of the expressions directly below this one."""
    match expr[0]:
        case "a":
            return numbers(expr[1:])
        case "l" | "p":
            return numbers(expr[3:])
        case "z":
            return numbers(expr[2:])
        case "j":
            return numbers(expr[3:])
        case _:
            return ()


def number(part: str | int) -> int:
    if isinstance(part, str):
        raise TypeError("a number was expected")
    return part


def numbers(parts: tuple[str | int, ...]) -> tuple[int, ...]:
    return tuple(number(part) for part in parts)
