"""The document's mathematics as MathJax wants it, between `\\(` `\\)` or `\\[` `\\]`."""

from __future__ import annotations

import re
from typing import Any

INLINE = {"math", "ensuremath"}
PLAIN_DISPLAYS = {"displaymath", "equation", "equation*", "EquationStar"}
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
    "subequations": "gathered",
    "alignat": "alignedat",
    "xalignat": "alignedat",
}
DISPLAY_ONLY = re.compile(r"\\(begin|end)\{(" + "|".join(INSIDE_DISPLAY) + r")\*?\}")
TAG = re.compile(r"\\tag\s*(\*?)\s*\{([^{}]*)\}")
DROPPED = re.compile(r"\\label\s*\{[^{}]*\}|\\(?:qedhere|qed|nonumber|notag)(?![A-Za-z])\s?")
BEGIN_GROUP = re.compile(r"\\begin\{bgroup\}|\\bgroup(?![A-Za-z])")
END_GROUP = re.compile(r"\\end\{bgroup\}|\\egroup(?![A-Za-z])")
REFERENCE = re.compile(r"\\(eqref|ref)\s*\{([^{}]*)\}")


def mathematics(node: Any) -> str:
    """A mathematical DOM node, ready to be shown."""
    if node.nodeName in INLINE:
        return rf"\({bare(node)}\)"
    if node.nodeName in PLAIN_DISPLAYS:
        return rf"\[{bare(node)}{tag(node)}\]"
    return rf"\[{within_display(readable(node.source, node))}\]"


def number(node: Any) -> str:
    """What a reference to this node shows: `2.3`; empty when it has no number."""
    ref = getattr(node, "ref", None)
    return "" if ref is None else str(getattr(ref, "textContent", ref)).strip()


def bare(node: Any) -> str:
    source = readable("".join(child.source for child in node.childNodes), node)
    return within_display(source).strip() if DISPLAY_ONLY.search(source) else source.strip()


def tag(node: Any) -> str:
    shown = number(node) if node.nodeName == "equation" else ""
    return rf"\tag{{{shown}}}" if shown else ""


def readable(source: str, node: Any) -> str:
    """Without what only a printed document needs, with references as their numbers."""
    labels = node.ownerDocument.context.labels
    source = REFERENCE.sub(lambda match: _reference(match[1], labels.get(match[2].strip())), source)
    return END_GROUP.sub("}", BEGIN_GROUP.sub("{", DROPPED.sub("", source)))


def within_display(source: str) -> str:
    """Environments that may stand inside a display; their rows have tags as text."""
    inside = DISPLAY_ONLY.sub(lambda match: f"\\{match[1]}{{{INSIDE_DISPLAY[match[2]]}}}", source)
    return TAG.sub(lambda match: rf"\qquad\text{{{match[2] if match[1] else f'({match[2]})'}}}", inside)


def _reference(command: str, target: Any) -> str:
    shown = number(target) or "?"
    return rf"\text{{({shown})}}" if command == "eqref" else rf"\text{{{shown}}}"
