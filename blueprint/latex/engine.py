"""plasTeX, made to read only through a `SourceFolder` and to say where it stands."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

from plasTeX import Command, Macro, TeXDocument
from plasTeX.Base.TeX.Primitives import MathShift
from plasTeX.Config import defaultConfig
from plasTeX.TeX import TeX, bufferediter
from plasTeX.Tokenizer import Other

from blueprint.latex.context import ProjectContext
from blueprint.latex.desk import Desk
from blueprint.latex.dom import mend
from blueprint.latex.formulas import Formulas
from blueprint.latex.harvest import harvest
from blueprint.latex.settings import Settings
from blueprint.latex.tokens import SourceText, SourceTokens, TokenList
from blueprint.sources import SourceError

OPENING = re.compile(r"\$\$?|\\[(\[]")
# What closes a formula, and the element that it is.
FORMULAS = {
    "$$": ("$$", "displaymath"),
    "$": ("$", "math"),
    r"\(": (r"\)", "math"),
    r"\[": (r"\]", "displaymath"),
}
# Types of arguments that plasTeX reads whatever they begin with.
MEASURES = {
    *("Dimen", "Length", "Dimension", "MuDimen", "MuLength", "Glue", "Skip", "MuGlue", "MuSkip"),
    *("Number", "Int", "Integer", "Token", "Tok", "XTok", "XToken", "Args", "any"),
}
# What no text can bring about: a mistake of the reader's own.
FAULTS = (NameError, ImportError)
# What ends the whole reading.
FATAL = (SourceError, MemoryError, RecursionError, *FAULTS)


@dataclass(frozen=True, slots=True)
class Cited:
    """The arguments of a reference, its address, and the theorem or proof that it stands in."""

    typed: tuple[str, ...]
    start: int
    around: Any


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
            piece = self.stretch()
            if piece is None:
                piece = next(tokens, None)
                if piece is None:
                    return
            yield piece

    def stretch(self) -> Any:
        """What the file being read can give at once, if anything."""
        source = self.usual_source()
        if source is None:
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
        opening = OPENING.match(source.text, source.position)
        if opening is None or MathShift.inEnv:
            return None
        closing, name = FORMULAS[opening[0]]
        found = self.formulas.whole(source.text, opening.end(), closing)
        if found is None:
            return None
        source.skip(found[1])
        return self.element(name, found[0])

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
        except FATAL:
            raise
        except Exception:  # noqa: BLE001  # plasTeX's macros raise anything on malformed text
            self.desk.unreadable(element.nodeName)
            return []

    def usual_source(self) -> SourceTokens | None:
        """The file being read, if it can be looked at as text from where reading stands."""
        source = self.inputs[-1][0] if self.inputs else None
        return source if type(source) is SourceTokens and source.is_usual() else None

    def readArgumentAndSource(self, spec: Any = None, type: Any = None, **how: Any) -> Any:  # noqa: N802
        """As plasTeX has it; that an optional argument is not there is mostly seen in the text."""
        optional = spec is not None and type not in MEASURES and how.get("stripLeadingWhitespace", True)
        if optional and self.lacks(spec[0]):
            return how.get("default"), ""
        return super().readArgumentAndSource(spec, type, **how)

    def lacks(self, opening: str) -> bool:
        """Whether it is plain from the text that no argument follows that begins with `opening`."""
        source = self.usual_source()
        return source is not None and source.lacks(opening)

    def simple_group(self) -> str | None:
        """An argument in braces that is nothing but text, as it is typed."""
        source = self.usual_source()
        return None if source is None else source.simple_group()

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


def forgive(kind: Any) -> None:
    """Let elements of this class that fail to take in what follows them hold what they have so far."""
    digest = kind.digest
    if hasattr(digest, "__wrapped__"):
        return

    @wraps(digest)
    def forgiving(self: Any, tokens: Any) -> Any:
        try:
            return digest(self, tokens)
        except FATAL:
            raise
        except Exception:  # noqa: BLE001  # as in `carried_out`
            self.ownerDocument.desk.unreadable(self.nodeName)

    kind.digest = forgiving


class ProjectDocument(TeXDocument):  # type: ignore[misc]
    """The document under construction. Every element knows the address where it was made."""

    def __init__(self, desk: Desk) -> None:
        mend()
        self.desk = desk
        self.kinds: tuple[str, ...] = ("definition", "lemma", "proposition", "theorem", "corollary")
        self.dep_by = ""
        self.notes: list[Any] = []
        self.cited: list[Cited] = []
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
        if type(element).digest is not Macro.digest:
            forgive(type(element))
        element.start = self.desk.mark
        element.serial = next(self.serials)
        return element

    def cite(self, reference: Any, *typed: str) -> None:
        """Note that `reference` leads to the labels `typed`, and where it stands."""
        self.cited.append(Cited(typed, reference.start, self.context.statement()))

    def configure(self, options: dict[Any, Any]) -> None:
        """The options of the blueprint package: `thms` names the kinds that are nodes, `dep_by` a level."""
        thms, dep_by = (
            str(getattr(value, "textContent", value))
            for value in (options.get("thms", ""), options.get("dep_by", ""))
        )
        self.kinds = tuple(kind.strip() for kind in thms.split("+") if kind.strip()) or self.kinds
        self.dep_by = dep_by.strip() or self.dep_by
