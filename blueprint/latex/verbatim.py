"""Text that is not TeX, and text that is left out."""

from __future__ import annotations

from typing import Any

from plasTeX import Command
from plasTeX.Base.LaTeX.Verbatim import verb

from blueprint.latex.arguments import (
    Made,
    argument,
    beyond_leanblueprint,
    define,
    group_follows,
    next_is,
    option,
    typed,
    typed_argument,
    typed_option,
)
from blueprint.latex.definitions import DefinedEnvironment
from blueprint.latex.raw import Raw


class Listing(Made, Raw):
    """A verbatim environment of the project.

    Options are read only where they follow at once: what comes on the next line is no TeX any more.
    """

    def parse(self, tex: Any) -> dict[str, Any]:
        if self.macroMode != self.MODE_END and next_is(tex, "["):
            option(tex)
        return {}


LISTINGS = ("Verbatim", "BVerbatim", "LVerbatim", "lstlisting")


class minted(Listing):  # noqa: N801
    def parse(self, tex: Any) -> dict[str, Any]:
        found = super().parse(tex)
        if self.macroMode != self.MODE_END:
            typed_argument(tex)
        return found


class InlineCode(verb):  # type: ignore[misc]
    """Between braces too, which plasTeX would take for any two equal signs."""

    def invoke(self, tex: Any) -> Any:
        option(tex)
        if group_follows(tex):
            return tex.textTokens(typed(argument(tex)))
        return super().invoke(tex)


class lstinline(InlineCode):  # noqa: N801
    pass


class mintinline(InlineCode):  # noqa: N801
    def invoke(self, tex: Any) -> Any:
        option(tex)
        typed_argument(tex)
        return super().invoke(tex)


class newminted(Command):  # type: ignore[misc]  # noqa: N801
    """`\\newminted[name]{language}{options}`; without a name the environment is called `languagecode`."""

    @beyond_leanblueprint
    def invoke(self, tex: Any) -> list[Any]:
        name = typed_option(tex)
        language = typed_argument(tex)
        argument(tex)
        name = name or f"{language}code"
        define(self.ownerDocument, name, Listing)
        return []


class lstnewenvironment(Command):  # type: ignore[misc]  # noqa: N801
    @beyond_leanblueprint
    def invoke(self, tex: Any) -> list[Any]:
        name = typed_argument(tex)
        for read in (option, option, argument, argument):
            read(tex)
        define(self.ownerDocument, name, Listing)
        return []


class DefineVerbatimEnvironment(Command):  # type: ignore[misc]
    """fancyvrb's `\\DefineVerbatimEnvironment{name}{like}{options}`."""

    def invoke(self, tex: Any) -> list[Any]:
        name, _, _ = typed_argument(tex), argument(tex), argument(tex)
        define(self.ownerDocument, name, Listing)
        return []


class Ended(Command):  # type: ignore[misc]
    """`\\endverbatim`, with which an environment of the project ends what was over before."""

    def invoke(self, tex: Any) -> list[Any]:
        return []


class LeftOut(Made, Raw):
    def invoke(self, tex: Any) -> list[Any]:
        super().invoke(tex)
        return []


class excludecomment(Command):  # type: ignore[misc]  # noqa: N801
    """`\\excludecomment{name}`: environments of that name are left out."""

    @beyond_leanblueprint
    def invoke(self, tex: Any) -> list[Any]:
        name = typed_argument(tex)
        define(self.ownerDocument, name, LeftOut)
        return []


class Transparent(Made, Command):  # type: ignore[misc]
    """An environment that is nothing but what is inside."""

    def invoke(self, tex: Any) -> list[Any]:
        return []


class specialcomment(Command):  # type: ignore[misc]  # noqa: N801
    """`\\specialcomment{name}{before}{after}`: an environment with something around it."""

    def invoke(self, tex: Any) -> list[Any]:
        name, before, after = typed_argument(tex), argument(tex), argument(tex)
        define(self.ownerDocument, name, DefinedEnvironment, begin=tuple(before), end=tuple(after))
        return []


class includecomment(Command):  # type: ignore[misc]  # noqa: N801
    """`\\includecomment{name}`: environments of that name are read."""

    def invoke(self, tex: Any) -> list[Any]:
        name = typed_argument(tex)
        define(self.ownerDocument, name, Transparent)
        return []


VERBATIM = {
    **dict.fromkeys(("verbatim", "verbatim*"), Raw),
    **dict.fromkeys(LISTINGS, Listing),
    "comment": LeftOut,
}
MACROS = (
    *(type(name, (base,), {"macroName": name}) for name, base in VERBATIM.items()),
    *(type(f"end{name}", (Ended,), {"macroName": f"end{name}"}) for name in VERBATIM),
    *(minted, mintinline, lstinline, newminted, lstnewenvironment),
    *(DefineVerbatimEnvironment, excludecomment, includecomment, specialcomment),
)
