"""From the judge's export, and the builder's words about places, to facts. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lean_project.axioms import STANDARD_AXIOMS
from lean_project.build_record import Place
from lean_project.facts import SORRY, Blame, Fact, Kind
from lean_project.judge_closure import Reach, path_to, paths
from lean_project.judge_export import Constant, Export
from lean_project.judge_fingerprint import Fingerprints
from lean_project.names import Name, written


@dataclass(frozen=True, slots=True)
class Source:
    """A built module, as facts speak of it: its name, its file, and where its declarations stand."""

    module: str
    file: str
    places: Mapping[Name, Place]


def facts(export: Export, sources: Sequence[Source], asked: Collection[Name]) -> tuple[Fact, ...]:
    """The facts, sorted by name, about every declaration with a place in a source, and those asked for."""
    bench = _Bench(export, sources)
    found = [bench.own(key) for key in export.judgements if bench.is_wanted(key, asked)]
    found += [bench.upstream(key) for key in export.core if export.names[key] in asked]
    return tuple(sorted(found, key=lambda fact: fact.name))


class _Bench:
    """One export with the graphs made from it."""

    def __init__(self, export: Export, sources: Sequence[Source]) -> None:
        self._export, self._sources = export, sources
        self._reach = Reach(export)
        self._prints = Fingerprints(export, self._reach)
        self._keys = {export.names[key]: key for key in self._reach.uses}

    def is_wanted(self, key: int, asked: Collection[Name]) -> bool:
        return self._place(key) is not None or self._export.names[key] in asked

    def own(self, key: int) -> Fact:
        """The fact about a constant of the project."""
        constant, judgement = self._export.constants[key], self._export.judgements[key]
        source, place = self._source(constant), self._place(key)
        whole, meant = paths(key, self._reach.everything), paths(key, self._reach.meaning)
        axioms, statement_axioms = self._axioms(whole), self._axioms(meant)
        used = self._reach.uses[key]
        return Fact(
            name=self._text(key),
            kind=constant.kind,
            is_prop=judgement.is_prop,
            module=source.module,
            file=source.file,
            line=place.line if place else None,
            end_line=place.end_line if place else None,
            type_uses=self._through(used.type, key),
            value_uses=self._through(used.body + used.rest, key),
            direct_sorry=SORRY in self._through(used.type + used.body + used.rest, key),
            axioms=tuple(sorted(axioms)),
            statement_axioms=tuple(sorted(statement_axioms)),
            blames=tuple(
                self._blame(axiom, meant if axiom in statement_axioms else whole, axiom in statement_axioms)
                for axiom in sorted(axioms)
                if axiom not in STANDARD_AXIOMS
            ),
            fingerprint=None if judgement.refusal else self._prints.of(key),
            statement=judgement.statement,
            docstring=place.docstring if place else None,
            refusal=judgement.refusal,
        )

    def upstream(self, key: int) -> Fact:
        """The fact about a constant of Lean itself. Its proofs are not shipped: its axioms are not known,
        except that an axiom is one."""
        constant, core = self._export.constants[key], self._export.core[key]
        axioms = (self._text(key),) if constant.kind is Kind.AXIOM else ()
        return Fact(
            name=self._text(key),
            kind=constant.kind,
            is_prop=core.is_prop,
            module=written(core.module),
            upstream=True,
            axioms=axioms,
            statement=core.statement,
            docstring=core.docstring,
        )

    def _text(self, key: int) -> str:
        return written(self._export.names[key])

    def _source(self, constant: Constant) -> Source:
        if constant.owner is None:
            raise ValueError("a constant of Lean itself has no source")
        return self._sources[constant.owner]

    def _place(self, key: int) -> Place | None:
        constant = self._export.constants.get(key)
        if constant is None or constant.owner is None:
            return None
        return self._sources[constant.owner].places.get(self._export.names[key])

    def _axioms(self, reached: Mapping[int, object]) -> dict[str, int]:
        """The axioms among the constants reached, by name. Those of Lean's own theorems are not known."""
        return {self._axiom(key): key for key in reached if self._is_axiom(key)}

    def _axiom(self, key: int) -> str:
        """An axiom's name; one that only looks like a standard axiom is not allowed as one."""
        text = self._text(key)
        forged = text in STANDARD_AXIOMS and self._export.constants[key].owner is not None
        return f"{text} (declared by the project)" if forged else text

    def _through(self, used: Sequence[int], start: int) -> tuple[str, ...]:
        """The names used, seeing through the auxiliary constants that Lean made for the declaration itself.

        Those it made for another declaration count as that declaration.
        """
        found: dict[str, None] = {}
        seen, waiting = {start}, list(used)
        while waiting:
            key = waiting.pop()
            if key in seen:
                continue
            seen.add(key)
            parent = self._parent(key)
            if parent in (None, start) and key in self._reach.uses and self._place(key) is None:
                waiting += self._reach.everything(key)
            else:
                found[self._text(key if parent is None else parent)] = None
        return tuple(sorted(found))

    def _parent(self, key: int) -> int | None:
        """The declaration for which Lean made an auxiliary constant: the nearest one above its name."""
        if key not in self._reach.uses or self._place(key) is not None:
            return None
        name = self._export.names[key]
        above = (self._keys.get(name[:end]) for end in range(len(name) - 1, 0, -1))
        return next((one for one in above if one is not None and self._place(one) is not None), None)

    def _blame(self, axiom: str, before: dict[int, int | None], through_statement: bool) -> Blame:
        goal = next(key for key in before if self._is_axiom(key) and self._axiom(key) == axiom)
        path = path_to(before, goal)
        file, line = next(self._stands(path), (None, None))
        return Blame(axiom, tuple(map(self._text, path)), through_statement, file, line)

    def _is_axiom(self, key: int) -> bool:
        constant = self._export.constants.get(key)
        return constant is not None and constant.kind is Kind.AXIOM

    def _stands(self, path: Sequence[int]) -> Iterator[tuple[str, int]]:
        """The places on the path, the last first."""
        for key in reversed(path):
            if place := self._place(key):
                yield self._source(self._export.constants[key]).file, place.line
