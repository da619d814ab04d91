"""The text of an environment, cut out of the file it stands in."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from blueprint.graph import Place

# Or a comment, or another pair of a backslash with what it means, which are passed over.
BEGIN_OR_END = r"\\(begin|end)\s*\{\s*(?:NAME)\s*\}|%[^\n]*|\\[\s\S]"


def cut(files: dict[str, str], place: Place, name: str) -> str | None:
    """The text between the `\\begin{name}` at `place` and its `\\end`; None when a macro made either.

    `files` maps names to texts. An optional title in brackets is left out.
    """
    found = span(files, place, name)
    if found is None:
        return None
    text, (begin, end) = files[place.file], found
    return text[_after_title(text, begin, end) : end].strip("\n").rstrip()


def span(files: dict[str, str], place: Place, name: str) -> tuple[int, int] | None:
    """The offsets between which that text and its title stand."""
    text = files.get(place.file, "")
    starts = line_starts(text)
    if place.line > len(starts):
        return None
    return _bodies(text, name).get(starts[place.line - 1] + place.column - 1)


def place_of(text: str, file: str, offset: int) -> Place:
    """Where a character of a file stands."""
    starts = line_starts(text)
    line = bisect_right(starts, offset)
    return Place(file, line, offset - starts[line - 1] + 1)


@lru_cache(maxsize=64)
def line_starts(text: str) -> tuple[int, ...]:
    """The offset at which each line begins."""
    return (0, *(match.end() for match in re.finditer("\n", text)))


@lru_cache(maxsize=64)
def _bodies(text: str, name: str) -> dict[int, tuple[int, int]]:
    """Offset of each `\\begin` that has an `\\end` -> the offsets between them."""
    bodies: dict[int, tuple[int, int]] = {}
    begun: list[re.Match[str]] = []
    for mark in re.finditer(BEGIN_OR_END.replace("NAME", re.escape(name)), text):
        if mark[1] == "begin":
            begun.append(mark)
        elif mark[1] and begun:
            begin = begun.pop()
            bodies[begin.start()] = (begin.end(), mark.start())
    return bodies


def _after_title(text: str, begin: int, end: int) -> int:
    """Where the text goes on after an optional argument in brackets."""
    opening = re.compile(r"\s*\[").match(text, begin, end)
    if opening is None:
        return begin
    depth = 0
    for found in re.compile(r"(?<!\\)[{}\]]").finditer(text, opening.end(), end):
        if found[0] == "]" and depth == 0:
            return found.end()
        depth += {"{": 1, "}": -1}.get(found[0], 0)
    return begin
