"""What another page is told of one of ours that it links to: Open Graph's words, and oEmbed's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from blueprint.graph import Node
from blueprint.identity import remembered
from dashboards.legend import entry_of
from dashboards.progress import tally_of
from dashboards.texts import _
from dashboards.wording import plain_line, plain_math
from lean_project.status import NodeStatus


@dataclass(frozen=True, slots=True)
class Preview:
    """A page in two lines of plain text."""

    title: str
    text: str


@remembered(16)
def of_project(title: str, statuses: Mapping[str, NodeStatus]) -> Preview:
    return Preview(
        plain_line(title), _("%(tally)s, checked by Lean.", tally=tally_of(statuses.values()).words)
    )


def of_node(title: str, node: Node, status: NodeStatus) -> Preview:
    word = _(entry_of(status).word)
    return Preview(
        plain_line(plain_math(node.caption)),
        _("%(status)s. In %(project)s.", status=word, project=plain_line(title)),
    )


def oembed(card: Preview, address: str, base_url: str) -> dict[str, Any]:
    """A link, as oEmbed 1.0 calls what has no picture or player. `description` is our own addition."""
    return {
        "version": "1.0",
        "type": "link",
        "title": card.title,
        "description": card.text,
        "url": address,
        "provider_name": "Chantier",
        "provider_url": base_url,
        "cache_age": 3600,
    }
