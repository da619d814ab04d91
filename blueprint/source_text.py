"""The text of an environment, cut out of the file it stands in."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache

from blueprint.graph import Place

# `\begin` and the name in braces may stand on two lines; the parser is behind the second.
LOOK_BACK = 1

Mark = tuple[int, bool, int]  # offset, is it a \begin, offset of what follows


@dataclass(slots=True)
class Scissors:
    """Cuts environments out of `files` (name -> text), each place once, in document order."""

    files: dict[str, str]
    taken: set[tuple[str, int]] = field(default_factory=set)

    def cut(self, place: Place, name: str) -> tuple[Place, str | None]:
        """Where `\\begin{name}` really stands, and the text up to its `\\end`; None when a macro made it.

        `place` is where the parser was when it had read the `\\begin`.
        """
        text = self.files.get(place.file, "")
        marks = _marks(text, name)
        begin = self._begin(text, marks, place)
        if begin is None:
            return place, None
        self.taken.add((place.file, begin[0]))
        end = _matching(marks, begin)
        body = None if end is None else text[_after_title(text, begin[2]) : end].strip("\n").rstrip()
        return Place(place.file, _line(text, begin[0])), body

    def _begin(self, text: str, marks: tuple[Mark, ...], place: Place) -> Mark | None:
        for mark in reversed(marks):
            line = _line(text, mark[0])
            if line < place.line - LOOK_BACK:
                return None
            if mark[1] and line <= place.line and (place.file, mark[0]) not in self.taken:
                return mark
        return None


@lru_cache(maxsize=64)
def _marks(text: str, name: str) -> tuple[Mark, ...]:
    pattern = re.compile(r"\\(begin|end)\s*\{\s*" + re.escape(name) + r"\s*\}")
    return tuple(
        (match.start(), match.group(1) == "begin", match.end())
        for match in pattern.finditer(text)
        if not _commented(text, match.start())
    )


def _commented(text: str, offset: int) -> bool:
    start = text.rfind("\n", 0, offset) + 1
    return re.search(r"(?<!\\)(?:\\\\)*%", text[start:offset]) is not None


def _after_title(text: str, offset: int) -> int:
    """Where the text goes on after an optional argument in brackets."""
    opening = re.compile(r"\s*\[").match(text, offset)
    if opening is None:
        return offset
    depth = 0
    for found in re.compile(r"(?<!\\)[{}\]]").finditer(text, opening.end()):
        if found[0] == "]" and depth == 0:
            return found.end()
        depth += {"{": 1, "}": -1}.get(found[0], 0)
    return offset


def _matching(marks: tuple[Mark, ...], begin: Mark) -> int | None:
    depth = 0
    for offset, opens, _ in marks:
        if offset < begin[0]:
            continue
        depth += 1 if opens else -1
        if depth == 0:
            return offset
    return None


@lru_cache(maxsize=64)
def _lines(text: str) -> tuple[int, ...]:
    return (0, *(match.end() for match in re.finditer("\n", text)))


def _line(text: str, offset: int) -> int:
    return bisect_right(_lines(text), offset)
