"""What is open while a project is read, and what was noticed."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path
from typing import Any

from blueprint.draft import Remark
from blueprint.graph import Macro as ProjectMacro
from blueprint.graph import Place
from blueprint.latex.settings import Settings, settings
from blueprint.latex.tokens import SourceText, SourceTokens
from blueprint.sources import SourceFolder

MACRO_LIMIT = 2000


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

    def before(self, address: int, count: int) -> str:
        """The characters, `count` at most, that stand before an address in its file."""
        index = bisect_right(self.files, address, key=lambda source: source.first) - 1
        offset = address - self.files[index].first if index >= 0 else 0
        return self.files[index].text[max(0, offset - count) : offset] if offset else ""

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

    def unreadable(self, macro: Any) -> None:
        message = f"\\{macro} cannot be carried out here, so it is left out."
        self.remark("unreadable-macro", "error", message, "Look for a missing argument or brace.")

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
