"""Lists whose items are marked as enumitem or the package enumerate has it: `(i)`, `(a)`, `Step 1.`"""

from __future__ import annotations

import re
from typing import Any

from plasTeX import Command
from plasTeX.Base.LaTeX.Lists import List

from blueprint.latex.arguments import define, settings, star, typed_argument, typed_option

COUNTER = re.compile(r"\\(arabic|roman|Roman|alph|Alph)\s*(?:\*|\{\w+\}|\w+)")
SHORT = re.compile(r"\{[^{}]*\}|[1aAiI]")  # in the package enumerate's patterns braces protect
PROTECTED = re.compile(r"\{[^{}]*\}")
SHORT_COUNTERS = {"1": "arabic", "a": "alph", "A": "Alph", "i": "roman", "I": "Roman"}
CONTROL = re.compile(r"\\[A-Za-z]+\s?|\\(?=[^A-Za-z])|[{}$]")
COUNT = "\ufdd0"
ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
MOST = 10_000


class Enumerated(List):  # type: ignore[misc]
    """`enumerate`, whose option says how items are marked and where counting begins."""

    macroName = "enumerate"  # noqa: N815
    listed = "enumerate"
    args = ""
    shape = ""
    count = 0

    def invoke(self, tex: Any) -> Any:
        stack: list[Enumerated] = self.ownerDocument.userdata.setdefault("enumerations", [])
        if self.macroMode == self.MODE_END:
            if stack:
                self.ownerDocument.userdata["last count"] = stack.pop().count
        else:
            self.shape, self.count = begun(typed_option(tex) or "", self._last)
            self.shape = self.shape or usual(self)
            stack.append(self)
        result = super().invoke(tex)
        if self.macroMode != self.MODE_END and self.count and counter(self):
            counter(self).setcounter(self.count)
        return result

    @property
    def _last(self) -> int:
        return int(self.ownerDocument.userdata.get("last count", 0))

    class item(List.item):  # type: ignore[misc]  # noqa: N801
        mark = ""  # as the list has it; empty where the usual one does

        def invoke(self, tex: Any) -> Any:
            result = super().invoke(tex)
            around = (self.ownerDocument.userdata.get("enumerations") or [None])[-1]
            if self.attributes.get("term") is not None:
                if counter(self):
                    counter(self).addtocounter(-1)
            elif around is not None:
                around.count = getattr(counter(self), "value", around.count + 1)
                self.count = around.count
                self.mark = marked(around.shape, around.count) if around.shape else self.named()
            return result

        def named(self) -> str:
            """What the project wants for a number, with `\\renewcommand{\\theenumi}{...}`."""
            number = str(getattr(getattr(self, "ref", None), "textContent", ""))
            return f"{number}." if List.depth == 1 and number not in ("", str(self.count)) else ""


class Itemized(List):  # type: ignore[misc]
    macroName = "itemize"  # noqa: N815

    def invoke(self, tex: Any) -> Any:
        if self.macroMode != self.MODE_END:
            typed_option(tex)
        return super().invoke(tex)


class Described(Itemized):
    macroName = "description"  # noqa: N815


def counter(node: Any) -> Any:
    """LaTeX's counter of the innermost list, if lists are not nested too deeply."""
    name = List.counters[List.depth - 1] if 0 < List.depth <= len(List.counters) else ""
    return node.ownerDocument.context.counters.get(name)


class newlist(Command):  # type: ignore[misc]  # noqa: N801
    """enumitem's `\\newlist{name}{kind}{depth}`."""

    def invoke(self, tex: Any) -> list[Any]:
        name, kind, _ = (typed_argument(tex) for _ in range(3))
        kind = kind.removesuffix("*")
        if kind in KINDS:
            define(self.ownerDocument, name, KINDS[kind], macroName=name, nodeName=kind, listed=name)
        return []


class setlist(Command):  # type: ignore[misc]  # noqa: N801
    """enumitem's `\\setlist[name, level]{label=...}`."""

    def invoke(self, tex: Any) -> list[Any]:
        star(tex)
        names, label = typed_option(tex) or "enumerate", settings(typed_argument(tex)).get("label")
        if label:
            known = self.ownerDocument.userdata.setdefault("list labels", {})
            known.update((name, label) for name in lists_named(names))
        return []


def lists_named(option: str) -> list[tuple[str, str]]:
    """The lists that `enumerate, 2` names, with the level or an empty one for all."""
    words = [word.strip() for word in option.split(",")]
    levels = [word for word in words if word.isdecimal()] or [""]
    return [(word, level) for word in words if not word.isdecimal() for level in levels]


def usual(node: Any) -> str:
    """How the project marks the items of such lists where nothing else is said."""
    known: dict[tuple[str, str], str] = node.ownerDocument.userdata.get("list labels", {})
    return known.get((node.listed, str(List.depth + 1)), known.get((node.listed, ""), ""))


def begun(option: str, last: int) -> tuple[str, int]:
    """How items are marked, with `\\roman*` and its kin for the number, and the count to begin after."""
    given = settings(option)
    start = given.get("start", "")
    before = int(start) - 1 if start.isdecimal() and len(start) < 5 else last if "resume" in given else 0
    words = re.search(r"[a-z]{3}", PROTECTED.sub("", option))  # settings such as `nosep`, not a pattern
    if "=" in option or words or not SHORT.search(option):
        return given.get("label", ""), before
    return _long(option), before


def marked(form: str, count: int) -> str:
    """`(iii)` for `(\\roman*)` and 3; empty where the form is no text, or has no number in it."""
    if not COUNTER.search(form):
        return ""
    shown = COUNTER.sub(lambda found: numeral(found[1], count), form)
    return " ".join(CONTROL.sub("", shown).split())


def numeral(style: str, count: int) -> str:
    if style == "arabic" or not 0 < count < MOST:
        return str(count)
    small = _letters(count) if style in ("alph", "Alph") else _roman(count)
    return small.upper() if style[0].isupper() else small


def _letters(count: int) -> str:
    return chr(ord("a") + count - 1) if count <= 26 else str(count)


def _roman(count: int) -> str:
    if count >= 40:
        return str(count)
    out = ""
    for value, sign in ROMAN:
        while count >= value:
            out, count = out + sign, count - value
    return out


def _long(pattern: str) -> str:
    """The pattern of the package enumerate, `(i)`, with the counter's name: `(\\roman*)`."""
    done = False

    def name(found: re.Match[str]) -> str:
        nonlocal done
        if done or found[0].startswith("{"):
            return found[0]
        done = True
        return rf"\{SHORT_COUNTERS[found[0]]}*"

    return SHORT.sub(name, pattern)


KINDS: dict[str, type] = {"enumerate": Enumerated, "itemize": Itemized, "description": Described}
MACROS = (*KINDS.values(), newlist, setlist)
