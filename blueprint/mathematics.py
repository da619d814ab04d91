"""Mathematics for MathJax: the macros it needs, and nothing that does more than typeset."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from blueprint.graph import Macro

# What MathJax would turn into links, styles, attributes, or more of itself.
ACTIVE = re.compile(r"href|url|require|style|class|cssId|data|html[A-Za-z]*|bbox|mmlToken|unicode")
COMMAND = re.compile(rf"\\(?:{ACTIVE.pattern})(?![A-Za-z])")
CONTROL_WORD = re.compile(r"\\([A-Za-z]+)")


def inert(latex: str) -> str:
    """`latex` with every command that does more than typeset made into plain text."""
    return COMMAND.sub(r"\\text", latex)


def is_active(name: str) -> bool:
    """Whether the command `\\name` does more than typeset."""
    return ACTIVE.fullmatch(name) is not None


def needed(macros: tuple[Macro, ...], texts: Iterable[str]) -> tuple[Macro, ...]:
    """Those of `macros` that `texts` mention, and those that these mention in turn; all of them inert."""
    known = {macro.name: macro for macro in macros}
    wanted = {word for text in texts for word in CONTROL_WORD.findall(text)} & known.keys()
    fresh = set(wanted)
    while fresh:
        fresh = {word for name in fresh for word in _words(known[name])} & known.keys()
        fresh -= wanted
        wanted |= fresh
    return tuple(_harmless(macro) for macro in macros if macro.name in wanted)


def _words(macro: Macro) -> list[str]:
    return CONTROL_WORD.findall(f"{macro.body} {macro.default or ''}")


def _harmless(macro: Macro) -> Macro:
    default = None if macro.default is None else inert(macro.default)
    return replace(macro, body=inert(macro.body), default=default)
