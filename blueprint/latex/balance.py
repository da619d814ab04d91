"""Braces and dollars of a theorem or a proof that lack their partner, told from the text as it was typed.

TeX stops at them; plasTeX reads on, and what follows may be lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from blueprint.draft import Remark
from blueprint.latex.raw import Raw
from blueprint.source_text import place_of
from blueprint.tex_commands import bare

SIGN = re.compile(r"[{}]|\$\$?|\n[ \t]*\n")
BEGUN = re.compile(r"\\begin\s*\{([^{}]+)\}")
OTHERWISE = re.compile(r"\\(?:lstinline|mintinline|catcode|iffalse)(?![a-zA-Z])")
WRONG = {
    "{": ("This { is never closed.", "Write the } that it lacks."),
    "}": ("This } closes nothing.", "Remove it, or write the { that it lacks."),
    "$": ("This $ is never closed in its paragraph.", "Write the $ that it lacks."),
}


def tell_unbalanced(document: Any, file: str, span: tuple[int, int]) -> None:
    """Of an environment that is written out in a file, once where one stands in another."""
    text = document.desk.sources.texts[file]
    inside = text[slice(*span)]
    for offset, sign in unbalanced(inside):
        if OTHERWISE.search(inside) or any(is_raw(document, name) for name in BEGUN.findall(inside)):
            return  # for some of them mean nothing
        remark = Remark("unbalanced", "warning", *WRONG[sign], place_of(text, file, span[0] + offset))
        if remark not in document.desk.remarks:
            document.desk.remarks.append(remark)


def is_raw(document: Any, name: str) -> bool:
    return name in document.context and issubclass(document.context[name], Raw)


def unbalanced(text: str) -> list[tuple[int, str]]:
    """Where a sign lacks its partner: one brace and one dollar at most, those to be mended first.

    Counting them comes first, since hardly any text needs more.
    """
    if text.count("{") == text.count("}") and not text.count("$") % 2 and not text.count("$$") % 2:
        return []
    signs = [(found.start(), found[0]) for found in SIGN.finditer(bare(text))]
    return [*brace(signs), *dollar(signs)]


def brace(signs: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The first that closes nothing, or that nothing closes."""
    opened: list[int] = []
    for offset, sign in signs:
        if sign == "{":
            opened.append(offset)
        elif sign == "}" and not opened:
            yield offset, sign
            return
        elif sign == "}":
            opened.pop()
    if opened:
        yield opened[0], "{"


def dollar(signs: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The first that no other follows in its paragraph. Two at once begin or end a display, or do both."""
    inline = display = None
    for offset, sign in signs:
        if sign == "$":
            inline = offset if inline is None else None
        elif sign == "$$" and inline is not None:
            inline = offset + 1
        elif sign == "$$":
            display = offset if display is None else None
        elif sign[0] == "\n" and (inline is not None or display is not None):
            break
    lone = inline if inline is not None else display
    if lone is not None:
        yield lone, "$"
