"""From the kernel's rulings, and the builder's words about places, to facts. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lean_project.axioms import STANDARD_AXIOMS
from lean_project.build_record import Place
from lean_project.facts import SORRY, Blame, Fact, Kind, Meaning
from lean_project.judge_book import Known, Page, Step
from lean_project.judge_closure import Core, Reach, path_to, paths
from lean_project.judge_core import Print
from lean_project.judge_docket import Ruling
from lean_project.judge_fingerprint import Fingerprints, digest, plain
from lean_project.judge_terms import Constant
from lean_project.lookalikes import skeleton, warnings
from lean_project.names import Name, written

# The types of the axioms that everyone allows, as Lean's own library has them.
AXIOM_TYPES = {
    "propext": "7b9df3e9dc92cf10666dddd24c3bee4c0a3e2b341f0d78258d99bca1bf6dc185",
    "Quot.sound": "74ac1db9b14fe35c6f1bff0cc6ad6dc2bbd5b3409f91e8e44de0283da4647f52",
    "Classical.choice": "a07b3318a4e7e51d5207066f09924e2397a96e337d1d44186f48168ac8d27d45",
}
# The prints of Lean's own constants, each name given with its module.
Prints = Callable[[Mapping[Name, str]], Mapping[Name, Print]]


@dataclass(frozen=True, slots=True)
class Source:
    """A built module, as facts speak of it: its name, its file, and where its declarations stand."""

    module: str
    file: str
    places: Mapping[Name, Place]


def facts(
    ruling: Ruling, sources: Sequence[Source], asked: Collection[Name], prints: Prints
) -> tuple[tuple[Fact, ...], tuple[Meaning, ...]]:
    """The facts, sorted by name, about every declaration with a place in a source, every axiom, and what was
    asked for; and what their statements mean. For a ruling on a whole project."""
    homes = {ruling.terms.names[key]: one.owner for key, one in ruling.constants.items()}
    bench = Bench(ruling, sources, asked, prints, homes.get)
    pages = [bench.page(owner) for owner in range(len(sources))]
    return joined(pages, bench.upstreams())


def joined(pages: Iterable[Page], upstream: Iterable[Fact]) -> tuple[tuple[Fact, ...], tuple[Meaning, ...]]:
    """The facts of a whole project, sorted by name, and what its statements mean."""
    pages = list(pages)
    own = [fact for page in pages for fact in page.facts]
    skeletons: dict[str, list[str]] = {}
    for fact in own:
        skeletons.setdefault(skeleton(fact.name), []).append(fact.name)
    warned = [replace(fact, warnings=warnings(fact.name, skeletons) + fact.warnings) for fact in own]
    found = sorted([*warned, *upstream], key=lambda fact: fact.name)
    return tuple(found), meanings([step for page in pages for step in page.steps])


def meanings(steps: Sequence[Step]) -> tuple[Meaning, ...]:
    """Every constant that the statements mean, each with a hash of its own part, sorted by name."""
    known = {step.name: step for step in steps}
    wanted = {step.name for step in steps if step.root}
    waiting = list(wanted)
    while waiting:
        new = set(known[waiting.pop()].uses) - wanted
        wanted |= new
        waiting += new
    order = sorted(wanted)
    position = {name: at for at, name in enumerate(order)}
    return tuple(
        Meaning(name, known[name].digest, tuple(sorted(position[used] for used in known[name].uses)))
        for name in order
    )


class Bench:
    """One ruling with the graphs made from it."""

    def __init__(
        self,
        ruling: Ruling,
        sources: Sequence[Source],
        asked: Collection[Name],
        prints: Prints,
        home: Callable[[Name], int | None],
        ambiguous: Collection[Name] | None = None,
    ) -> None:
        """`home` gives the module that a name of the project belongs to; `ambiguous` is what authors wrote
        for two constants, where the ruling is not on the whole project."""
        self._ruling, self._sources, self._names = ruling, sources, ruling.terms.names
        self._asked, self._home, context = asked, home, ruling.context
        self._constants = {**context.constants, **ruling.constants}
        self._reach = Reach(ruling.terms, ruling.constants, ruling.is_proof, context.uses)
        self._prints = Fingerprints(
            ruling.terms, self._constants, self._reach, ruling.is_proof, context.prints, ambiguous
        )
        self._core = prints({self._names[key]: core.module for key, core in ruling.core.items()})
        self._steps = {key: self._named(key) for key in ruling.constants if not self._prints.by_content(key)}

    def page(self, owner: int) -> Page:
        """All that is now known of a module."""
        own = [key for key, constant in self._ruling.constants.items() if constant.owner == owner]
        wanted = [key for key in own if self._is_wanted(key, self._asked)]
        table: dict[int, int] = {}
        known = tuple(self._known(key, table) for key in own)
        roots = {key for key in wanted if not self._ruling.judgements[key].refusal}
        return Page(
            tuple(self.own(key) for key in wanted),
            tuple(self._step(key, key in roots) for key in own if key in self._steps or key in roots),
            tuple(self._names[key] for key in table),
            known,
            tuple(self._core_used(own)),
        )

    def _core_used(self, own: Iterable[int]) -> Iterator[Core]:
        used = dict.fromkeys(one for key in own for one in self._reach.uses[key].all())
        for key in used:
            if found := self._ruling.core.get(key):
                yield replace(found, statement="", docstring=None)

    def upstreams(self) -> list[Fact]:
        """The facts about Lean's own constants that were asked for."""
        return [self.upstream(key) for key in self._ruling.core if self._names[key] in self._asked]

    def _known(self, key: int, table: dict[int, int]) -> Known:
        def numbered(keys: Iterable[int]) -> tuple[int, ...]:
            return tuple(table.setdefault(one, len(table)) for one in keys)

        constant, used = self._constants[key], self._reach.uses[key]
        return Known(
            name=numbered((key,))[0],
            kind=constant.kind,
            proof=self._ruling.is_proof(key),
            refusal=self._ruling.judgements[key].refusal,
            own=self._prints.own(key).hex(),
            block=numbered(constant.block),
            constructors=numbered(constant.constructors),
            type=numbered(used.type),
            body=numbered(used.body),
            rest=numbered(used.rest),
        )

    def _step(self, key: int, root: bool) -> Step:
        named = self._steps[key] if key in self._steps else self._named(key)
        own = self._prints.own(key).hex()[:16]
        return Step(self._text(key), own, tuple(sorted(map(self._text, named))), root)

    def _is_wanted(self, key: int, asked: Collection[Name]) -> bool:
        is_axiom = self._constants[key].kind is Kind.AXIOM
        return is_axiom or self._place(key) is not None or self._names[key] in asked

    def _named(self, key: int) -> list[int]:
        """The constants with names of their own that a statement means at first hand."""
        found, seen, waiting = list[int](), {key}, list(self._prints.edges(key))
        while waiting:
            used = waiting.pop()
            if used in seen or used not in self._constants:
                continue
            seen.add(used)
            if self._prints.by_content(used):
                waiting += self._prints.edges(used)
            else:
                found.append(used)
        return found

    def _deep(self, key: int) -> str:
        """The statement's fingerprint together with what Lean's own constants in it mean."""
        core = [
            self._core[name]
            for name in map(self._names.__getitem__, self._prints.reached(key))
            if name in self._core
        ]
        return digest(self._prints.of(key), *sorted(one.deep for one in core)).hex()

    def own(self, key: int) -> Fact:
        """The fact about a constant of the project."""
        constant, judgement = self._constants[key], self._ruling.judgements[key]
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
            deep_fingerprint=None if judgement.refusal else self._deep(key),
            statement=judgement.statement,
            docstring=place.docstring if place else None,
            refusal=judgement.refusal,
            warnings=self._warnings(key, source),
        )

    def upstream(self, key: int) -> Fact:
        """The fact about a constant of Lean itself. Its proofs are not shipped: its axioms are not known,
        except that an axiom is one."""
        core, known = self._ruling.core[key], self._core.get(self._names[key])
        axioms = (self._axiom(key),) if core.kind is Kind.AXIOM else ()
        return Fact(
            name=self._text(key),
            kind=core.kind,
            is_prop=core.is_prop,
            module=core.module,
            upstream=True,
            axioms=axioms,
            fingerprint=known.type if known else None,
            deep_fingerprint=known.deep if known else None,
            statement=core.statement,
            docstring=core.docstring,
        )

    def _text(self, key: int) -> str:
        return written(self._names[key])

    def _source(self, constant: Constant) -> Source:
        if constant.owner is None:
            raise ValueError("a constant of Lean itself has no source")
        return self._sources[constant.owner]

    def _place(self, key: int) -> Place | None:
        constant = self._constants.get(key)
        if constant is None or constant.owner is None:
            return None
        return self._sources[constant.owner].places.get(self._names[key])

    def _axioms(self, reached: Mapping[int, object]) -> dict[str, int]:
        """The axioms among the constants reached, by name. Those of Lean's own theorems are not known."""
        return {self._axiom(key): key for key in reached if self._ruling.is_axiom(key)}

    def _axiom(self, key: int) -> str:
        """An axiom's name; one that only has the name of a standard axiom is not allowed as one."""
        text = self._text(key)
        if text not in STANDARD_AXIOMS:
            return text
        if key in self._constants:
            return f"{text} (declared by the project)"
        known = self._core.get(self._names[key])
        return text if known and known.type == AXIOM_TYPES[text] else f"{text} (not the one known)"

    def _warnings(self, key: int, source: Source) -> tuple[str, ...]:
        """What readers should know of a name besides how it looks: whether it is another module's."""
        name = self._names[key]
        if name[:1] == ("_private",) and plain(name) != name and _module(name) != source.module:
            return ("Its name is a private one of another module.",)
        return ()

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
            if parent in (None, self._names[start]) and key in self._reach.uses and self._place(key) is None:
                waiting += self._reach.everything(key)
            else:
                found[self._text(key) if parent is None else written(parent)] = None
        return tuple(sorted(found))

    def _parent(self, key: int) -> Name | None:
        """The declaration for which Lean made an auxiliary constant: the nearest one above its name."""
        if key not in self._reach.uses or self._place(key) is not None:
            return None
        name = self._names[key]
        return next((name[:end] for end in range(len(name) - 1, 0, -1) if self._has_place(name[:end])), None)

    def _has_place(self, name: Name) -> bool:
        home = self._home(name)
        return home is not None and name in self._sources[home].places

    def _blame(self, axiom: str, before: dict[int, int | None], through_statement: bool) -> Blame:
        goal = next(key for key in before if self._ruling.is_axiom(key) and self._axiom(key) == axiom)
        path = path_to(before, goal)
        file, line = next(self._stands(path), (None, None))
        return Blame(axiom, tuple(map(self._text, path)), through_statement, file, line)

    def _stands(self, path: Sequence[int]) -> Iterator[tuple[str, int]]:
        """The places on the path, the last first."""
        for key in reversed(path):
            if place := self._place(key):
                yield self._source(self._constants[key]).file, place.line


def _module(name: Name) -> str:
    """The module in a private name."""
    end = next(at for at, part in enumerate(name) if isinstance(part, int))
    return ".".join(map(str, name[1:end]))
