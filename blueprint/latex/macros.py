"""The macros of leanblueprint, and all of ours together."""

from __future__ import annotations

from typing import Any

from plasTeX import Command, Environment, macroName

from blueprint.latex import (
    accents,
    boxes,
    definitions,
    delimiters,
    equations,
    files,
    generated,
    lists,
    packages,
    pictures,
    preamble,
    sections,
    slips,
    text,
    theorems,
    verbatim,
)
from blueprint.latex.arguments import counted, dropped, one_line, right_behind, typed_argument
from blueprint.names import is_address, unescaped

# What \graphcolor may name.
COLOURED = ("stated", "can_state", "not_ready", "proved", "can_prove", "defined", "fully_proved", "mathlib")


class Annotation(Command):  # type: ignore[misc]
    """A macro that says something of the theorem or proof around it."""

    argument = ""
    source = ""  # nothing to show, not even inside mathematics

    def digest(self, tokens: Any) -> None:
        super().digest(tokens)
        self.container = self.parentNode
        self.ownerDocument.notes.append(self)


class AnnotationWithArgument(Annotation):
    def invoke(self, tex: Any) -> None:
        self.argument = typed_argument(tex)


class label(Command):  # type: ignore[misc]  # noqa: N801
    """`\\label`, whose name is taken as typed but for values of counters (plasTeX would expand `~` too)."""

    def invoke(self, tex: Any) -> None:
        context = self.ownerDocument.context
        typed = counted(tex, typed_argument(tex))
        self.name = unescaped(typed)
        if self.name != typed:
            message = f"LaTeX takes the label `{typed}` as it is typed, with its backslash."
            tex.desk.remark("escaped-label", "warning", message, f"Write `{self.name}`.")
        context.label(self.name, context.unnumbered_theorem())

    @property
    def source(self) -> str:
        return f"\\label{{{self.name}}}"


class Flag(Annotation):
    """A macro without an argument. Its name ends before a digit, which is text then."""

    def invoke(self, tex: Any) -> None:
        name = self.nodeName
        digit = right_behind(tex, name)
        if digit.isdigit():
            message = f"LaTeX reads \\{name}{digit} as \\{name} and the text {digit}."
            tex.desk.remark("digit-after-flag", "warning", message, "Remove the digit.")


class AnnotationWithLabels(Annotation):
    def invoke(self, tex: Any) -> None:
        self.argument = unescaped(typed_argument(tex))


class ProjectFact(Command):  # type: ignore[misc]
    """A macro of the preamble that says something of the project."""

    args = "url:url"

    def invoke(self, tex: Any) -> list[Any]:
        self.parse(tex)
        text = "".join(str(token.source) for token in self.attributes["url"])
        address = one_line(text)[:2000]
        self.ownerDocument.facts[self.nodeName] = address
        if address and not is_address(address):
            message = (
                f"\\{self.nodeName} names `{address}`, which is no address on the web, so it is left out."
            )
            hint = "Write an address that begins with https:// and holds no blank."
            tex.desk.remark("refused-address", "warning", message, hint)
        return []


class texorpdfstring(Command):  # type: ignore[misc]  # noqa: N801
    """hyperref's: what is printed, then what stands in for it where only plain text can."""

    args = "self pdf:str"


class graphcolor(Command):  # type: ignore[misc]  # noqa: N801
    """`\\graphcolor{kind}{colour}{what it is called}`: colours of leanblueprint's own drawing."""

    def invoke(self, tex: Any) -> list[Any]:
        kind, _, _ = (typed_argument(tex) for _ in range(3))
        if kind not in COLOURED:
            near = slips.alike(kind, COLOURED)
            hint = f"Did you mean `{near}`?" if near else f"They are: {', '.join(COLOURED)}."
            message = f"\\{self.nodeName} names `{kind}`, which is nothing that leanblueprint colours."
            tex.desk.remark("unknown-colour", "warning", message, hint)
        return []


class bpcolor(graphcolor):  # noqa: N801
    pass


class proof(Environment):  # type: ignore[misc]  # noqa: N801
    """For documents that load no amsthm."""

    blockType = True  # noqa: N815
    args = "[caption]"
    forcePars = True  # noqa: N815


ALIKE = {
    Flag: ("leanok", "notready", "mathlibok"),
    AnnotationWithLabels: ("uses", "proves", "alsoIn"),
    AnnotationWithArgument: ("lean", "discussion"),
    ProjectFact: ("home", "github", "dochome"),
}
OWN = (
    *(label, graphcolor, bpcolor, texorpdfstring, *dropped(bibliography=1)),
    *(type(name, (base,), {}) for base, names in ALIKE.items() for name in names),
)
OTHERS = (
    accents,
    boxes,
    preamble,
    files,
    generated,
    lists,
    packages,
    pictures,
    slips,
    theorems,
    definitions,
    delimiters,
    text,
    equations,
    sections,
    verbatim,
)


def macros() -> dict[str, Any]:
    """Every macro of ours that no package may replace, by the name it has in LaTeX."""
    every = (*OWN, *(macro for module in OTHERS for macro in module.MACROS))
    return {macroName(macro): macro for macro in every}
