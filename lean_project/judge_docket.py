"""What the kernel is asked about a project, in which order, and what its answers mean. Pure.

The request and the answers are lines of words; `lean/Judge.lean` says what each means.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from lean_project.facts import Kind
from lean_project.judge_closure import uses
from lean_project.judge_terms import Constant, Expr, Level, Terms
from lean_project.names import Name, written

MAX_REFUSAL = 600  # characters; the kernel may quote large terms
_LETTERS = {Kind.AXIOM: "A", Kind.DEFINITION: "D", Kind.THEOREM: "H", Kind.OPAQUE: "O"}
_MADE = {Kind.INDUCTIVE: "i", Kind.CONSTRUCTOR: "c", Kind.RECURSOR: "r"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the kernel and the printer said; `refusal` is None for an accepted constant."""

    is_prop: bool
    refusal: str | None
    statement: str


@dataclass(frozen=True, slots=True)
class Core:
    """What is said of a constant of Lean itself."""

    name: int
    module: str
    kind: Kind
    is_prop: bool
    statement: str
    docstring: str | None


@dataclass(frozen=True, slots=True)
class Ruling:
    """The outcome: the project's constants that count, by name, and Lean's own that they use."""

    terms: Terms
    constants: Mapping[int, Constant]
    judgements: Mapping[int, Judgement]
    core: Mapping[int, Core]

    def is_proof(self, key: int) -> bool:
        """Whether a constant of the project proves a proposition, be it called a theorem or a definition."""
        constant, judgement = self.constants.get(key), self.judgements.get(key)
        if constant is None:
            return False
        is_prop = judgement is not None and judgement.is_prop
        return constant.kind is Kind.THEOREM or (is_prop and constant.kind is Kind.DEFINITION)

    def is_axiom(self, key: int) -> bool:
        own, core = self.constants.get(key), self.core.get(key)
        return (own.kind if own else core.kind if core else None) is Kind.AXIOM


class Docket:
    """Everything to ask about a project's constants. `shown` are the names whose statements are wanted."""

    def __init__(
        self, terms: Terms, constants: Sequence[Constant], shown: Collection[int], asked: Collection[Name]
    ) -> None:
        self._terms, self._shown = terms, frozenset(shown)
        self._refused: dict[int, str] = {}
        self._constants = self._single(constants)
        self._needs = {key: self._needed(constant) for key, constant in self._constants.items()}
        self._units = self._grouped()
        self._order = self._sorted()
        self._core = self._outside(asked)

    # --- the request ---

    def request(self, imports: Sequence[tuple[str, ...]]) -> bytes:
        lines = [" ".join(".".join(name) for name in imports)]
        lines += _names(self._terms)
        lines += [_line("L", *level) for level in self._terms.levels]
        lines += [_line("E", *_term(expr)) for expr in self._terms.exprs]
        lines += [self._declaration(unit) for unit in self._order]
        lines += [self._claim(key) for key in self._made()]
        lines += [_line("S" if key in self._shown else "Q", key) for key in self._constants]
        lines += [_line("B", key, int(words)) for key, words in self._core.items()]
        return "\n".join(lines).encode()

    def _declaration(self, unit: int) -> str:
        constant = self._constants[unit]
        if constant.kind is Kind.INDUCTIVE:
            return self._block(constant)
        body = [] if constant.body is None else [constant.body]
        hints = [constant.hints] if constant.kind is Kind.DEFINITION else []
        return _line(_LETTERS[constant.kind], unit, constant.type, *body, *hints, *constant.params)

    def _block(self, first: Constant) -> str:
        words: list[int] = []
        for member in self._units[first.name]:
            own = self._constants[member]
            words += [member, own.type, len(own.constructors)]
            for constructor in own.constructors:
                words += [constructor, self._constants[constructor].type]
        return _line("I", first.numbers[0], *_counted(first.params), *words)

    def _claim(self, key: int) -> str:
        one = self._constants[key]
        head = (_MADE[one.kind], key, one.type)
        if one.kind is Kind.INDUCTIVE:
            lists = (*_counted(one.block), *_counted(one.constructors), *one.params)
            return _line(*head, *one.numbers, *lists)
        if one.kind is Kind.CONSTRUCTOR:
            return _line(*head, *one.block, *one.numbers, *one.params)
        rules = [part for rule in one.rules for part in (rule.constructor, rule.fields, rule.rhs)]
        return _line(*head, *one.numbers, *_counted(one.block), *_counted(one.params), *rules)

    # --- what can be said before the kernel is asked ---

    def _single(self, constants: Iterable[Constant]) -> dict[int, Constant]:
        """Each constant once. Lean itself writes some theorems (equations of definitions) in every module
        that uses them: the same theorem twice is one. Any other second declaration is refused, and so is
        the first.
        """
        found: dict[int, Constant] = {}
        for constant in constants:
            first = found.setdefault(constant.name, constant)
            if first is not constant and not self._is_same_theorem(first, constant):
                self._refused[constant.name] = "two modules of the project declare it"
            if constant.unchecked:
                self._refused[constant.name] = "it is unsafe or partial, which the kernel does not check"
            if constant.kind is Kind.QUOTIENT:
                self._refused[constant.name] = "no project may declare it"
        return found

    def _is_same_theorem(self, one: Constant, other: Constant) -> bool:
        both = one.kind is Kind.THEOREM and other.kind is Kind.THEOREM
        shapes = self._terms.shapes
        return both and shapes[one.type] == shapes[other.type] and one.params == other.params

    def _needed(self, constant: Constant) -> set[int]:
        used = uses(self._terms, constant)
        return {*used.type, *used.body}

    def _grouped(self) -> dict[int, tuple[int, ...]]:
        """What is declared together, by its first member."""
        units: dict[int, tuple[int, ...]] = {}
        for key, constant in self._constants.items():
            if key in self._refused or constant.kind in (Kind.CONSTRUCTOR, Kind.RECURSOR):
                continue
            if constant.kind is not Kind.INDUCTIVE:
                units[key] = (key,)
            elif not self._is_whole(constant):
                self._refused[key] = "its inductive type is not whole"
            else:
                units[constant.block[0]] = constant.block
        return units

    def _is_whole(self, member: Constant) -> bool:
        """Whether all types of the block say the same of it, and all their constructors are there."""
        found = [self._constants.get(key) for key in member.block]
        return member.name in member.block and all(
            one is not None
            and one.kind is Kind.INDUCTIVE
            and one.name not in self._refused
            and one.block == member.block
            and all(self._is_constructor(key) for key in one.constructors)
            for one in found
        )

    def _is_constructor(self, key: int) -> bool:
        found = self._constants.get(key)
        return found is not None and found.kind is Kind.CONSTRUCTOR and key not in self._refused

    def _unit(self, key: int) -> int | None:
        """The declaration that brings a constant about."""
        constant = self._constants.get(key)
        if constant is None or key in self._refused:
            return None
        if constant.kind in _MADE:
            first = constant.block[0] if constant.block else key
            maker = self._constants.get(first)
            whole = maker is not None and maker.kind is Kind.INDUCTIVE and maker.block
            return maker.block[0] if maker is not None and whole and maker.block[0] in self._units else None
        return key if key in self._units else None

    def _sorted(self) -> list[int]:
        """The declarations, each after those it needs. What depends on itself is refused."""
        graph = {unit: self._below(unit) for unit in self._units}
        while True:
            try:
                return [unit for unit in TopologicalSorter(graph).static_order() if unit in self._units]
            except CycleError as error:
                for unit in error.args[1]:
                    for member in self._units.pop(unit, ()):
                        self._refused[member] = "it depends on itself"
                    graph.pop(unit, None)

    def _below(self, unit: int) -> set[int]:
        own = self._members(unit)
        needed = {need for member in own for need in self._needs[member]} - own
        return {one for one in map(self._unit, needed) if one is not None}

    def _members(self, unit: int) -> set[int]:
        members = self._units[unit]
        return {*members, *(key for member in members for key in self._constants[member].constructors)}

    def _made(self) -> list[int]:
        return [
            key
            for key, constant in self._constants.items()
            if constant.kind in _MADE and key not in self._refused and self._unit(key) is not None
        ]

    def _outside(self, asked: Collection[Name]) -> dict[int, bool]:
        """Lean's own constants that are used or asked for, and whether their words are wanted."""
        used = {need for needs in self._needs.values() for need in needs} - self._constants.keys()
        wanted = {self._terms.name(name) for name in asked} - self._constants.keys()
        return {key: key in wanted for key in sorted(used | wanted)}

    # --- the answers ---

    def ruling(self, data: bytes) -> Ruling:
        """What the judge answered. Raises `ValueError` where that is no answer to this request."""
        lines = data.decode("utf-8").split("\n")[1:]
        made = self._made()
        counts = (len(self._order), len(made), len(self._constants), len(self._core))
        if len(lines) != sum(counts):
            raise ValueError("the answer is of another length")
        rows = iter(lines)
        declared = dict(zip(self._order, rows, strict=False))
        claims = dict(zip(made, rows, strict=False))
        spoken = dict(zip(self._constants, rows, strict=False))
        core = dict(zip(self._core, rows, strict=False))
        refused = self._refusals(declared, claims)
        kept = {key: one for key, one in self._constants.items() if declared.get(key) != "="}
        return Ruling(
            self._terms,
            kept,
            {key: _judgement(one, spoken[key], refused.get(key)) for key, one in kept.items()},
            {key: _core(key, row) for key, row in core.items() if row != "-"},
        )

    def _refusals(self, declared: Mapping[int, str], claims: Mapping[int, str]) -> dict[int, str]:
        """Why constants are refused: each with the trouble itself, or with where it began."""
        units = {key: self._unit(key) for key, one in self._constants.items() if one.kind in _MADE}
        refused = dict(self._refused)
        for key, unit in units.items():
            if unit is None:
                refused.setdefault(key, "its inductive type is missing or refused")
            elif declared[unit] == "+" and claims.get(key, "+") != "+":
                refused[key] = _reason(claims[key])
        made: dict[int, list[int]] = {}
        for key, unit in units.items():
            made.setdefault(-1 if unit is None else unit, []).append(key)
        for unit in self._order:
            own = made.get(unit, [unit])
            why = self._inherited(own, refused)
            if why is None and declared[unit] not in ("+", "="):
                why = _reason(declared[unit])
            if why:
                refused.update((key, why) for key in own if key not in refused)
        return refused

    def _inherited(self, own: Sequence[int], refused: Mapping[int, str]) -> str | None:
        """What it rests on that is refused, and why that was; the members of a block stand by one another."""
        needs = {need for key in own for need in self._needs[key]} - {*own}
        for key in [*(key for key in own if key in refused), *sorted(needs & refused.keys())]:
            why = refused[key]
            inherited = why.startswith("it rests on ")
            return why if inherited else f"it rests on {written(self._terms.names[key])}: {why}"
        return None


def _judgement(constant: Constant, row: str, refusal: str | None) -> Judgement:
    """A theorem claims to prove something, whatever became of it."""
    prop, statement = row.split(" ")
    return Judgement(prop == "1" or constant.kind is Kind.THEOREM, refusal, _text(statement))


def _core(key: int, row: str) -> Core:
    module, kind, prop, statement, docstring = row.split(" ")
    return Core(key, _text(module), Kind(kind), prop == "1", _text(statement), _text(docstring) or None)


def _reason(row: str) -> str:
    return " ".join(_text(row).split())[:MAX_REFUSAL]


def _names(terms: Terms) -> Iterator[str]:
    for name, parent in zip(terms.names[1:], terms.parents[1:], strict=True):
        last = name[-1]
        yield _line("N", parent, "n", last) if isinstance(last, int) else _line("N", parent, "s", _word(last))


def _word(part: str | int) -> str | int:
    """The first word of a term names its kind; any other text is one that somebody wrote."""
    if isinstance(part, int):
        return part
    return f"x{part.encode().hex()}"


def _text(word: str) -> str:
    if not word.startswith("x"):
        raise ValueError("not a text")
    return bytes.fromhex(word[1:]).decode()


def _term(term: Expr | Level) -> Iterator[str | int]:
    yield term[0]
    yield from map(_word, term[1:])


def _counted(items: Sequence[int]) -> tuple[int, ...]:
    return len(items), *items


def _line(*words: str | int) -> str:
    return " ".join(map(str, words))
