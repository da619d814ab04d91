"""Environments that are taken as they are typed: verbatim text, and pictures that only a TeX can draw."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from plasTeX import Definition, Environment, NewCommand
from plasTeX.Tokenizer import BeginGroup, EndGroup, EscapeSequence

from blueprint.latex.arguments import Made, argument, shorthand, tokens, typed
from blueprint.latex.tokens import SourceTokens

WORDS = r"\\(?:begin|end)[ \t]*\{[^{}\n]*\}|\\[A-Za-z]+"
LITERAL = re.compile(rf"{WORDS}|\\|[^\\]+")
DRAWING = re.compile(rf"{WORDS}|\\[^A-Za-z]|\\|%[^\n]*|[^\\%]+")
MARK = re.compile(r"\\(begin|end)[ \t]*\{\s*([^{}]*?)\s*\}")


MADE = (Made, NewCommand, Definition)


class Raw(Environment):  # type: ignore[misc]
    """Verbatim text. It ends at the `\\end` of its name or of the project's environment that began it.

    For LaTeX has `\\newenvironment{code}{\\verbatim}{\\endverbatim}`.
    """

    blockType = True  # noqa: N815
    pieces = LITERAL
    body = ""

    def invoke(self, tex: Any) -> list[Any]:
        if self.macroMode == self.MODE_END:
            return []  # it was over before
        self.parse(tex)
        self.body = "".join(self.inside(tex))
        return [self]

    def digest(self, tokens: Any) -> None:
        """There is nothing left to read."""

    @property
    def source(self) -> str:
        return f"\\begin{{{self.nodeName}}}{self.body}\\end{{{self.nodeName}}}"

    def inside(self, tex: Any) -> Iterator[str]:
        """What is typed up to the end, which is read too if it is ours and nobody else's."""
        for piece in typed_pieces(tex, self.pieces):
            mark = MARK.fullmatch(piece)
            if self.ends(tex, piece, mark):
                if mark is None or mark[2] != self.nodeName:
                    tex.pushTokens(tokens(piece, self.ownerDocument))
                return
            yield piece
        message = f"\\begin{{{self.nodeName}}} is never ended, so all that follows is taken to be inside."
        tex.desk.remark("unreadable-macro", "error", message, f"Write the \\end{{{self.nodeName}}}.")

    def ends(self, tex: Any, piece: str, mark: re.Match[str] | None) -> bool:
        if mark is None:
            return self.macroMode == self.MODE_NONE and piece == f"\\end{self.nodeName}"
        return mark[1] == "end" and mark[2] in self.names()

    def names(self) -> list[str]:
        """Its own, if it was begun by name, and those of environments that the project made."""
        context = self.ownerDocument.context
        around = [name for name in context._currenvir[-2:] if issubclass(context[name], MADE)]
        return around if self.macroMode == self.MODE_NONE else [self.nodeName, *around]


class Drawn(Raw):
    """A picture. It ends at the first `\\end` that ends nothing inside, or a shorthand for one."""

    pieces = DRAWING
    depth = 0

    def ends(self, tex: Any, piece: str, mark: re.Match[str] | None) -> bool:
        if mark is not None:
            self.depth += 1 if mark[1] == "begin" else -1
        return self.depth < 0 or (mark is None and not self.depth and ends_something(tex, piece))


def ends_something(tex: Any, piece: str) -> bool:
    """Whether it is a macro of the project that stands for an `\\end`."""
    word = piece.startswith("\\") and piece[1:].isalpha()
    body = shorthand(tex, EscapeSequence(piece[1:])) if word else None
    return any(token.macroName == "end" for token in body or ())


def typed_pieces(tex: Any, piece: re.Pattern[str]) -> Iterator[str]:
    """What follows as it is typed, in pieces: out of the file, or out of what was read before."""
    while tex.inputs:
        source = tex.inputs[-1][0]
        found = None
        if isinstance(source, SourceTokens) and source.is_usual():
            found = piece.match(source.text, source.position)
        if found is not None:
            source.skip(found.end())
            yield found[0]
        elif (token := next(tex.itertokens(), None)) is not None:
            yield spelled(tex, token)


def spelled(tex: Any, token: Any) -> str:
    if token.macroName not in ("begin", "end"):
        return typed([token])
    return typed([token, BeginGroup("{"), *argument(tex), EndGroup("}")])
