"""The document's mathematics as MathJax wants it, between `\\(` `\\)` or `\\[` `\\]`."""

from __future__ import annotations

import re
from typing import Any

from blueprint.crossrefs import mark
from blueprint.latex.references import STYLES

INLINE = {"math", "ensuremath"}
PLAIN_DISPLAYS = {"displaymath", "equation"}
# Environments that TeX allows only outside a display, and those that it allows inside.
INSIDE_DISPLAY = {
    "align": "aligned",
    "flalign": "aligned",
    "falign": "aligned",
    "eqnarray": "aligned",
    "gather": "gathered",
    "multline": "gathered",
    "multiline": "gathered",
    "equation": "gathered",
    "alignat": "alignedat",
    "xalignat": "alignedat",
}
DISPLAY = "|".join(INSIDE_DISPLAY)
DISPLAY_ONLY = re.compile(rf"\\(begin|end)\{{({DISPLAY})\*?\}}")
WHOLE = re.compile(rf"\s*\\begin\{{({DISPLAY})(\*?)\}}(.*)\\end\{{\1\2\}}\s*", re.DOTALL)
SUBEQUATIONS = re.compile(r"\\(?:begin|end)\{subequations\}")
TAG = re.compile(r"\\tag\s*(\*?)\s*\{([^{}]*)\}")
ARGUMENT = r"\s*\{((?:[^{}]|\{[^{}]*\})*)\}"
LABEL = re.compile(rf"\\label{ARGUMENT}")
ROW_END = re.compile(r"(\\\\)")
DROPPED = re.compile(r"\\(?:qedhere|qed|nonumber|notag)(?![A-Za-z])\s?")
BEGIN_GROUP = re.compile(r"\\begin\{bgroup\}|\\bgroup(?![A-Za-z])")
END_GROUP = re.compile(r"\\end\{bgroup\}|\\egroup(?![A-Za-z])")
REFERENCE = re.compile(rf"\\({'|'.join(STYLES)})(?![A-Za-z])\*?{ARGUMENT}")
RANGE = re.compile(rf"\\([cC]refrange)\*?{ARGUMENT}{ARGUMENT}")


def mathematics(node: Any) -> str:
    """A mathematical DOM node, ready to be shown; references and numbers are marks."""
    if node.nodeName in INLINE:
        return rf"\({nested(LABEL.sub('', body(node)))}\)"
    if node.nodeName in PLAIN_DISPLAYS:
        return rf"\[{single(body(node), numbered=node.nodeName == 'equation')}\]"
    return rf"\[{display(readable(node.source))}\]"


def body(node: Any) -> str:
    return readable("".join(child.source for child in node.childNodes))


def readable(source: str) -> str:
    """Without what only a printed document needs, with references as marks."""
    source = REFERENCE.sub(_reference, RANGE.sub(_reference, SUBEQUATIONS.sub("", source)))
    return END_GROUP.sub("}", BEGIN_GROUP.sub("{", DROPPED.sub("", source)))


def single(source: str, *, numbered: bool) -> str:
    """A display with one number at most, the first label's."""
    label = LABEL.search(source)
    tag = _number(label) if label and numbered and not TAG.search(source) else ""
    return nested(LABEL.sub("", source)) + tag


def display(source: str) -> str:
    """A display environment, whose rows have numbers of their own where they have labels."""
    whole = WHOLE.fullmatch(source)
    if whole is None:
        return nested(LABEL.sub("", source))
    if whole[1] == "equation":
        return single(whole[3], numbered=not whole[2])
    pieces = [_row(piece, numbered=not whole[2]) for piece in ROW_END.split(whole[3])]
    content = DISPLAY_ONLY.sub(_inside, "".join(pieces))
    return rf"\begin{{{whole[1]}*}}{content}\end{{{whole[1]}*}}"


def nested(source: str) -> str:
    """Environments that may stand inside a display; their rows have tags as text."""
    if not DISPLAY_ONLY.search(source):
        return source.strip()
    inside = DISPLAY_ONLY.sub(_inside, source).strip()
    return TAG.sub(lambda match: rf"\qquad\text{{{match[2] if match[1] else f'({match[2]})'}}}", inside)


def _row(source: str, *, numbered: bool) -> str:
    label = LABEL.search(source)
    tag = _number(label) if label and numbered and not TAG.search(source) else ""
    return LABEL.sub("", source) + tag


def _inside(found: re.Match[str]) -> str:
    return f"\\{found[1]}{{{INSIDE_DISPLAY[found[2]]}}}"


def _number(label: re.Match[str]) -> str:
    return mark("tag", label[1], mathematics=True)


def _reference(found: re.Match[str]) -> str:
    return mark(STYLES[found[1]], *found.groups()[1:], mathematics=True)
