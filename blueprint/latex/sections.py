"""Headings inside a theorem or a proof, which plasTeX would end there."""

from __future__ import annotations

from typing import Any

from plasTeX.Base.LaTeX import Sectioning

from blueprint.latex.arguments import argument, option, star, tokens

INSIDE = ("thmenv", "proof")


class Heading:
    """A heading of a part of a theorem or proof is bold text in it; elsewhere it is what it always is."""

    def invoke(self, tex: Any) -> Any:
        document: Any = self.ownerDocument  # type: ignore[attr-defined]
        around = (getattr(item.obj, "nodeName", None) for item in document.context.contexts)
        if not any(name in INSIDE for name in around):
            return super().invoke(tex)  # type: ignore[misc]
        name = str(self.nodeName)  # type: ignore[attr-defined]
        message = f"leanblueprint ends the theorem or proof at this \\{name}; here it goes on."
        tex.desk.remark("beyond-leanblueprint", "info", message)
        star(tex)
        option(tex)
        return [*tokens("\\textbf{", document), *argument(tex), *tokens("} ", document)]


NAMES = ("subsection", "subsubsection", "paragraph", "subparagraph")
MACROS = tuple(type(name, (Heading, getattr(Sectioning, name)), {}) for name in NAMES)
