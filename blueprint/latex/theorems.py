"""Other packages' ways to declare and to repeat theorems, each told in terms of `\\newtheorem`."""

from __future__ import annotations

from typing import Any

from plasTeX import Command

from blueprint.latex.arguments import (
    Beyond,
    Made,
    define,
    option,
    settings,
    star,
    tokens,
    typed,
    typed_argument,
    typed_option,
)

WITHIN = ("numberwithin", "parent", "within")
SIBLING = ("sibling", "numberlike", "sharenumber", "sharecounter")
TITLE = ("name", "title", "heading")


class declaretheorem(Beyond):  # noqa: N801
    """thmtools' `\\declaretheorem[key=value, ...]{kind, ...}`."""

    def carry_out(self, tex: Any) -> list[Any]:
        keys = settings(typed_option(tex) or "")
        kinds = [kind.strip() for kind in typed_argument(tex).split(",")]
        return tokens("".join(self.told(kind, keys) for kind in kinds if kind), self.ownerDocument)

    def told(self, kind: str, keys: dict[str, str]) -> str:
        title = first(keys, TITLE) or kind.capitalize()
        if keys.get("numbered") == "no":
            return f"\\newtheorem*{{{kind}}}{{{title}}}"
        sibling, within = first(keys, SIBLING), first(keys, WITHIN)
        if sibling:
            return f"\\newtheorem{{{kind}}}[{self.counter_of(sibling)}]{{{title}}}"
        return f"\\newtheorem{{{kind}}}{{{title}}}" + (f"[{within}]" if within else "")

    def counter_of(self, sibling: str) -> str:
        """A sibling may itself count with another."""
        return str(getattr(self.ownerDocument.context[sibling], "counter", None) or sibling)


class declaretheoremstyle(Command):  # type: ignore[misc]  # noqa: N801
    def invoke(self, tex: Any) -> list[Any]:
        option(tex)
        typed_argument(tex)
        return []


class newmdtheoremenv(Beyond):  # noqa: N801
    """mdframed's and ntheorem's: `\\newtheorem` with a frame around it."""

    def carry_out(self, tex: Any) -> list[Any]:
        option(tex)
        return tokens("\\newtheorem", self.ownerDocument)


class newframedtheorem(newmdtheoremenv):  # noqa: N801
    pass


class newshadedtheorem(newmdtheoremenv):  # noqa: N801
    pass


class restatable(Beyond):  # noqa: N801
    """thm-restate's `\\begin{restatable}[title]{kind}{macro}`: a theorem that `\\macro` says once more."""

    def carry_out(self, tex: Any) -> list[Any]:
        kinds: list[str] = self.ownerDocument.userdata.setdefault("restated", [])
        if self.macroMode == self.MODE_END:
            return tokens(f"\\end{{{kinds.pop()}}}", self.ownerDocument) if kinds else []
        title = option(tex)
        kinds.append(typed_argument(tex))
        define(self.ownerDocument, typed_argument(tex).lstrip("\\"), Repetition)
        head = f"\\begin{{{kinds[-1]}}}"
        return tokens(head + (f"[{{{typed(title)}}}]" if title else ""), self.ownerDocument)


class RestatableStar(restatable):
    macroName = "restatable*"  # noqa: N815


class Repetition(Made, Command):  # type: ignore[misc]
    """A theorem said once more is the same node, so it is left out."""

    def invoke(self, tex: Any) -> list[Any]:
        star(tex)
        return []


def first(keys: dict[str, str], names: tuple[str, ...]) -> str:
    return next((keys[name] for name in names if keys.get(name)), "")


MACROS = (
    *(declaretheorem, declaretheoremstyle, newmdtheoremenv, newframedtheorem, newshadedtheorem),
    *(restatable, RestatableStar),
)
