"""plasTeX's tree, mended where a deep one would never be done."""

from __future__ import annotations

from typing import Any

from plasTeX import Macro
from plasTeX.DOM import Node, Text

PARAGRAPHS = Macro.paragraphs


def normalize(self: Any, charsubs: Any = None) -> None:
    """Join neighbouring text and replace characters in it, in the arguments and inside.

    plasTeX's own visits the argument `self` twice, because it is at the same time what is inside: at each
    level anew, so `\\emph{\\emph{...}}` took twice as long with every level.
    """
    inside = self.childNodes if self.hasChildNodes() else None
    for key, value in (self.attributes or {}).items():
        if isinstance(value, Node) and value is not inside and key not in self.nonNormalizedAttrs:
            value.normalize(charsubs)
    if inside is not None:
        rejoin(self, list(inside), charsubs)


def rejoin(node: Any, inside: list[Any], charsubs: Any) -> None:
    parent = node.parentNode if node.nodeType == Node.DOCUMENT_FRAGMENT_NODE else node
    joined: list[Any] = []
    text: list[str] = []
    for item in inside:
        if item.nodeType == Node.TEXT_NODE:
            text.append(item)
            continue
        joined += _one(parent, text, charsubs)
        item.parentNode = parent
        joined.append(item)
        item.normalize(charsubs)
    joined += _one(parent, text, charsubs)
    _list(node)[:] = joined


def _one(parent: Any, text: list[str], charsubs: Any) -> list[Any]:
    """The pieces of text as one node, if there are any."""
    if not text:
        return []
    value = "".join(text)
    text.clear()
    for typed, meant in charsubs or ():
        value = value.replace(typed, meant)
    one = Text(value)
    one.ownerDocument = parent.ownerDocument
    one.parentNode = parent
    return [one]


def _list(node: Any) -> list[Any]:
    """Where the child nodes are kept: in an argument, perhaps, that is what is inside."""
    while not isinstance(node, list):
        node = node.childNodes
    return node


def paragraphs(self: Any, force: bool = True) -> None:
    """Group what is inside into paragraphs, the last thing done to an element, and say so."""
    PARAGRAPHS(self, force)
    self.ownerDocument.finished(self)


def mend() -> None:
    """Put ours in the place of plasTeX's, for this process."""
    Node.normalize = normalize
    Macro.paragraphs = paragraphs
