"""The demo's history, by invented people, made from the showcase as it is shipped. Pure.

The last commit holds the showcase (and a `.mailmap`); those before it are made by leaving things out: a
module not yet there, a proof not yet found (`sorry`), a chapter in which nothing is yet marked as
formalized. So whatever the showcase becomes, its history still leads to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from graphlib import TopologicalSorter
from itertools import cycle
from pathlib import PurePosixPath

from lean_project.commits import Contact, Revision
from lean_project.declaration_text import value_mark

MAYA = Contact("Maya Demo", "maya@example.org")
ADA = Contact("Ada Demo", "ada@example.org")
EMIL = Contact("Emil Demo", "emil@example.org")
NOOR = Contact("Noor Demo", "noor@example.org")
TOMAS = Contact("Tomas Demo", "tomas@example.org")
CREW = (MAYA, ADA, EMIL, NOOR, TOMAS)
MAILMAP_FILE = ".mailmap"

_EMIL_AWAY = Contact("emil", "emil@laptop.example.org")
_BOT = Contact("module-list[bot]", "module-list[bot]@example.org")
_MAILMAP = f"{EMIL} {_EMIL_AWAY}\n".encode()
_BASE = datetime(2026, 1, 5, 9, 12, tzinfo=UTC)
_PAUSE = timedelta(days=3, hours=2, minutes=17)
_PROVERS = ((EMIL, TOMAS), (NOOR, EMIL), (ADA, TOMAS), (TOMAS, ADA), (EMIL, NOOR))

_THEOREM = re.compile(
    r"^(?:@\[[^\]\n]*\] )?(?:private |protected )*(?:theorem|lemma) (?P<name>[^\s:({\[]+)[^\n]*\n"
    r"(?:[ \t][^\n]*\n|\n(?=[ \t]))*",
    re.MULTILINE,
)
_IMPORT = re.compile(r"^(?:public )?import (\S+)$", re.MULTILINE)
_LEANOK = re.compile(r"^[ \t]*\\leanok[ \t]*\n|[ \t]*\\leanok\b", re.MULTILINE)
_SORRY = ":= by\n  sorry\n"


@dataclass(frozen=True, slots=True)
class Stage:
    """How far the project has come: the files that are there, the theorems that are proved."""

    files: frozenset[str]
    proved: frozenset[str] = frozenset()
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A commit to be: its parents are counted backwards from it (1 is the one before)."""

    author: Contact
    message: str
    stage: Stage
    back: tuple[int, ...] = (1,)


def history(final: Mapping[str, bytes], now: datetime) -> tuple[Revision, ...]:
    """The demo's commits; the last one holds `final` and a `.mailmap`. None of them is later than `now`."""
    steps = tuple(_steps(final))
    start = min(_BASE, now - _PAUSE * len(steps))
    return tuple(
        Revision(
            step.author,
            start + index * _PAUSE,
            step.message,
            tree(final, step.stage),
            tuple(index - back for back in step.back if index),
        )
        for index, step in enumerate(steps)
    )


def tree(final: Mapping[str, bytes], stage: Stage) -> dict[str, bytes]:
    """The files of a stage."""
    return {name: _so_far(name, data, stage) for name, data in final.items() if name in stage.files} | (
        {MAILMAP_FILE: _MAILMAP} if stage.marked else {}
    )


def theorems(source: str) -> tuple[str, ...]:
    """The names of the theorems at the top level of a Lean file that have a proof."""
    return tuple(found["name"] for found in _THEOREM.finditer(source) if not found[0].endswith(_SORRY))


def without_proofs(source: str, proved: frozenset[str]) -> str:
    """The Lean file with `sorry` for the proof of every theorem that is not among `proved`."""

    def cut(found: re.Match[str]) -> str:
        mark = value_mark(found[0])
        return found[0] if found["name"] in proved or mark is None else found[0][:mark] + _SORRY

    return _THEOREM.sub(cut, source)


def _steps(final: Mapping[str, bytes]) -> Iterator[Step]:
    chapters, modules, roots = _chapters(final), _modules(final), _roots(final)
    stage = Stage(frozenset(final) - {*chapters, *modules, *roots})
    yield Step(MAYA, "Begin: the settings, and a blueprint without chapters", stage)
    for author, name in zip(cycle((MAYA, NOOR)), chapters, strict=False):
        stage = replace(stage, files=stage.files | {name})
        yield Step(author, f"Write the chapter {PurePosixPath(name).stem}", stage)
    for author, name in zip(cycle((ADA, _EMIL_AWAY, TOMAS)), modules, strict=False):
        stage = replace(stage, files=stage.files | {name})
        yield Step(author, f"Define and state what {PurePosixPath(name).stem} is about", stage)
    stage = replace(stage, files=frozenset(final))
    yield Step(_BOT, "Update the list of modules", stage)
    for number, name in enumerate(modules):
        names = theorems(final[name].decode())
        if names:
            yield from (_branch if number == 1 and names[1:] else _proofs)(stage, number, names)
        stage = replace(stage, proved=stage.proved | {*names})
    yield Step(MAYA, "Mark in the blueprint what is formalized", replace(stage, marked=True))


def _proofs(stage: Stage, number: int, names: Sequence[str]) -> Iterator[Step]:
    """One prover after the other; in the third module somebody helps."""
    first, second = _PROVERS[number % len(_PROVERS)]
    early, late = names[: (len(names) + 1) // 2], names[(len(names) + 1) // 2 :]
    trailer = f"\n\nCo-authored-by: {NOOR}\n" if number == 2 else ""
    stage = replace(stage, proved=stage.proved | {*early})
    yield Step(first, _proving(early) + trailer, stage)
    if late:
        yield Step(second, _proving(late), replace(stage, proved=stage.proved | {*late}))


def _branch(stage: Stage, number: int, names: Sequence[str]) -> Iterator[Step]:
    """Two provers at once, and the merge of their work."""
    first, second = _PROVERS[number % len(_PROVERS)]
    early, late = frozenset(names[::2]), frozenset(names[1::2])
    yield Step(first, _proving(names[::2]), replace(stage, proved=stage.proved | early))
    yield Step(second, _proving(names[1::2]), replace(stage, proved=stage.proved | late), back=(2,))
    whole = replace(stage, proved=stage.proved | early | late)
    yield Step(MAYA, f"Merge the work of {second.name}", whole, back=(2, 1))


def _proving(names: Sequence[str]) -> str:
    return f"Prove {names[0]}" + (f" and {len(names) - 1} more" if len(names) > 1 else "")


def _so_far(name: str, data: bytes, stage: Stage) -> bytes:
    if name.endswith(".lean"):
        return without_proofs(data.decode(), stage.proved).encode()
    if _is_chapter(name, data) and not stage.marked:
        return _LEANOK.sub("", data.decode()).encode()
    return data


def _chapters(final: Mapping[str, bytes]) -> tuple[str, ...]:
    """The chapters of the blueprint, in the order in which its other files name them."""
    chapters = sorted(name for name, data in final.items() if _is_chapter(name, data))
    outline = b"".join(data for name, data in final.items() if name.endswith(".tex") and name not in chapters)
    return tuple(sorted(chapters, key=lambda name: outline.find(PurePosixPath(name).stem.encode() + b"}")))


def _is_chapter(name: str, data: bytes) -> bool:
    return name.endswith(".tex") and b"\\label{" in data


def _roots(final: Mapping[str, bytes]) -> tuple[str, ...]:
    return tuple(name for name in final if name.endswith(".lean") and "/" not in name)


def _modules(final: Mapping[str, bytes]) -> tuple[str, ...]:
    """The Lean files in folders, each after those it imports."""
    files = {
        n.removesuffix(".lean").replace("/", "."): n
        for n in sorted(final)
        if n.endswith(".lean") and "/" in n
    }
    imports = {module: _IMPORT.findall(final[name].decode()) for module, name in files.items()}
    return tuple(files[module] for module in TopologicalSorter(imports).static_order() if module in files)
