"""What the preamble keeps for later, and how theorems look, which says nothing here."""

from __future__ import annotations

from typing import Any

from plasTeX import Command
from plasTeX.Base.LaTeX.Document import document as Document  # noqa: N812

from blueprint.latex.arguments import argument, dropped


class AtBeginDocument(Command):  # type: ignore[misc]
    """Kept until the document begins."""

    def invoke(self, tex: Any) -> list[Any]:
        self.ownerDocument.userdata.setdefault("at begin", []).extend(argument(tex))
        return []


class document(Document):  # type: ignore[misc]  # noqa: N801
    def invoke(self, tex: Any) -> Any:
        result = super().invoke(tex)
        if self.macroMode == self.MODE_END:
            return result
        return [self, *self.ownerDocument.userdata.pop("at begin", ())]


# plasTeX cannot read lengths that are left empty.
LOOKS = {"newtheoremstyle": 9, "theoremstyle": 1, "swapnumbers": 0, "AtEndDocument": 1}
MACROS = (
    *(AtBeginDocument, document),
    *dropped(**LOOKS),
)
