"""tcolorbox: theorems in boxes, whose title and label are arguments, and boxes that are only decoration."""

from __future__ import annotations

from typing import Any

from plasTeX import Command

from blueprint.latex.arguments import (
    argument,
    beyond_leanblueprint,
    define,
    dropped,
    option,
    settings,
    tokens,
    typed_argument,
    typed_option,
)
from blueprint.latex.definitions import DefinedEnvironment, Parameter, signature
from blueprint.latex.theorems import Theorem, newtheorem


class BoxedTheorem(Theorem):
    """`\\begin{name}[options]{title}{label}`; the starred one has no label. A label gets the prefix."""

    prefix = ""

    def options(self, tex: Any) -> str:
        keys = settings(typed_option(tex) or "")
        title = argument(tex)
        label = typed_argument(tex) if self.counter else ""
        if title:
            tex.pushTokens([*tokens("[{", self.ownerDocument), *title, *tokens("}]", self.ownerDocument)])
        return keys.get("label") or (label and f"{self.prefix}:{label}")


class newtcbtheorem(newtheorem):  # noqa: N801
    """`\\newtcbtheorem[init]{name}{title}{options}{prefix}`, which makes `name` and `name*`."""

    base = BoxedTheorem

    @beyond_leanblueprint
    def invoke(self, tex: Any) -> list[Any]:
        keys = settings(typed_option(tex) or "")
        name, title, _, prefix = (typed_argument(tex) for _ in range(4))
        other = keys.get("use counter from")
        shared = keys.get("use counter", keys.get("use counter*")) or self.counter_of(other)
        caption = self.ownerDocument.createTextNode(title)
        self.make(name, caption, shared, keys.get("number within"), "no counter" in keys, prefix=prefix)
        self.make(f"{name}*", caption, None, None, "*", prefix=prefix, thmName=name)
        return []

    def counter_of(self, name: str | None) -> str | None:
        return getattr(self.ownerDocument.context[name], "counter", None) or name if name else None


class newtcolorbox(Command):  # type: ignore[misc]  # noqa: N801
    """`\\newtcolorbox[init]{name}[count][default]{options}`: an environment that is what is inside."""

    @beyond_leanblueprint
    def invoke(self, tex: Any) -> list[Any]:
        option(tex)
        name, count, default = typed_argument(tex), typed_option(tex) or "", typed_option(tex)
        argument(tex)
        plain = (Parameter("m"),) * min(int(count) if count.isdecimal() else 0, 9)
        parameters = plain if default is None else (Parameter("O", default=default), *plain[1:])
        define(self.ownerDocument, name, DefinedEnvironment, parameters=parameters)
        return []


class NewTColorBox(Command):  # type: ignore[misc]
    """`\\NewTColorBox[init]{name}{parameters}{options}`."""

    @beyond_leanblueprint
    def invoke(self, tex: Any) -> list[Any]:
        option(tex)
        name, parameters = typed_argument(tex), signature(typed_argument(tex))
        argument(tex)
        define(self.ownerDocument, name, DefinedEnvironment, parameters=parameters)
        return []


class newmdenv(Command):  # type: ignore[misc]  # noqa: N801
    """mdframed's `\\newmdenv[options]{name}`."""

    @beyond_leanblueprint
    def invoke(self, tex: Any) -> list[Any]:
        option(tex)
        define(self.ownerDocument, typed_argument(tex), DefinedEnvironment, parameters=(Parameter("o"),))
        return []


class tcolorbox(DefinedEnvironment):  # noqa: N801
    parameters = (Parameter("o"),)


# How boxes look.
DECORATIONS = {"tcbset": 1, "tcbuselibrary": 1, "tcolorboxenvironment": 2, "tcbsetforeverylayer": 1}
MACROS = (
    *(newtcbtheorem, newtcolorbox, NewTColorBox, newmdenv, tcolorbox),
    type("renewtcolorbox", (newtcolorbox,), {}),
    type("mdframed", (tcolorbox,), {}),
    *(type(name, (newtcbtheorem,), {}) for name in ("NewTcbTheorem", "renewtcbtheorem")),
    *(type(name, (NewTColorBox,), {}) for name in ("DeclareTColorBox", "RenewTColorBox")),
    *dropped(**DECORATIONS),
)
