"""plasTeX's tree, mended where a deep one would never be done."""

from __future__ import annotations

from typing import Any

from plasTeX.DOM import Node


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
    while node.childNodes:
        node.childNodes.pop()
    text: list[Any] = []
    for item in inside:
        if item.nodeType == Node.TEXT_NODE:
            text.append(item)
            continue
        node.appendText(text, charsubs)
        node.appendChild(item)
        item.normalize(charsubs)
    node.appendText(text, charsubs)


def mend() -> None:
    """Put ours in the place of plasTeX's, for this process."""
    Node.normalize = normalize
