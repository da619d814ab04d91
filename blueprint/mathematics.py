"""Which of a project's macros its mathematics needs, for MathJax."""

from __future__ import annotations

import re
from collections.abc import Iterable

from blueprint.graph import Macro

CONTROL_WORD = re.compile(r"\\([A-Za-z]+)")


def needed(macros: tuple[Macro, ...], texts: Iterable[str]) -> tuple[Macro, ...]:
    """Those of `macros` that `texts` mention, and those that these mention in turn."""
    known = {macro.name: macro for macro in macros}
    wanted = {word for text in texts for word in CONTROL_WORD.findall(text)} & known.keys()
    fresh = set(wanted)
    while fresh:
        fresh = {word for name in fresh for word in CONTROL_WORD.findall(known[name].body)} & known.keys()
        fresh -= wanted
        wanted |= fresh
    return tuple(macro for macro in macros if macro.name in wanted)
