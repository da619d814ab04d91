"""What the judge exports, read back as values. It is ours, so anything unexpected is a fault.

Every line begins with a letter and has words separated by blanks; text is `x` and hexadecimal UTF-8.
Names, levels and expressions are numbered from 0 in the order of their lines.

| line | meaning |
|---|---|
| `N`, `N p s TEXT`, `N p n NUMBER` | a name: none, or a component below name p |
| `L z`, `L s l`, `L m l l`, `L i l l`, `L p n` | a level: zero, successor, max, imax, parameter |
| `E KIND ...` | an expression; see `Expr` |
| `C owner KIND name type`, then `P`, `B`, `K`, `R`, `M` lines | a constant of module number `owner` |
| `J name prop VERDICT TEXT` | the judgement: `+` or the refusal, and the statement |
| `T module KIND name type prop TEXT TEXT`, then a `P` line | a constant of Lean itself |
| `end` | the export is complete |
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lean_project.facts import Kind
from lean_project.names import Name

MAX_REFUSAL = 600  # characters; the kernel may quote large terms

# `("b", index)`, `("s", level)`, `("c", name, *levels)`, `("a", f, x)`, `("l", type, body)`,
# `("p", type, body)`, `("z", type, value, body)`, `("n", number)`, `("t", text)`, `("j", name, index, e)`,
# and `("?",)` for what has no place in a finished term.
Expr = tuple[str | int, ...]
Level = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant; `type` and the others are numbers of expressions, `params` and `kin` of names.

    `owner` is the number of the project's module, or None for a constant of Lean itself, whose body is not
    exported. `kin` are the constants of its inductive block, `rules` the right sides of a recursor.
    """

    kind: Kind
    type: int
    params: tuple[int, ...]
    owner: int | None
    body: int | None = None
    kin: tuple[int, ...] = ()
    rules: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the kernel and the printer said; `refusal` is None for an accepted constant."""

    is_prop: bool
    refusal: str | None
    statement: str


@dataclass(frozen=True, slots=True)
class Core:
    """What is shown of a constant of Lean itself."""

    module: Name
    is_prop: bool
    statement: str
    docstring: str | None


@dataclass(slots=True)
class Export:
    """The tables, and the constants by the number of their name."""

    names: list[Name] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)
    exprs: list[Expr] = field(default_factory=list)
    constants: dict[int, Constant] = field(default_factory=dict)
    judgements: dict[int, Judgement] = field(default_factory=dict)
    core: dict[int, Core] = field(default_factory=dict)

    def is_proof(self, key: int) -> bool:
        """Whether the constant proves a proposition, be it called a theorem or a definition."""
        constant, judgement = self.constants.get(key), self.judgements.get(key)
        if constant is None:
            return False
        is_prop = judgement is not None and judgement.is_prop
        return constant.kind is Kind.THEOREM or (is_prop and constant.kind is Kind.DEFINITION)


def read_export(data: bytes) -> Export:
    """The export. Raises `ValueError` where it is not complete, or not one."""
    try:
        return _read(data)
    except (StopIteration, IndexError) as error:
        raise ValueError("the export is cut short") from error


def _read(data: bytes) -> Export:
    lines = data.decode("ascii").split("\n")
    if lines[-2:] != ["end", ""]:
        raise ValueError("the export is not complete")
    export, known = Export(), set[Name]()
    rows = iter(lines[:-2])
    for row in rows:
        tag, *words = row.split(" ")
        match tag:
            case "N":
                name = _name(export, words)
                if name in known:  # two names that Lean holds apart but that read the same are a forgery
                    raise ValueError("two names are the same")
                known.add(name)
                export.names.append(name)
            case "L":
                export.levels.append((words[0], *map(int, words[1:])))
            case "E":
                export.exprs.append(_expr(words))
            case "C":
                _constant(export, words, rows)
            case "J":
                _judgement(export, words)
            case "T":
                _core(export, words, rows)
            case _:
                raise ValueError(f"unknown line {tag!r}")
    return export


def _text(word: str) -> str:
    if not word.startswith("x"):
        raise ValueError("not a text")
    return bytes.fromhex(word[1:]).decode("utf-8", "replace")


def _name(export: Export, words: list[str]) -> Name:
    if not words:
        return ()
    parent, tag, value = words
    return (*export.names[int(parent)], _text(value) if tag == "s" else int(value))


def _expr(words: list[str]) -> Expr:
    kind, *rest = words
    if kind == "t":
        return (kind, _text(rest[0]))
    if kind not in {"b", "s", "c", "a", "l", "p", "z", "n", "j", "?"}:
        raise ValueError(f"unknown expression {kind!r}")
    return (kind, *map(int, rest))


def _numbers(rows: Iterator[str], tag: str) -> tuple[int, ...]:
    head, *words = next(rows).split(" ")
    if head != tag:
        raise ValueError(f"expected a line {tag}")
    return tuple(map(int, words))


def _constant(export: Export, words: list[str], rows: Iterator[str]) -> None:
    owner, kind, name, type_ = words
    params, body = _numbers(rows, "P"), _numbers(rows, "B")
    kin, rules, numbers = _numbers(rows, "K"), _numbers(rows, "R"), _numbers(rows, "M")
    export.constants[int(name)] = Constant(
        Kind(kind), int(type_), params, int(owner), body[0] if body else None, kin, rules, numbers
    )


def _judgement(export: Export, words: list[str]) -> None:
    name, prop, verdict, statement = words
    refusal = None if verdict == "+" else " ".join(_text(verdict).split())[:MAX_REFUSAL]
    export.judgements[int(name)] = Judgement(prop == "1", refusal, _text(statement))


def _core(export: Export, words: list[str], rows: Iterator[str]) -> None:
    module, kind, name, type_, prop, statement, docstring = words
    params, key = _numbers(rows, "P"), int(name)
    if key in export.constants and export.constants[key].owner is not None:
        return  # the project redeclares it, and is refused for that
    export.constants[key] = Constant(Kind(kind), int(type_), params, None)
    words_for_people = _text(statement), _text(docstring) or None
    export.core[key] = Core(export.names[int(module)], prop == "1", *words_for_people)
