"""Macros inside mathematics that plasTeX reads otherwise than LaTeX: text, and what counts no equation."""

from __future__ import annotations

from plasTeX.Base.LaTeX.Math import EqnarrayStar
from plasTeX.Base.TeX.Primitives import BoxCommand

# plasTeX has them as plain commands, in whose argument a `$` would end the mathematics around.
TEXT = ("text", "emph", "intertext", "shortintertext")
# plasTeX counts their rows as equations.
UNCOUNTED = ("split", "cases")
MACROS = (
    *(type(name, (BoxCommand,), {}) for name in TEXT),
    *(type(name, (EqnarrayStar,), {"macroName": name}) for name in UNCOUNTED),
)
