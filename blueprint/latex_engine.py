"""plasTeX, made to read only through a `SourceFolder` and to say where it stands."""

from __future__ import annotations

import io
import itertools
import pkgutil
import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import plasTeX.Packages
from plasTeX import Command, TeXDocument
from plasTeX.Config import defaultConfig
from plasTeX.Context import Context
from plasTeX.TeX import TeX

from blueprint.draft import Remark
from blueprint.graph import Macro, Place
from blueprint.latex_macros import macros, proof
from blueprint.latex_references import references
from blueprint.sources import SourceFolder

# Packages of plasTeX that unpickle files, stop for a debugger or run programs.
UNSAFE_PACKAGES = {"xr", "xr-hyper", "debugplastex", "embed", "beamer", "beamerthemesplit"}
PACKAGES = {module.name for module in pkgutil.iter_modules(plasTeX.Packages.__path__)} - UNSAFE_PACKAGES
# What our own macros (always loaded) stand for.
OUR_PACKAGES = {"blueprint", "leanblueprint", "depgraph", "plastexdepgraph", "showmore", "plastexshowmore"}
MACRO_LIMIT = 2000


class SourceText(io.StringIO):
    """A project file as plasTeX likes it: a stream with a name."""

    def __init__(self, text: str, name: str, folder: Path) -> None:
        super().__init__(text)
        self.name = name
        self.folder = folder
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def line(self, unread: int) -> int:
        """The line of the last character read, `unread` characters of which were put back."""
        return max(1, bisect_right(self.starts, self.tell() - unread - 1))


class Desk:
    """What is open: the project's files, the stack of those being read, and what was noticed."""

    def __init__(self, sources: SourceFolder) -> None:
        self.sources = sources
        self.open: list[Any] = []
        self.last: Place | None = None
        self.remarks: list[Remark] = []
        self.macros: dict[str, Macro] = {}

    def here(self) -> Place | None:
        """The file and line being read, or the last one when all are closed."""
        if self.open:
            tokenizer = self.open[-1]  # whose own count of lines drifts
            source: SourceText = tokenizer.source
            self.last = Place(source.name, source.line(len(tokenizer._charBuffer)))
        return self.last

    def folder(self) -> Path:
        return self.open[-1].source.folder if self.open else self.sources.main

    def remark(self, code: str, severity: str, message: str, hint: str = "") -> None:
        self.remarks.append(Remark(code, severity, message, hint, self.here()))

    def fetch(self, name: str, suffix: str = ".tex") -> SourceText | None:
        """The file TeX means by `name`, ready to read; None when the project has none such."""
        path = self.sources.find(name, self.folder(), suffix)
        if path is None:
            return None
        source = SourceText(self.sources.read(path), self.sources.name(path), path.parent)
        if source.name in self.sources.undecodable:
            self.sources.undecodable.remove(source.name)
            message = f"{source.name} is not UTF-8; some of it could not be read."
            self.remarks.append(
                Remark("not-utf8", "warning", message, "Save it as UTF-8.", Place(source.name, 1))
            )
        return source

    def define(self, name: str, arity: int, default: Any, body: Any) -> None:
        """Remember a macro of the project for MathJax."""
        if len(self.macros) < MACRO_LIMIT and "@" not in name and isinstance(body, list):
            option = None if default is None else spell(default)
            self.macros[name] = Macro(name, spell(body), arity, option)


def spell(tokens: Any) -> str:
    """The tokens as LaTeX source."""
    return "".join(str(getattr(token, "source", token)) for token in tokens).strip()


class Engine(TeX):  # type: ignore[misc]
    """The parser. Sub-parsers for arguments share the document and so the desk."""

    @property
    def desk(self) -> Desk:
        desk: Desk = self.ownerDocument.desk
        return desk

    def input(self, source: Any) -> Any:
        result = super().input(source)
        if isinstance(source, SourceText):
            self.desk.open.append(self.inputs[-1][0])
        return result

    def endInput(self) -> None:  # noqa: N802
        if self.inputs and self.desk.open and self.inputs[-1][0] is self.desk.open[-1]:
            self.desk.here()
            self.desk.open.pop()
        super().endInput()

    def kpsewhich(self, name: str) -> str:
        raise FileNotFoundError(f"Could not find any file named: {name}")

    def loadPackage(self, file: str, options: Any = None) -> bool:  # noqa: N802
        source = self.desk.fetch(file, suffix="")
        if source is None:
            return False
        end = Command()
        self.pushToken(end)
        self.input(source)
        self.ownerDocument.context.packages[file] = options or {}
        for token in self:
            if token is end:
                break
        return True

    def loadAuxiliaryFile(self) -> None:  # noqa: N802
        """Nothing is read from former runs."""


class ProjectContext(Context):  # type: ignore[misc]
    """Macros, labels and packages: no Python but plasTeX's own is ever imported, no file written."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.labelled: list[tuple[str, Any, Place | None]] = []
        super().__init__(load=True)
        self.importMacros({"proof": proof, **macros(), **references()})

    def label(self, label: str, node: Any = None) -> None:
        named = self.currentlabel if node is None else node
        self.labelled.append((label, named, self.desk.here()))
        super().label(label, node)

    def unnumbered_theorem(self) -> Any:
        """The starred theorem we are in, unless something inside it has got a number since."""
        around = (item.obj for item in reversed(self.contexts) if getattr(item.obj, "thmName", None))
        theorem = next(around, None)
        if theorem is None or theorem.counter:
            return None
        return None if getattr(self.currentlabel, "serial", -1) > theorem.serial else theorem

    def loadPackage(self, tex: Engine, file_name: str, options: Any = None) -> bool:  # noqa: N802
        module, suffix = posixpath.splitext(str(file_name))
        if module in self.packages:
            return True
        if module in OUR_PACKAGES:
            tex.ownerDocument.configure(options or {})
            return True
        if self.loadPythonPackage(tex.ownerDocument, file_name, options):
            return True
        if tex.loadPackage(file_name, options):
            return True
        return suffix == ".cls" and self.loadPackage(tex, "report.cls", options)

    def loadPythonPackage(self, document: Any, file_name: str, options: Any = None) -> bool:  # noqa: N802
        if posixpath.splitext(file_name)[0] not in PACKAGES:
            return False
        loaded = bool(super().loadPythonPackage(document, file_name, options))
        self.importMacros({**macros(), **references()})
        return loaded

    def loadINIPackage(self, inifile: Any) -> None:  # noqa: N802
        files = inifile if isinstance(inifile, list | tuple) else [inifile]
        ours = str(Path(plasTeX.Packages.__path__[0]))
        super().loadINIPackage([file for file in dict.fromkeys(files) if str(file).startswith(ours)])

    def newcommand(self, name: str, nargs: Any = 0, definition: Any = None, opt: Any = None) -> None:
        self.desk.define(str(name), int(nargs or 0), opt, definition)
        super().newcommand(name, nargs, definition, opt)

    def newdef(self, name: str, args: Any = None, definition: Any = None, local: bool = True) -> None:
        signature = spell(args or ())
        arity = signature.count("#")
        if signature == "".join(f"#{index}" for index in range(1, arity + 1)):
            self.desk.define(str(name), arity, None, definition)
        super().newdef(name, args, definition, local)

    def newwrite(self, name: str, file: str) -> None:
        """`\\newwrite`, `\\openout`: nothing is written."""


class ProjectDocument(TeXDocument):  # type: ignore[misc]
    """The document under construction. Every element knows the place where it was made."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.kinds: tuple[str, ...] = ("definition", "lemma", "proposition", "theorem", "corollary")
        self.notes: list[Any] = []
        self.serials = itertools.count()
        self.facts: dict[str, str] = {}
        config = defaultConfig()
        super().__init__(context=ProjectContext(desk), config=config)

    def createElement(self, name: str) -> Any:  # noqa: N802
        element = super().createElement(name)
        element.place = self.desk.here()
        element.serial = next(self.serials)
        return element

    def configure(self, options: dict[Any, Any]) -> None:
        """The options of the blueprint package: `thms` names the kinds that are nodes."""
        named = options.get("thms")
        if named is not None:
            text = str(getattr(named, "textContent", named))
            self.kinds = tuple(kind.strip() for kind in text.split("+") if kind.strip()) or self.kinds


def children(node: Any) -> Iterator[Any]:
    """The child nodes of a DOM node, none for text."""
    yield from getattr(node, "childNodes", None) or ()
