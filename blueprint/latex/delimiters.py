"""mathtools' paired delimiters: macros that put brackets, of a size that can be chosen, around arguments."""

from __future__ import annotations

from typing import Any

from plasTeX import Command, expandDef

from blueprint.latex.arguments import Made, argument, define, option, star, tokens, typed_option

SIZE = "delimsize"


class Paired(Made, Command):  # type: ignore[misc]
    """`\\abs{x}`, `\\abs*{x}` with brackets that grow, `\\abs[\\big]{x}`. It becomes plain LaTeX."""

    opening: tuple[Any, ...] = ()
    closing: tuple[Any, ...] = ()
    before: tuple[Any, ...] = ()
    after: tuple[Any, ...] = ()
    body: tuple[Any, ...] = ()
    count = 1

    def invoke(self, tex: Any) -> list[Any]:
        grows, size = star(tex), option(tex) or []
        sizes = [
            tokens(f"\\{side}", self.ownerDocument) if grows else size for side in ("left", "middle", "right")
        ]
        given = [None, *(argument(tex) for _ in range(self.count))]
        body = expandDef(list(self.body), given)
        inside = [token for item in body for token in (sizes[1] if item.macroName == SIZE else [item])]
        outer = [expandDef(list(piece), given) for piece in (self.before, self.after)]
        return [*outer[0], *sizes[0], *self.opening, *inside, *sizes[2], *self.closing, *outer[1]]


class DeclarePairedDelimiter(Command):  # type: ignore[misc]
    """`\\DeclarePairedDelimiter{\\abs}{\\lvert}{\\rvert}`."""

    def invoke(self, tex: Any) -> list[Any]:
        name = argument(tex)
        members = {"opening": tuple(argument(tex)), "closing": tuple(argument(tex))}
        return self.declare(name, body=tuple(tokens("#1", self.ownerDocument)), **members)

    def declare(self, name: list[Any], **members: Any) -> list[Any]:
        called = next((token.macroName for token in name if token.macroName), "")
        define(self.ownerDocument, called, Paired, **members)
        return []


class DeclarePairedDelimiterX(DeclarePairedDelimiter):
    """`\\DeclarePairedDelimiterX{\\inner}[2]{\\langle}{\\rangle}{#1, #2}`."""

    around = False

    def invoke(self, tex: Any) -> list[Any]:
        name, count = argument(tex), typed_option(tex) or "1"
        order = ("before", "opening", "closing", "after") if self.around else ("opening", "closing")
        members = {key: tuple(argument(tex)) for key in (*order, "body")}
        return self.declare(name, count=int(count) if count.isdecimal() else 1, **members)


class DeclarePairedDelimiterXPP(DeclarePairedDelimiterX):
    """The same with what stands before and after the brackets."""

    around = True


MACROS = (DeclarePairedDelimiter, DeclarePairedDelimiterX, DeclarePairedDelimiterXPP)
