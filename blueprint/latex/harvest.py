"""What is wanted of a part of the document is taken as soon as the part is whole, and the rest let go.

So memory holds the part being read and the results, not a tree of every word; and what lies around a
part does not walk through it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plasTeX.DOM import Node

from blueprint.latex.html import encodable, html
from blueprint.latex.standing import is_environment, remember


def harvest(node: Any) -> None:
    """Take what a theorem, a proof or a section holds, once it is whole. Of the rest of a tree, nothing."""
    whole = is_environment(node) or Node.DOCUMENT_LEVEL < node.level < Node.ENDSECTIONS_LEVEL
    if not whole or not _is_outermost(node):
        return
    inside = list(environments(node))
    for environment in [node, *inside] if is_environment(node) else inside:
        take(environment)
    if is_environment(node):
        for environment in inside:
            remember(environment)
    _let_go(node)
    node.childNodes[:] = inside


def take(node: Any) -> None:
    """Note the content of a theorem or proof, where it has not been done."""
    if not hasattr(node, "content"):
        node.content = html(node)
        node.typed = encodable(node.childrenSource.strip())


def environments(node: Any) -> Iterator[Any]:
    """Theorems and proofs inside `node` in document order, without recursion."""
    stack = [iter(children(node))]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            continue
        if is_environment(child):
            yield child
        stack.append(iter(children(child)))


def children(node: Any) -> Iterator[Any]:
    """The child nodes of a DOM node, none for text."""
    yield from getattr(node, "childNodes", None) or ()


def _is_outermost(node: Any) -> bool:
    """Whether it stands in the document itself: not in another of its kind, nor in an argument."""
    around = node.parentNode
    while around is not None and around.nodeType != Node.DOCUMENT_NODE:
        if is_environment(around):
            return False
        around = around.parentNode
    return around is not None


def _let_go(node: Any) -> None:
    """Cut the ties below `node`, so that most of what nobody holds any more is freed at once."""
    waiting = [node]
    while waiting:
        element = waiting.pop()
        inside = getattr(element, "_dom_childNodes", None)
        if isinstance(inside, list):
            waiting += inside
            inside.clear()
        if getattr(element, "_dom_attributes", None) == {}:
            del element._dom_attributes  # which knows its element
