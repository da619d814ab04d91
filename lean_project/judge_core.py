"""What Lean's own constants mean, down to the ground: the part of a fingerprint that an author cannot move.

It is read from the toolchain's own compiled modules. Bodies that these do not hold, because Lean's library
keeps them to itself, count by name and type.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

from blueprint.caches import write_whole
from lean_project.facts import Kind
from lean_project.judge_closure import Reach
from lean_project.judge_fingerprint import Fingerprints, digest, plain
from lean_project.judge_olean import Olean
from lean_project.judge_terms import Constant, Terms
from lean_project.names import Name, read_name, written


@dataclass(frozen=True, slots=True)
class Print:
    """Hex SHA-256 of a constant's type by name, and of all that the constant means down to the ground."""

    type: str
    deep: str


def core_prints(library: Path, wanted: Mapping[Name, str], cache: Path) -> dict[Name, Print]:
    """The prints of Lean's own constants, each given with its module. `library` is the folder of the
    toolchain's `.olean` files, `cache` a file where prints are kept: the toolchain never changes."""
    known = _kept(cache)
    missing = {name: module for name, module in wanted.items() if written(name) not in known}
    if missing:
        found = _Library(library).prints(missing)
        known |= {written(name): (one.type, one.deep) for name, one in found.items()}
        write_whole(cache, json.dumps(known).encode())
    return {name: Print(*known[written(name)]) for name in wanted if written(name) in known}


def _kept(cache: Path) -> dict[str, tuple[str, str]]:
    try:
        return {str(name): (str(a), str(b)) for name, (a, b) in json.loads(cache.read_bytes()).items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


class _Library:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._terms = Terms()
        self._modules: dict[Name, Olean] = {}
        self._where: dict[Name, tuple[Olean, int]] = {}
        self._constants: dict[int, Constant] = {}

    def prints(self, wanted: Mapping[Name, str]) -> dict[Name, Print]:
        self._open(filter(None, map(read_name, wanted.values())))
        there = [self._terms.name(name) for name in wanted if name in self._where]
        self._load(there)
        reach = Reach(self._terms, self._constants, lambda _key: False)
        # Every name counts whole: what it is shortened to must not depend on what else was asked for.
        whole = frozenset(map(plain, self._terms.names))
        prints = Fingerprints(self._terms, self._constants, reach, lambda _key: False, ambiguous=whole)
        deep = self._deep(reach, prints)
        return {
            self._terms.names[key]: Print(prints.type(key).hex(), deep[self._unit(key)].hex())
            for key in there
        }

    def _open(self, modules: Iterable[Name]) -> None:
        """Index the names of these modules and of all they import."""
        waiting = list(modules)
        while waiting:
            module = waiting.pop()
            file = self._folder.joinpath(*map(str, module)).with_suffix(".olean")
            if module in self._modules or not file.is_file():
                continue
            self._modules[module] = olean = Olean([file.read_bytes()], self._terms)
            for index, name in enumerate(olean.names):
                self._where.setdefault(name, (olean, index))
            waiting += olean.imports()

    def _load(self, keys: Iterable[int]) -> None:
        """Read these constants, and everything that they name."""
        queue = deque(keys)
        while queue:
            key = queue.popleft()
            place = self._where.get(self._terms.names[key])
            if key in self._constants or place is None:
                continue
            olean, index = place
            self._constants[key] = one = olean.constant(index)
            queue += Reach(self._terms, {key: one}, lambda _key: False).everything(key)

    def _unit(self, key: int) -> int:
        """An inductive type, its constructors and recursors mean one thing together."""
        constant = self._constants[key]
        first = constant.block[0] if constant.block else key
        maker = self._constants.get(first)
        return maker.block[0] if maker and maker.block else key

    def _deep(self, reach: Reach, prints: Fingerprints) -> dict[int, bytes]:
        """The hash of each unit together with those of the units that it names.

        Recursors follow from the rest of their unit, and are not always read: they add nothing.
        """
        members: dict[int, list[int]] = {}
        for key, constant in self._constants.items():
            unit = members.setdefault(self._unit(key), [])
            if constant.kind is not Kind.RECURSOR:
                unit.append(key)
        below = {
            top: {
                self._unit(used) for key in keys for used in reach.everything(key) if used in self._constants
            }
            - {top}
            for top, keys in members.items()
        }
        deep: dict[int, bytes] = {}
        for top in TopologicalSorter(below).static_order():
            own = sorted(digest(prints.name(key), prints.own(key)) for key in members[top])
            deep[top] = digest(*own, "below", *sorted(deep[used] for used in below[top]))
        return deep
