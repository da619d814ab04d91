"""What plasTeX knows while it reads: macros, labels and packages, and none of it from outside the project."""

from __future__ import annotations

import pkgutil
import posixpath
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import plasTeX.Packages
from plasTeX import Definition, NewCommand, TheCounter, UnrecognizedMacro
from plasTeX.Base.TeX.Primitives import relax
from plasTeX.Context import Context, ContextItem
from plasTeX.Tokenizer import Tokenizer

from blueprint.graph import Place
from blueprint.latex.desk import Desk, spell
from blueprint.latex.macros import macros, proof
from blueprint.latex.references import references
from blueprint.latex.slips import Unknown
from blueprint.latex.standing import is_environment

# Packages of plasTeX that unpickle files, stop for a debugger or run programs.
UNSAFE_PACKAGES = {"xr", "xr-hyper", "debugplastex", "embed", "beamer", "beamerthemesplit"}
PACKAGES = {module.name for module in pkgutil.iter_modules(plasTeX.Packages.__path__)} - UNSAFE_PACKAGES
# What our own macros (always loaded) stand for.
OUR_PACKAGES = {"blueprint", "leanblueprint", "depgraph", "plastexdepgraph", "showmore", "plastexshowmore"}
# What a project may define anew; the rest of plasTeX's macros and ours stay.
REDEFINABLE = (NewCommand, UnrecognizedMacro, Definition, relax, TheCounter)


@cache
def ours() -> dict[str, Any]:
    """Every macro that no package may replace."""
    return {**macros(), **references()}


def like(name: str) -> str:
    """The class of plasTeX's that numbers like the one named, which it has not."""
    return "article" if re.search("art|llncs|lipics|lncs|revtex|proc", name) else "report"


class Scope(ContextItem):  # type: ignore[misc]
    """The macros of one group and, behind them, those of the groups around it; never copied to be asked."""

    def __getitem__(self, name: str) -> Any:
        scope = self
        while scope is not None:  # written out: asked for every control sequence
            if dict.__contains__(scope, name):
                return dict.__getitem__(scope, name)
            scope = scope.parent
        raise KeyError(name)

    def has_key(self, name: str) -> bool:
        return self.get(name) is not None

    __contains__ = has_key

    def keys(self) -> list[str]:
        names: dict[str, Any] = {}
        scope = self
        while scope is not None:
            dict.update(names, dict.items(scope))
            scope = scope.parent
        return list(names)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label and what plasTeX takes it for: what was numbered last.

    `past` says that this is a theorem that had ended, `lost` that something was begun since that nothing
    defines, which must have been meant.
    """

    name: str
    node: Any
    place: Place | None
    past: bool
    lost: bool


class ProjectContext(Context):  # type: ignore[misc]
    """Macros, labels and packages: no Python but plasTeX's own is ever imported, no file written."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.labelled: list[Labelled] = []
        self.renamed: set[str] = set()
        super().__init__(load=True)
        self.importMacros({"proof": proof, **ours()})

    def label(self, label: str, node: Any = None) -> None:
        named = self.currentlabel if node is None else node
        past = self.is_past(named)
        lost = past and any(isinstance(item.obj, Unknown) for item in self.contexts)
        self.labelled.append(Labelled(label, named, self.desk.here(), past, lost))
        super().label(label, node)

    def is_past(self, named: Any) -> bool:
        """Whether it is a theorem that has ended."""
        return hasattr(named, "thmName") and all(item.obj is not named for item in self.contexts)

    def __getitem__(self, name: str) -> Any:
        try:
            return self.top[name]
        except KeyError:
            self[name] = type(name, (Unknown,), {})
            return self.top[name]

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

    def statement(self) -> Any:
        """The innermost theorem or proof that is open, if any."""
        opened = (item.obj for item in reversed(self.contexts) if item.obj is not None)
        return next(filter(is_environment, opened), None)  # one that is empty yet counts as false

    def unnumbered_theorem(self) -> Any:
        """The starred theorem we are in, unless something inside it has got a number since."""
        around = (item.obj for item in reversed(self.contexts) if getattr(item.obj, "thmName", None))
        theorem = next(around, None)
        if theorem is None or theorem.counter:
            return None
        return None if getattr(self.currentlabel, "serial", -1) > theorem.serial else theorem

    def loadPackage(self, tex: Any, file_name: str, options: Any = None) -> bool:  # noqa: N802
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
        self.importMacros(ours())
        return loaded

    def loadINIPackage(self, inifile: Any) -> None:  # noqa: N802
        files = inifile if isinstance(inifile, list | tuple) else [inifile]
        ours = str(Path(plasTeX.Packages.__path__[0]))
        super().loadINIPackage([file for file in dict.fromkeys(files) if str(file).startswith(ours)])

    def newcommand(self, name: str, nargs: Any = 0, definition: Any = None, opt: Any = None) -> None:
        """As plasTeX does it, which lists all macros there are to find one."""
        name, nargs = str(name), int(nargs or 0)
        self.desk.define(name, nargs, opt, definition)
        if name not in self.top or issubclass(self[name], REDEFINABLE):
            given = {"nargs": nargs, "opt": self._tokens(opt), "definition": self._tokens(definition)}
            self.addGlobal(name, type(name, (NewCommand,), given))

    def _tokens(self, given: Any) -> Any:
        return list(Tokenizer(given, self)) if isinstance(given, str) else given

    def newdef(self, name: str, args: Any = None, definition: Any = None, local: bool = True) -> None:
        signature = spell(args or ())
        arity = signature.count("#")
        if signature == "".join(f"#{index}" for index in range(1, arity + 1)):
            self.desk.define(str(name), arity, None, definition)
        super().newdef(name, args, definition, local)

    def newwrite(self, name: str, file: str) -> None:
        """`\\newwrite`, `\\openout`: nothing is written."""
