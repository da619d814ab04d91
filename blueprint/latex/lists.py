"""Lists whose items are marked as enumitem or the package enumerate has it: `(i)`, `(a)`, `Step 1.`"""

from __future__ import annotations

import re
from typing import Any

from plasTeX.Base.LaTeX.Lists import List

from blueprint.latex.arguments import settings, typed_option

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
            if around is not None and self.attributes.get("term") is None:
                around.count = getattr(counter(self), "value", around.count + 1)
                self.count = around.count
                self.mark = marked(around.shape, around.count)
            return result


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


MACROS = (Enumerated, Itemized, Described)
