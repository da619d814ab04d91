"""What equations are counted as."""

from __future__ import annotations

import re
from typing import Any

from plasTeX import Command, Environment, NewCommand
from plasTeX.Base.LaTeX.Arrays import Array
from plasTeX.Base.LaTeX.Math import MathEnvironment, eqnarray

from blueprint.latex.arguments import shown, star, tokens, typed_argument
from blueprint.latex.references import CONTROL

COUNTER = "equation"
SIGNS = {"ast": "*", "star": "⋆", "dagger": "†", "ddagger": "‡", "prime": "′", "bullet": "•", "diamond": "⋄"}
SIGN = re.compile(rf"\\({'|'.join(SIGNS)})(?![A-Za-z])\s?")


class multline(eqnarray):  # type: ignore[misc]  # noqa: N801
    """One equation, however many its lines are."""

    EndRow = Array.EndRow


class subequations(Environment):  # type: ignore[misc]  # noqa: N801
    """Equations that share a number and have letters: 5a, 5b."""

    counter = COUNTER

    def invoke(self, tex: Any) -> Any:
        context = self.ownerDocument.context
        around = self.ownerDocument.userdata.setdefault("subequations", [])
        result = super().invoke(tex)
        counter = context.counters[COUNTER]
        if self.macroMode == self.MODE_END:
            counter.setcounter(around.pop() if around else counter.value)
            return result
        around.append(counter.value)
        counter.setcounter(0)
        lettered = [*self.ref, *tokens(r"\alph{equation}", self.ownerDocument)]
        context.addLocal("theequation", type("theequation", (NewCommand,), {"definition": lettered}))
        return result


class tag(Command):  # type: ignore[misc]  # noqa: N801
    """`\\tag{*}`: what references to the equation show instead of a number."""

    typed = ""

    def invoke(self, tex: Any) -> None:
        context = self.ownerDocument.context
        self.star, self.typed = "*" * star(tex), typed_argument(tex)
        equation = context.currentlabel
        if self.numbered():
            context.counters[COUNTER].addtocounter(-1)
        else:
            equation = context.currentlabel = self
            self.counter = COUNTER
        equation.mark = plain(self.typed)

    def numbered(self) -> bool:
        """Whether the equation that it stands in would have a number."""
        around = (item.obj for item in self.ownerDocument.context.contexts)
        return any(isinstance(obj, MathEnvironment) and obj.counter == COUNTER for obj in around)

    @property
    def source(self) -> str:
        return f"\\tag{self.star}{{{self.typed}}}"


def plain(typed: str) -> str:
    """A tag as text: `$\\ast$` is an asterisk."""
    signs = SIGN.sub(lambda found: SIGNS[found[1]], typed)
    return shown(CONTROL.sub("", signs).replace("$", "")) or shown(typed)


MACROS = (multline, subequations, tag)
