"""Exact changes of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

BLANKS = " \t"
CONTROL_WORD = re.compile(r"\\[a-zA-Z@]+\Z")


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` takes the place of the characters from `start` up to `end` of a file; none removes a command."""

    file: str
    start: int
    end: int
    text: str


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text of one file after its edits. Raises `ValueError` when two of them overlap."""
    pieces: list[str] = []
    last = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < last:
            raise ValueError(f"two edits overlap at {edit.file}:{edit.start}")
        pieces += [text[last : edit.start], edit.text]
        last = edit.end
    return "".join([*pieces, text[last:]])


def tidied(text: str, edits: Iterable[Edit]) -> Iterator[Edit]:
    """The edits of one file, in which what is removed takes with it the blanks that would be left over."""
    every = list(edits)
    gone = sorted((edit.start, edit.end) for edit in every if not edit.text)
    yield from (edit for edit in every if edit.text)
    for start, end in _joined(text, gone):
        yield _removal(every[0].file, text, start, end)


def _removal(file: str, text: str, start: int, end: int) -> Edit:
    """A line that held nothing else goes whole; two words never grow together."""
    line = text.rfind("\n", 0, start) + 1
    after = _skipped(text, end)
    if text.startswith("\n", after):
        before = text[line:start].rstrip(BLANKS)
        return Edit(file, line + len(before), after, "") if before else Edit(file, line, after + 1, "")
    if text[start - 1 : start] in ("", "\n", *BLANKS):
        return Edit(file, start, after, "")
    glued = CONTROL_WORD.search(text, max(0, start - 100), start) and text[end : end + 1].isalpha()
    return Edit(file, start, end, " " if glued else "")


def _joined(text: str, ranges: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Ranges with nothing but blanks between them become one."""
    current: tuple[int, int] | None = None
    for start, end in ranges:
        if current is not None and _skipped(text, current[1]) >= start:
            current = (current[0], end)
            continue
        if current is not None:
            yield current
        current = (start, end)
    if current is not None:
        yield current


def _skipped(text: str, offset: int) -> int:
    while text[offset : offset + 1] and text[offset] in BLANKS:
        offset += 1
    return offset
