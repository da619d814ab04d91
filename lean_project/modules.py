"""The Lean modules of a project: which there are, what each imports, and in which order to build them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import islice
from pathlib import Path

from blueprint.errors import UserError
from lean_project.declaration_text import comment_end
from lean_project.project import SETTINGS_FILE, Project, read_toml, refuse_escape

ModuleName = tuple[str, ...]

LAKEFILE = "lakefile.toml"
MAX_MODULES = 2000
MAX_BYTES = 5_000_000
_SKIP = re.compile(r"\s+|--[^\n]*")
_WORD = re.compile(r"(?:«[^»\n]+»|[^\s«»:=()\[\]{}@,;]+)+")
_COMPONENT = re.compile(r"«([^»]+)»|([^.«»]+)")
_SAFE = re.compile(r"[^\W\d][\w'!?-]*")


@dataclass(frozen=True, slots=True)
class Import:
    """One import and the line, from 1, where it stands."""

    name: ModuleName
    line: int


@dataclass(frozen=True, slots=True)
class Module:
    """One source file. `file` is relative to the project folder; `core` are its imports from Lean itself."""

    name: ModuleName
    file: str
    source: bytes
    imports: tuple[ModuleName, ...] = ()
    core: tuple[ModuleName, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a module cannot be built, before Lean is asked."""

    module: ModuleName
    line: int
    text: str
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Library:
    """The modules found, each after those it imports, and what stands in the way of some."""

    modules: tuple[Module, ...]
    findings: tuple[Finding, ...]

    @property
    def foreign(self) -> bool:
        """Whether something imports a library that is not here."""
        return any(finding.foreign for finding in self.findings)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where a library's sources lie, and the modules to begin with."""

    folders: tuple[Path, ...]
    roots: tuple[ModuleName, ...]


def dotted(name: ModuleName) -> str:
    return ".".join(name)


def discover(project: Project, is_core: Callable[[ModuleName], bool]) -> Library:
    """Every module that the project's libraries reach. `UserError` where there is no library to find."""
    layout = _layout(project)
    found: dict[ModuleName, Module] = {}
    findings: list[Finding] = []
    waiting = list(reversed(layout.roots))
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        if len(found) == MAX_MODULES:
            raise UserError(f"{project.lean_root} has more than {MAX_MODULES} modules; split the library.")
        found[name], troubles = _module(project, layout, name, is_core)
        findings += troubles
        waiting += reversed(found[name].imports)
    return _ordered(found, findings)


def _module(
    project: Project, layout: _Layout, name: ModuleName, is_core: Callable[[ModuleName], bool]
) -> tuple[Module, list[Finding]]:
    path = _file(layout, name)
    if path is None:
        raise UserError(f"The module {dotted(name)} has no file in {project.lean_root}; name another.")
    source = _source(project, path)
    file = path.resolve().relative_to(project.root).as_posix()
    own, core, findings = [], [], []
    if is_core(name):
        findings.append(Finding(name, 1, "has the name of one of Lean's own modules; rename it."))
    for entry in imports(source.decode("utf-8", "replace")):
        if not _is_safe(entry.name):
            findings.append(Finding(name, entry.line, _odd(entry.name)))
        elif is_core(entry.name):
            core.append(entry.name)
        elif _file(layout, entry.name):
            own.append(entry.name)
        else:
            findings.append(Finding(name, entry.line, _unknown(entry.name), foreign=True))
    return Module(name, file, source, tuple(dict.fromkeys(own)), tuple(dict.fromkeys(core))), findings


def _odd(name: ModuleName) -> str:
    return f"imports {dotted(name)[:80]!r}, which is not the name of a file; use letters and digits."


def _unknown(name: ModuleName) -> str:
    return (
        f"imports {dotted(name)}, which neither the project nor Lean's core library has; install `lake` "
        "(elan brings it) and fetch what the project depends on."
    )


def _source(project: Project, path: Path) -> bytes:
    refuse_escape(path, project.root)
    if path.stat().st_size > MAX_BYTES:
        raise UserError(f"{path} is larger than {MAX_BYTES // 1_000_000} MB; split the file.")
    # As Lean itself reads a file: the ends of lines that some editors write are no part of it.
    return path.read_bytes().replace(b"\r\n", b"\n")


def _file(layout: _Layout, name: ModuleName) -> Path | None:
    if not _is_safe(name):
        return None
    files = (folder.joinpath(*name[:-1], f"{name[-1]}.lean") for folder in layout.folders)
    return next((file for file in files if file.is_file()), None)


def _ordered(found: Mapping[ModuleName, Module], findings: list[Finding]) -> Library:
    """Dependencies first. The modules of a cycle become findings, and so no imports of one another."""
    graph = {name: list(module.imports) for name, module in found.items()}
    while True:
        try:
            order = tuple(TopologicalSorter(graph).static_order())
            break
        except CycleError as error:
            cycle: list[ModuleName] = error.args[1]
            path = " -> ".join(dotted(name) for name in reversed(cycle))
            for name in dict.fromkeys(cycle):
                findings.append(Finding(name, 1, f"is part of an import cycle: {path}; take one import out."))
                graph[name] = [used for used in graph[name] if used not in cycle]
    return Library(tuple(found[name] for name in order), tuple(findings))


# --- the libraries of a project ---


def _layout(project: Project) -> _Layout:
    root = project.lean_root
    if named := project.settings.lean.libraries:
        return _Layout((root,), tuple(_name(text, SETTINGS_FILE) for text in named))
    lakefile = root / LAKEFILE
    if not lakefile.is_file():
        raise UserError(
            f"{root} has no {LAKEFILE}; name the root modules in {SETTINGS_FILE}, as "
            '`libraries = ["Name"]` below `[lean]`.'
        )
    return _from_lakefile(lakefile, project.root)


def _from_lakefile(lakefile: Path, root: Path) -> _Layout:
    settings = read_toml(lakefile, root)
    libraries = settings.get("lean_lib", [])
    if not isinstance(libraries, list) or not all(isinstance(library, dict) for library in libraries):
        raise UserError(f"{lakefile}: `lean_lib` is not a list of tables; write `[[lean_lib]]`.")
    folders: dict[Path, None] = {}
    roots: dict[ModuleName, None] = {}
    for library in libraries:
        folder = lakefile.parent / str(settings.get("srcDir", ".")) / str(library.get("srcDir", "."))
        refuse_escape(folder, root)
        folders[folder] = None
        roots.update(dict.fromkeys(_roots(library, folder, root)))
    if not roots:
        raise UserError(f"{lakefile} names no library; add a `[[lean_lib]]` with a `name`.")
    return _Layout(tuple(folders), tuple(roots))


def _roots(library: Mapping[str, object], folder: Path, root: Path) -> Iterator[ModuleName]:
    chosen = library.get("globs") or library.get("roots") or [library.get("name", "")]
    for text in chosen if isinstance(chosen, list) else [chosen]:
        stem = str(text).removesuffix(".*").removesuffix(".+")
        name = _name(stem, LAKEFILE)
        if not str(text).endswith(".+"):
            yield name
        if stem != str(text):
            yield from _below(folder, name, root)


def _below(folder: Path, name: ModuleName, root: Path) -> Iterator[ModuleName]:
    top = folder.joinpath(*name)
    refuse_escape(top, root)
    for file in sorted(islice(top.rglob("*.lean"), MAX_MODULES)):
        yield file.relative_to(folder).with_suffix("").parts


def _name(text: str, where: str) -> ModuleName:
    name = _components(text)
    if not _is_safe(name):
        raise UserError(f"{where}: `{text[:80]}` is not the name of a module; write it as in an `import`.")
    return name


def _is_safe(name: ModuleName) -> bool:
    """Whether it can be a path, which then leads nowhere but down."""
    return bool(name) and all(_SAFE.fullmatch(part) for part in name)


def _components(text: str) -> ModuleName:
    return tuple(match[1] or match[2] for match in _COMPONENT.finditer(text))


# --- the header of a module ---


def imports(source: str) -> Iterator[Import]:
    """The imports at the head of a module, in order. Lean itself has the last word on them."""
    words = _words(source)
    wanted = False
    for word, line in words:
        if wanted and word != "all":
            yield Import(_components(word), line)
            wanted = False
        elif word == "import":
            wanted = True
        elif word not in {"all", "module", "prelude", "public", "meta"}:
            return


def _words(source: str) -> Iterator[tuple[str, int]]:
    at, line = 0, 1
    while at < len(source):
        end = comment_end(source, at) if source.startswith("/-", at) else None
        skipped = _SKIP.match(source, at)
        if end is None and skipped:
            end = skipped.end()
        if end is None:
            word = _WORD.match(source, at)
            if word is None:
                return
            yield word[0], line
            end = word.end()
        line += source.count("\n", at, end)
        at = end
