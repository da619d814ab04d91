"""plasTeX, made to read only through a `SourceFolder` and to say where it stands."""

from __future__ import annotations

import itertools
import pkgutil
import posixpath
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import plasTeX.Packages
from plasTeX import Command, Macro, TeXDocument
from plasTeX.Base.TeX.Primitives import MathShift
from plasTeX.Config import defaultConfig
from plasTeX.Context import Context, ContextItem
from plasTeX.TeX import TeX, bufferediter
from plasTeX.Tokenizer import Other

from blueprint.draft import Remark
from blueprint.graph import Macro as ProjectMacro
from blueprint.graph import Place
from blueprint.latex.dom import mend
from blueprint.latex.formulas import Formulas
from blueprint.latex.harvest import harvest
from blueprint.latex.macros import macros, proof
from blueprint.latex.references import references
from blueprint.latex.settings import Settings, settings
from blueprint.latex.tokens import SourceText, SourceTokens, TokenList
from blueprint.sources import SourceError, SourceFolder

# Packages of plasTeX that unpickle files, stop for a debugger or run programs.
UNSAFE_PACKAGES = {"xr", "xr-hyper", "debugplastex", "embed", "beamer", "beamerthemesplit"}
PACKAGES = {module.name for module in pkgutil.iter_modules(plasTeX.Packages.__path__)} - UNSAFE_PACKAGES
# What our own macros (always loaded) stand for.
OUR_PACKAGES = {"blueprint", "leanblueprint", "depgraph", "plastexdepgraph", "showmore", "plastexshowmore"}
MACRO_LIMIT = 2000
DELIMITERS = (
    ("$$", "$$", "displaymath"),
    ("$", "$", "math"),
    (r"\(", r"\)", "math"),
    (r"\[", r"\]", "displaymath"),
)


def like(name: str) -> str:
    """The class of plasTeX's that numbers like the one named, which it has not."""
    return "article" if re.search("art|llncs|lipics|lncs|revtex|proc", name) else "report"


class Desk:
    """What is open: the project's files, the stack of those being read, and what was noticed."""

    def __init__(self, sources: SourceFolder) -> None:
        self.sources = sources
        self.open: list[SourceTokens] = []
        self.files: list[SourceText] = []
        self.mark = 0
        self.remarks: list[Remark] = []
        self.macros: dict[str, ProjectMacro] = {}

    def here(self) -> Place | None:
        """Where the command being carried out begins, in the innermost call that a file spells out."""
        return self.place(self.mark)

    def place(self, address: int) -> Place | None:
        """The file, line and column of a character; None before any file is open."""
        index = bisect_right(self.files, address, key=lambda source: source.first) - 1
        return self.files[index].place(address) if index >= 0 else None

    def meet(self, token: Any) -> None:
        """Note where `token` stands, unless it comes out of the body of a macro, which stands elsewhere."""
        start = getattr(token, "start", -1)
        if self.open and self.mark <= start <= self.open[-1].address:
            self.mark = start

    def enter(self, tokens: SourceTokens) -> None:
        self.open.append(tokens)
        self.mark = tokens.address

    def leave(self, tokens: Any) -> None:
        if self.open and tokens is self.open[-1]:
            self.open.pop()
            self.mark = self.open[-1].address if self.open else self.mark

    def folder(self) -> Path:
        return self.open[-1].source.folder if self.open else self.sources.main

    def remark(self, code: str, severity: str, message: str, hint: str = "") -> None:
        self.remarks.append(Remark(code, severity, message, hint, self.here()))

    def fetch(self, name: str, suffix: str = ".tex") -> SourceText | None:
        """The file TeX means by `name`, ready to read; None when the project has none such."""
        path = self.sources.find(name, self.folder(), suffix)
        if path is None:
            return None
        first = self.files[-1].first + len(self.files[-1].text) + 1 if self.files else 0
        source = SourceText(self.sources.read(path), self.sources.name(path), path.parent, first)
        self.files.append(source)
        if source.name in self.sources.undecodable:
            self.sources.undecodable.remove(source.name)
            message = f"{source.name} is not UTF-8; some of it could not be read."
            self.remarks.append(
                Remark("not-utf8", "warning", message, "Save it as UTF-8.", Place(source.name, 1))
            )
        return source

    def settings(self) -> Settings:
        """What the project's `plastex.cfg` says; what is not followed is remarked."""
        path = self.sources.find("plastex.cfg", self.sources.main, suffix="")
        if path is None:
            return Settings()
        name = self.sources.name(path)
        found = settings(self.sources.read(path))
        for line, message in found.ignored:
            self.remarks.append(Remark("setting-ignored", "info", message, "", Place(name, line)))
        self.sources.encoding = found.encoding
        return found

    def define(self, name: str, arity: int, default: Any, body: Any) -> None:
        """Remember a macro of the project for MathJax."""
        if len(self.macros) < MACRO_LIMIT and "@" not in name and isinstance(body, list):
            option = None if default is None else spell(default)
            self.macros[name] = ProjectMacro(name, spell(body), arity, option)


def spell(tokens: Any) -> str:
    """The tokens as LaTeX source."""
    return "".join(str(getattr(token, "source", token)) for token in tokens).strip()


class Typed(Command):  # type: ignore[misc]
    """A stretch of mathematics."""

    source = ""


class Engine(TeX):  # type: ignore[misc]
    """The parser. Sub-parsers for arguments share the document and so the desk."""

    @property
    def desk(self) -> Desk:
        desk: Desk = self.ownerDocument.desk
        return desk

    def input(self, source: Any) -> Any:
        """Read on in a project file, in tokens made earlier, or in a string."""
        context = self.ownerDocument.context
        if isinstance(source, SourceText):
            tokens: Any = SourceTokens(source, context)
            self.desk.enter(tokens)
        elif isinstance(source, str):
            return super().input(source)
        else:
            tokens = TokenList(source, context)
        self.inputs.append((tokens, iter(tokens)))
        self.currentInput = self.inputs[-1]
        return self

    def endInput(self) -> None:  # noqa: N802
        if self.inputs:
            self.desk.leave(self.inputs[-1][0])
        super().endInput()

    @cached_property
    def formulas(self) -> Formulas:
        return Formulas(self.ownerDocument.context)

    def read(self) -> None:
        """Read everything into the document."""
        document = self.ownerDocument
        tokens = bufferediter(self.pieces())
        for item in tokens:
            if item.nodeType == Macro.ELEMENT_NODE:
                item.parentNode = document
                item.digest(tokens)
            document.append(item)

    def pieces(self) -> Iterator[Any]:
        """Expanded tokens, in which whole stretches of text and of mathematics are one."""
        tokens = iter(self)
        while True:
            piece = self.stretch() if self.inputs else None
            if piece is None:
                piece = next(tokens, None)
                if piece is None:
                    return
            yield piece

    def stretch(self) -> Any:
        """What the file being read can give at once, if anything."""
        source = self.inputs[-1][0]
        if type(source) is not SourceTokens or not source.is_usual():
            return None
        if self.ownerDocument.context.isMathMode:
            return self.mathematics(source)
        run = source.run()
        return self.formula(source) if run is None else self.text(run)

    def mathematics(self, source: SourceTokens) -> Any:
        """A simple stretch of the formula that is being read."""
        if source.position < source.seen:
            return None
        found = self.formulas.stretch(source.text, source.position)
        if found is None or found[1] == source.position:
            source.seen = self.formulas.reached if found is None else source.seen
            return None
        source.skip(found[1])
        return self.typed(found[0])

    def formula(self, source: SourceTokens) -> Any:
        """A whole formula, if all of it is simple."""
        for opening, closing, name in DELIMITERS:
            if source.text.startswith(opening, source.position) and not MathShift.inEnv:
                start = source.position + len(opening)
                found = self.formulas.whole(source.text, start, closing)
                if found is None:
                    return None
                source.skip(found[1])
                return self.element(name, found[0])
        return None

    def element(self, name: str, content: str) -> Any:
        """An element that is whole: there is nothing left to digest."""
        element = self.ownerDocument.createElement(name)
        element.contextDepth = self.ownerDocument.context.depth + 1
        element.append(self.typed(content))
        element.digest = lambda tokens: None
        return element

    def typed(self, source: str) -> Typed:
        """Mathematics that is its own source; no text, in which plasTeX would make quotes of primes."""
        typed = Typed()
        typed.source = typed.str = source  # the latter is shown where it turns out to be no mathematics
        typed.ownerDocument = self.ownerDocument
        typed.contextDepth = self.ownerDocument.context.depth
        return typed

    def text(self, string: str) -> Any:
        text = Other(string)
        text.ownerDocument = self.ownerDocument
        text.contextDepth = self.ownerDocument.context.depth
        text.parentNode = None
        return text

    def __iter__(self) -> Iterator[Any]:
        """Expanded tokens: what plasTeX does, and the desk knows the command being carried out."""
        desk = self.desk
        for token in self.itertokens():
            if token.nodeType != Macro.ELEMENT_NODE and token.macroName is not None:
                desk.meet(token)
                element = self.ownerDocument.createElement(token.macroName)
                element.contextDepth = token.contextDepth
                element.parentNode = token.parentNode
                tokens = self.carried_out(element)
                self.pushTokens([element] if tokens is None else tokens)
            else:
                yield token

    def carried_out(self, element: Any) -> Any:
        """What a macro leaves to be read; nothing of one whose arguments make no sense."""
        try:
            return element.invoke(self)
        except (SourceError, MemoryError, RecursionError):
            raise
        except Exception:  # noqa: BLE001  # plasTeX's macros raise anything on malformed text
            message = f"\\{element.nodeName} cannot be carried out here, so it is left out."
            self.desk.remark("unreadable-macro", "error", message, "Look for a missing argument or brace.")
            return []

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


class Scope(ContextItem):  # type: ignore[misc]
    """The macros of one group; looked through from inside out, without an exception caught at each step."""

    def __getitem__(self, name: str) -> Any:
        scope = self
        while scope is not None:
            if dict.__contains__(scope, name):
                return dict.__getitem__(scope, name)
            scope = scope.parent
        raise KeyError(name)


class ProjectContext(Context):  # type: ignore[misc]
    """Macros, labels and packages: no Python but plasTeX's own is ever imported, no file written."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.labelled: list[tuple[str, Any, Place | None]] = []
        self.renamed: set[str] = set()
        super().__init__(load=True)
        self.importMacros({"proof": proof, **macros(), **references()})

    def label(self, label: str, node: Any = None) -> None:
        named = self.currentlabel if node is None else node
        self.labelled.append((label, named, self.desk.here()))
        super().label(label, node)

    def createContext(self, obj: Any = None) -> Scope:  # noqa: N802
        scope = Scope({} if obj is None else obj.locals())
        scope.categories = self.categories
        scope.obj = obj
        return scope

    def let(self, dest: Any, source: Any) -> None:
        self.renamed.add(str(dest.nodeName))
        super().let(dest, source)

    def get_let(self, command: Any) -> Any:
        """What `\\let` made of a token: asked for every control sequence, true of hardly any."""
        return super().get_let(command) if command in self.renamed else command

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
        return suffix == ".cls" and self.loadPackage(tex, f"{like(module)}.cls", options)

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
    """The document under construction. Every element knows the address where it was made."""

    def __init__(self, desk: Desk) -> None:
        mend()
        self.desk = desk
        self.kinds: tuple[str, ...] = ("definition", "lemma", "proposition", "theorem", "corollary")
        self.notes: list[Any] = []
        self.serials = itertools.count()
        self.facts: dict[str, str] = {}
        self.finished: Callable[[Any], None] = harvest  # is told of each element that has all its paragraphs
        config = defaultConfig()
        super().__init__(context=ProjectContext(desk), config=config)

    def follow(self, settings: Settings) -> None:
        """Number and name things as `plastex.cfg` wants it."""
        self.config["counters"]["counters"] = settings.counters
        if settings.numbered_depth is not None:
            self.config["document"]["sec-num-depth"] = settings.numbered_depth
        if settings.title:
            self.userdata["title"] = settings.title

    def createElement(self, name: str) -> Any:  # noqa: N802
        element = super().createElement(name)
        element.start = self.desk.mark
        element.serial = next(self.serials)
        return element

    def configure(self, options: dict[Any, Any]) -> None:
        """The options of the blueprint package: `thms` names the kinds that are nodes."""
        named = options.get("thms")
        if named is not None:
            text = str(getattr(named, "textContent", named))
            self.kinds = tuple(kind.strip() for kind in text.split("+") if kind.strip()) or self.kinds
