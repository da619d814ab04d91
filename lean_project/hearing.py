"""The trusted stage: what was built is read as data, and what was not judged before is judged.

The kernel sees the modules whose page in the book is missing, and of the others only what those rest on, as
it was judged: theorems without their proofs. If it refuses something then, it is asked again with the proofs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lean_project.artefacts import Artefact, digest
from lean_project.facts import Fact, Kind, Meaning
from lean_project.judge import Bench, Prints, Source, joined
from lean_project.judge_book import Book, Entry, Known, Page, Roll, pages
from lean_project.judge_closure import Context, Core, Uses, uses
from lean_project.judge_docket import KERNEL, Docket, Ruling
from lean_project.judge_fingerprint import is_made_up
from lean_project.judge_olean import Olean
from lean_project.judge_terms import Constant, Terms
from lean_project.names import Name

# From a request to the judge's answer.
Ask = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Built:
    """A built module: its artefact, what it imports of Lean, and the numbers of its other imports."""

    artefact: Artefact
    core: tuple[tuple[str, ...], ...]
    imports: tuple[int, ...]


class Hearing:
    """One check's modules: `sources` are all of them, dependencies first, `built` those built, by number.

    `unreadable` says of modules why their files are none of Lean's; they count as not built.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        built: Mapping[int, Built],
        asked: Collection[Name],
        book: Book,
        base: str,
    ) -> None:
        """`base` is a hash of the toolchain and of our programs and rules."""
        self._sources, self._asked, self._book, self._base_hash = sources, asked, book, base
        self._terms = Terms()
        self._oleans: dict[int, Olean] = {}
        self._constants: dict[int, list[Constant]] = {}
        self._known: dict[int, dict[Name, Known]] = {}
        self.unreadable: dict[int, str] = {}
        self._entries = {
            number: entry for number, one in built.items() if (entry := self._entry(number, one)) is not None
        }
        self._built = built
        self._settle()

    # --- what there is to do ---

    @property
    def is_open(self) -> bool:
        """Whether there is anything to ask a judge."""
        return bool(self._fresh or self._upstream is None)

    def _settle(self) -> None:
        """Find what was judged before, and read the rest; what cannot be read is left out."""
        while True:
            self._core = list(
                dict.fromkeys([("Init",), *(name for one in self._entries for name in self._built[one].core)])
            )
            self._base = digest("\0".join((self._base_hash, *map(repr, self._core))).encode())
            self._roll = Roll(self._entries, self._base, self._asked)
            self._pages = pages(self._book, self._roll.keys)
            self._fresh = [number for number in self._entries if number not in self._pages]
            if all(map(self._is_readable, self._fresh)):
                break
        self._constants = {number: self._constants[number] for number in self._fresh}
        self._lean_asked = [name for name in self._asked if self._roll.home(name) is None]
        self._upstream = self._book.find(self._upstream_key())

    def _upstream_key(self) -> str:
        return digest("\0".join((self._base, "asked", *sorted(map(repr, self._lean_asked)))).encode())

    def _entry(self, number: int, built: Built) -> Entry | None:
        parts = built.artefact.terms()
        source = self._sources[number]
        content = [*map(digest, parts), repr(source)]
        try:
            names = Olean(parts, Terms()).names
        except ValueError as error:
            self.unreadable[number] = str(error)
            return None
        return Entry(source.module, digest("\0".join(content).encode()), built.imports, tuple(names))

    def _is_readable(self, number: int) -> bool:
        if number in self._constants:
            return True
        try:
            found = self._olean(number).constants(number)
            if tuple(self._terms.names[one.name] for one in found) != self._entries[number].names:
                raise ValueError("its names are not those of its constants")
        except ValueError as error:
            self.unreadable[number] = str(error)
            del self._entries[number]
            return False
        self._constants[number] = found
        return True

    def _olean(self, number: int) -> Olean:
        if number not in self._oleans:
            self._oleans[number] = Olean(self._built[number].artefact.terms(), self._terms)
        return self._oleans[number]

    # --- the hearing ---

    def facts(self, ask: Ask, prints: Prints) -> tuple[tuple[Fact, ...], tuple[Meaning, ...]]:
        """The facts, and what their statements mean. Raises `ValueError` for an answer that is none."""
        if self.is_open:
            self._hear(ask, prints)
        upstream = self._upstream.facts if self._upstream else ()
        return joined([self._pages[number] for number in self._entries], upstream)

    def _hear(self, ask: Ask, prints: Prints) -> None:
        ruling = self._ruling(ask)
        bench = Bench(ruling, self._sources, self._asked, prints, self._roll.home, self._roll.ambiguous)
        for number in self._fresh:
            self._pages[number] = bench.page(number)
            self._book.keep(self._roll.keys[number], self._pages[number])
        if self._upstream is None:
            self._upstream = Page(tuple(bench.upstreams()))
            self._book.keep(self._upstream_key(), self._upstream)

    def _ruling(self, ask: Ask) -> Ruling:
        """What the kernel says when it is told little, else when it is told everything."""
        used = self._used()
        whole = self._reached(used, _everything)
        if whole:
            try:
                ruling = self._asked_about(ask, self._reached(used, _needed), whole, _bare)
            except ValueError:  # so little does not stand by itself
                ruling = None
            if ruling and not any(KERNEL in (one.refusal or "") for one in ruling.judgements.values()):
                return ruling
        return self._asked_about(ask, whole, whole, lambda constant: constant)

    def _asked_about(
        self, ask: Ask, before: _Reached, whole: _Reached, shape: Callable[[Constant], Constant]
    ) -> Ruling:
        """`before` is what the kernel is told of modules judged before, `whole` all that counts of them."""
        trusted = [shape(self._constant(name)) for name, (_, known) in before.items() if not known.refusal]
        asked = () if self._upstream else tuple(self._lean_asked)
        shown = self._shown(asked)
        told = len(self._terms.names)
        constants = [one for number in self._fresh for one in self._constants[number]]
        context = self._context(whole)
        docket = Docket(self._terms, constants, shown, asked, context, trusted, self._is_stranger, told)
        ruling = docket.ruling(ask(docket.request(self._core)))
        # What a module repeats of Lean's own belongs to neither, whichever modules are heard.
        core = {key: one for key, one in ruling.core.items() if self._roll.home(one.name) is None}
        return replace(ruling, core=core)

    def _shown(self, asked: Iterable[Name]) -> set[int]:
        """The names whose statements people will read."""
        placed = (name for number in self._fresh for name in self._sources[number].places)
        names = [*(name for name in placed if not is_made_up(name)), *self._asked, *asked]
        return {self._terms.name(name) for name in names}

    def _is_stranger(self, number: int, key: int) -> bool:
        """Whether a name belongs to a module that this one does not import."""
        name = self._terms.names[key]
        home = self._roll.home(name)
        if home is None or home in self._roll.support(number):
            return False
        return home in self._constants or self._before(name) is not None

    # --- what was judged before ---

    def _used(self) -> list[Name]:
        found = dict.fromkeys(
            key
            for number in self._fresh
            for one in self._constants[number]
            for key in uses(self._terms, one).all()
        )
        return [self._terms.names[key] for key in found]

    def _before(self, name: Name) -> tuple[Page, Known] | None:
        """What is known of a constant that belongs to a module judged before."""
        home = self._roll.home(name)
        page = None if home is None or home in self._constants else self._pages[home]
        if page is None or home is None:
            return None
        if home not in self._known:
            self._known[home] = {page.names[one.name]: one for one in page.constants}
        known = self._known[home].get(name)
        return (page, known) if known else None

    def _reached(self, start: Iterable[Name], edges: Callable[[Known], Iterable[int]]) -> _Reached:
        found: _Reached = {}
        waiting = list(start)
        while waiting:
            name = waiting.pop()
            if name not in found and (before := self._before(name)):
                found[name] = before
                waiting += [before[0].names[used] for used in edges(before[1])]
        return found

    def _constant(self, name: Name) -> Constant:
        """The constant with its terms."""
        home = self._roll.home(name)
        if home is None:
            raise ValueError("a name of Lean's own")
        return self._olean(home).constant(self._entries[home].names.index(name), home)

    def _context(self, whole: _Reached) -> Context:
        names = self._terms.name
        constants, found, core = dict[int, Constant](), dict[int, Uses](), dict[int, Core]()
        for name, (page, known) in whole.items():
            key, at = names(name), [names(one) for one in page.names]
            block, made = _at(at, known.block), _at(at, known.constructors)
            constants[key] = Constant(key, known.kind, (), -1, self._roll.home(name), None, "o", block, made)
            found[key] = Uses(_at(at, known.type), _at(at, known.body), _at(at, known.rest))
            core.update((names(one.name), one) for one in page.core)
        return Context(
            constants,
            found,
            {names(name): bytes.fromhex(known.own) for name, (_, known) in whole.items()},
            {names(name): known.refusal for name, (_, known) in whole.items() if known.refusal},
            frozenset(names(name) for name, (_, known) in whole.items() if known.proof),
            core,
        )


_Reached = dict[Name, tuple[Page, Known]]


def _everything(known: Known) -> Iterable[int]:
    return (*known.type, *known.body, *known.rest)


def _needed(known: Known) -> Iterable[int]:
    """What the kernel must know to check what names this constant, if theorems need no proof."""
    return known.type if known.kind is Kind.THEOREM else _everything(known)


def _bare(constant: Constant) -> Constant:
    """A theorem without its proof: what follows from its statement alone still holds."""
    return replace(constant, kind=Kind.AXIOM, body=None) if constant.kind is Kind.THEOREM else constant


def _at(names: Sequence[int], positions: Iterable[int]) -> tuple[int, ...]:
    return tuple(names[position] for position in positions)
