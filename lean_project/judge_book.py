"""What was judged before, a page for each module, kept under a hash of all that the judgement rests on.

A page is true wherever its key is the same: the key holds the module's compiled terms byte for byte, the keys
of all modules whose constants these may name, the toolchain, our programs and rules, and what is known of the
project as a whole that touches the module (names that others declare too).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from blueprint.caches import write_whole
from lean_project.artefacts import digest
from lean_project.facts import Fact, Kind
from lean_project.judge_closure import Core
from lean_project.judge_fingerprint import ambiguous_names, plain
from lean_project.names import Name


@dataclass(frozen=True, slots=True)
class Known:
    """A judged constant without its terms; names are positions in the page's list of names.

    `own` is the hex of what it contributes to fingerprints; `proof` says that it proves a proposition.
    `type`, `body` and `rest` are what it names, as `judge_closure.Uses`.
    """

    name: int
    kind: Kind
    proof: bool
    refusal: str | None
    own: str
    block: tuple[int, ...]
    constructors: tuple[int, ...]
    type: tuple[int, ...]
    body: tuple[int, ...]
    rest: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One constant's part in what statements mean; `root` says that its own statement is shown."""

    name: str
    digest: str
    uses: tuple[str, ...]
    root: bool


@dataclass(frozen=True, slots=True)
class Page:
    """All that is known of a module once it was judged; `core` are the constants of Lean that it uses."""

    facts: tuple[Fact, ...]
    steps: tuple[Step, ...] = ()
    names: tuple[Name, ...] = ()
    constants: tuple[Known, ...] = ()
    core: tuple[Core, ...] = ()


_PAGES: TypeAdapter[Page] = TypeAdapter(Page)


class Book:
    """The pages in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, key: str) -> Page | None:
        try:
            return _PAGES.validate_json(self._folder.joinpath(f"{key}.json").read_bytes())
        except (OSError, ValidationError):
            return None

    def keep(self, key: str, page: Page) -> None:
        write_whole(self._folder / f"{key}.json", _PAGES.dump_json(page))


@dataclass(frozen=True, slots=True)
class Entry:
    """A built module as a key sees it: its name, a hash of what was built and where its declarations stand,
    the numbers of the modules it imports, and what it declares, in order."""

    module: str
    content: str
    imports: tuple[int, ...]
    names: tuple[Name, ...]


class Roll:
    """The built modules of a project by number, dependencies first, and where each name belongs."""

    def __init__(self, entries: Mapping[int, Entry], base: str, asked: Collection[Name]) -> None:
        """`base` is a hash of all that is the same for every module."""
        self._entries, self._base, self._asked = entries, base, asked
        self._homes: dict[Name, list[int]] = {}
        for number, entry in entries.items():
            for name in dict.fromkeys(entry.names):
                self._homes.setdefault(name, []).append(number)
        self._support: dict[int, frozenset[int]] = {}
        self.keys: dict[int, str] = {}
        for number, entry in entries.items():
            self._enter(number, entry)

    def home(self, name: Name) -> int | None:
        """The module to which a name belongs: the first that declares it. None for a name of Lean's own."""
        return self._homes.get(name, (None,))[0]

    def support(self, number: int) -> frozenset[int]:
        """The modules that a module may name something of, itself included."""
        return self._support[number]

    @cached_property
    def ambiguous(self) -> frozenset[Name]:
        """What authors wrote for more than one constant: private ones are named by their module too."""
        return ambiguous_names(self._homes)

    def _enter(self, number: int, entry: Entry) -> None:
        shared = [name for name in entry.names if len(self._homes[name]) > 1]
        firsts = {self._homes[name][0] for name in shared} - {number}
        below = [*(one for one in entry.imports if one in self._entries), *sorted(firsts)]
        self._support[number] = frozenset((number,)).union(*(self._support[one] for one in below))
        parts = [self._base, entry.module, entry.content, *(self.keys[one] for one in below)]
        parts += [repr((name, [self._entries[one].content for one in self._homes[name]])) for name in shared]
        parts += [repr(name) for name in entry.names if name in self._asked or plain(name) in self.ambiguous]
        self.keys[number] = digest("\0".join(parts).encode("utf-8", "surrogatepass"))


def pages(book: Book, keys: Mapping[int, str]) -> dict[int, Page]:
    """The pages that are there."""
    found = ((number, book.find(key)) for number, key in keys.items())
    return {number: page for number, page in found if page is not None}
