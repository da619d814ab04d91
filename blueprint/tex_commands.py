"""Where commands stand in raw LaTeX: what is commented out or verbatim holds none.

This is for pointing at text, not for understanding it: nothing is expanded.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

LONGEST = 10_000  # characters of an argument
FLAGS = ("leanok", "notready", "mathlibok")  # the commands without an argument
LITERAL = r"verbatim\*?|[BL]?Verbatim\*?|lstlisting|minted|comment|filecontents\*?"
TOKEN = re.compile(
    rf"\\begin\s*\{{(?P<literal>{LITERAL})\}}(?s:.*?)(?:\\end\{{(?P=literal)\}}|\Z)"
    r"|\\(?:verb\*?|lstinline)(?P<quote>[^a-zA-Z\s*])[^\r\n]*?(?:(?P=quote)|$)"
    r"|\\(?:url|nolinkurl|href|path)\s*\{[^{}\s]*\}"
    r"|\\(?P<name>[a-zA-Z@]+)\*?"
    r"|\\(?s:.)"
    r"|%[^\r\n]*",
    re.MULTILINE,
)
GAP = re.compile(r"(?:\s|%[^\r\n]*[\r\n])*")
BRACE = re.compile(r"\\(?s:.)|%[^\r\n]*|[{}]")


@dataclass(frozen=True, slots=True)
class Command:
    """`text[start:end]` is the command with its argument, `text[opening:closing]` the argument alone."""

    name: str
    start: int
    end: int
    opening: int
    closing: int


def bare(text: str) -> str:
    """`text` with a dot for every character of a command, a comment or anything verbatim."""
    return TOKEN.sub(lambda found: "." * len(found[0]), text)


def commands(text: str, names: Collection[str]) -> Iterator[Command]:
    """The commands of these names with their first argument in braces; those that lack it are left out."""
    for match in TOKEN.finditer(text):
        name = match["name"]
        if name not in names:
            continue
        if name in FLAGS:
            yield Command(name, match.start(), match.end(), match.end(), match.end())
        elif (argument := _argument(text, match.end())) is not None:
            yield Command(name, match.start(), argument[1] + 1, *argument)


def _argument(text: str, offset: int) -> tuple[int, int] | None:
    """Where the group that begins at `offset`, after blanks, has its contents."""
    gap = GAP.match(text, offset)
    opening = gap.end() if gap else offset
    if text[opening : opening + 1] != "{":
        return None
    depth = 0
    for brace in BRACE.finditer(text, opening, opening + LONGEST):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0 and brace[0] == "}":
            return opening + 1, brace.start()
    return None
