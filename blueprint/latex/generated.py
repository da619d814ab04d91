"""LeanArchitect's macros: nodes that were generated from the Lean sources and are called by name.

The generated files define them with `\\newleannode` and `\\newleanmodule`; the author's text calls them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from plasTeX import Command
from plasTeX.Tokenizer import EscapeSequence

from blueprint.latex.arguments import Made, argument, define, tokens, typed_argument

HINT = "Run `lake build :blueprint` in the project: it writes the generated text to .lake/build/blueprint."


@dataclass(slots=True)
class Generated:
    """What the generated files hold: the text of each node and of each module."""

    desk: Any
    nodes: dict[str, list[Any]] = field(default_factory=dict)
    modules: dict[str, list[Any]] = field(default_factory=dict)
    absent: bool = False

    def missing(self, name: str) -> None:
        """A generated file is not there. Said once: nothing that would be in it can be found either."""
        if not self.absent:
            message = f"{name} is generated from the Lean sources and is not there, so its nodes are missing."
            self.desk.remark("generated-missing", "error", message, HINT)
        self.absent = True

    def unknown(self, macro: str, name: str) -> None:
        if not self.absent:
            message = f"\\{macro}{{{name}}} names nothing that was generated from the Lean sources."
            hint = "Mend the name or tag the declaration with @[blueprint], then `lake build :blueprint`."
            self.desk.remark("generated-missing", "error", message, hint)


def generated(tex: Any) -> Generated:
    """What the document has of it so far."""
    found: Generated = tex.ownerDocument.userdata.setdefault("generated", Generated(tex.desk))
    return found


class newleannode(Command):  # type: ignore[misc]  # noqa: N801
    def invoke(self, tex: Any) -> list[Any]:
        name = typed_argument(tex)
        generated(tex).nodes[name] = argument(tex)
        define(self.ownerDocument, "leancode", leancode)
        return []


class newleanmodule(Command):  # type: ignore[misc]  # noqa: N801
    def invoke(self, tex: Any) -> list[Any]:
        name = typed_argument(tex)
        generated(tex).modules[name] = argument(tex)
        return []


class Called(Command):  # type: ignore[misc]
    """The end of what a name stood for."""

    macroName = "@called"  # noqa: N815

    def invoke(self, tex: Any) -> list[Any]:
        self.ownerDocument.userdata["called"].pop()
        return []


class inputleannode(Command):  # type: ignore[misc]  # noqa: N801
    def known(self, found: Generated) -> dict[str, list[Any]]:
        return found.nodes

    def invoke(self, tex: Any) -> list[Any]:
        name, found = typed_argument(tex), generated(tex)
        called = self.ownerDocument.userdata.setdefault("called", [])
        if name in called:
            message = f"\\{self.nodeName}{{{name}}} calls itself, so it is left out here."
            tex.desk.remark("generated-missing", "error", message, HINT)
            return []
        if name not in self.known(found):
            found.unknown(self.nodeName, name)
        called.append(name)
        return [*self.known(found).get(name, ()), EscapeSequence(Called.macroName)]


class inputleanmodule(inputleannode):  # noqa: N801
    def known(self, found: Generated) -> dict[str, list[Any]]:
        return found.modules


class leancode(Made, Command):  # type: ignore[misc]  # noqa: N801
    """A Lean name in running text: a reference where it is a generated node."""

    def invoke(self, tex: Any) -> list[Any]:
        name = argument(tex)
        label = "".join(map(str, name))
        macro = "ref" if label in generated(tex).nodes else "texttt"
        return [*tokens(f"\\{macro}{{", self.ownerDocument), *name, *tokens("}", self.ownerDocument)]


MACROS = (newleannode, newleanmodule, inputleannode, inputleanmodule, Called)
