"""Mathematics for MathJax: the macros it needs, and nothing that does more than typeset."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from blueprint.graph import Macro

# What MathJax would turn into links, styles, attributes, or more of itself.
ACTIVE = re.compile(
    r"\\(?:href|url|require|style|class|cssId|data|html[A-Za-z]*|bbox|mmlToken|unicode)(?![A-Za-z])"
)
CONTROL_WORD = re.compile(r"\\([A-Za-z]+)")


def inert(latex: str) -> str:
    """`latex` with every command that does more than typeset made into plain text."""
    return ACTIVE.sub(r"\\text", latex)


def needed(macros: tuple[Macro, ...], texts: Iterable[str]) -> tuple[Macro, ...]:
    """Those of `macros` that `texts` mention, and those that these mention in turn; all of them inert."""
    known = {macro.name: macro for macro in macros}
    wanted = {word for text in texts for word in CONTROL_WORD.findall(text)} & known.keys()
    fresh = set(wanted)
    while fresh:
        fresh = {word for name in fresh for word in CONTROL_WORD.findall(known[name].body)} & known.keys()
        fresh -= wanted
        wanted |= fresh
    return tuple(replace(macro, body=inert(macro.body)) for macro in macros if macro.name in wanted)
