"""Other packages' ways to declare and to repeat theorems, each told in terms of `\\newtheorem`."""

from __future__ import annotations

import re
from typing import Any

from plasTeX import Command, Environment
from plasTeX.Tokenizer import Other

from blueprint.latex.arguments import (
    Made,
    beyond_leanblueprint,
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
KEYED = re.compile(r"\s*(?:name|title|heading|label|restate\*?|continues|style)\s*=")


class Theorem(Environment):  # type: ignore[misc]
    """What `\\newtheorem` makes; thmtools lets its option be `name=..., label=..., restate=...`."""

    args = "[title]"
    forcePars = True  # noqa: N815
    blockType = True  # noqa: N815

    def parse(self, tex: Any) -> Any:
        label = self.options(tex) if self.macroMode != self.MODE_END else ""
        found = super().parse(tex)
        if label:
            tex.pushTokens(tokens(f"\\label{{{label}}}", self.ownerDocument))
        return found

    def options(self, tex: Any) -> str:
        """Leave nothing but a title to be read, and give the label that is named."""
        given = option(tex)
        text = one_group(typed(given)) if given else ""
        keys = settings(text) if KEYED.match(text) else None
        if keys is not None:
            given = tokens(first(keys, TITLE), self.ownerDocument)
            for name in filter(None, (keys.get("restate"), keys.get("restate*"))):
                define(self.ownerDocument, name, Repetition)
        if given is not None:
            tex.pushTokens([Other("["), *given, Other("]")])
        return (keys or {}).get("label", "")


class newtheorem(Command):  # type: ignore[misc]  # noqa: N801
    args = "* name:str [ shared:str ] header [ parent:str ]"
    base = Theorem

    def invoke(self, tex: Any) -> list[Any]:
        self.parse(tex)
        given = self.attributes
        self.make(str(given["name"]), given["header"], given["shared"], given["parent"], given["*modifier*"])
        return []

    def make(self, name: str, title: Any, shared: Any, within: Any, star: Any, **more: Any) -> None:
        """The environment, and a counter unless it shares one or has none."""
        context = self.ownerDocument.context
        counter = None if star else str(shared or name)
        if counter == name and not shared:
            context.newcounter(name, initial=0, resetby=within)
            if within:
                context.newcommand(f"the{name}", 0, rf"\the{within}.\arabic{{{name}}}")
        members = {"nodeName": "thmenv", "thmName": name, "counter": counter, "caption": title, "style": None}
        context.addGlobal(name, type(name, (self.base,), {**members, **more}))


class declaretheorem(Command):  # type: ignore[misc]  # noqa: N801
    """thmtools' `\\declaretheorem[key=value, ...]{kind, ...}`."""

    @beyond_leanblueprint
    def invoke(self, tex: Any) -> list[Any]:
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


class newmdtheoremenv(Command):  # type: ignore[misc]  # noqa: N801
    """mdframed's and ntheorem's: `\\newtheorem` with a frame around it."""

    @beyond_leanblueprint
    def invoke(self, tex: Any) -> list[Any]:
        option(tex)
        return tokens("\\newtheorem", self.ownerDocument)


class newframedtheorem(newmdtheoremenv):  # noqa: N801
    pass


class newshadedtheorem(newmdtheoremenv):  # noqa: N801
    pass


class restatable(Command):  # type: ignore[misc]  # noqa: N801
    """thm-restate's `\\begin{restatable}[title]{kind}{macro}`: a theorem that `\\macro` says once more."""

    @beyond_leanblueprint
    def invoke(self, tex: Any) -> list[Any]:
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


def one_group(text: str) -> str:
    """`text` without braces around all of it."""
    return text.strip().removeprefix("{").removesuffix("}") if text.lstrip().startswith("{") else text


def first(keys: dict[str, str], names: tuple[str, ...]) -> str:
    return next((keys[name] for name in names if keys.get(name)), "")


MACROS = (
    *(newtheorem, declaretheorem, declaretheoremstyle, newmdtheoremenv, newframedtheorem, newshadedtheorem),
    *(restatable, RestatableStar),
)
