"""Where a theorem or proof stands. It is remembered before what lies around it is let go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from plasTeX.DOM import Node

THEOREM = "thmenv"
PROOF = "proof"


@dataclass(frozen=True, slots=True)
class Standing:
    """`inside` is the theorem or proof around it, if any; `container` that, or a section or list item, the
    nearest; `paragraphs` what its paragraph is one of, None where it stands in none of its own.
    """

    inside: Any
    container: Any
    paragraphs: Any


def standing(node: Any) -> Standing:
    """As it was remembered, or as it is now."""
    known: Standing | None = getattr(node, "standing", None)
    return known or Standing(_inside(node), _container(node), _paragraphs(node))


def remember(node: Any) -> None:
    node.standing = standing(node)


def is_environment(node: Any) -> bool:
    return node.nodeName in (THEOREM, PROOF)


def _inside(node: Any) -> Any:
    around = node.parentNode
    while around is not None and not is_environment(around):
        around = around.parentNode
    return around


def _container(node: Any) -> Any:
    around = node.parentNode
    while not _is_container(around) and around.parentNode is not None:
        around = around.parentNode
    return around


def _is_container(node: Any) -> bool:
    return is_environment(node) or node.nodeName == "item" or node.level < Node.ENDSECTIONS_LEVEL


def _paragraphs(node: Any) -> Any:
    paragraph = node.parentNode
    return paragraph.parentNode if paragraph.level == Node.PAR_LEVEL else None
