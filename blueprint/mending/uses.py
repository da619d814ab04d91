"""`\\uses` brought in line with what is really used: labels written in, and taken out. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from blueprint.graph import Graph, Node, nodes_by_id
from blueprint.mending import lists
from blueprint.mending.edits import Edit, tidied
from blueprint.mending.sites import Site, sites

_NOTHING = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of a part of a node: the ids of nodes that its `\\uses` lacks, and of those it has for nothing."""

    lacking: tuple[str, ...] = ()
    needless: tuple[str, ...] = ()


def brought_in_line(
    graph: Graph, texts: Mapping[str, str], wanted: Mapping[tuple[str, str], Wanted]
) -> Iterator[tuple[str, tuple[Edit, ...]]]:
    """By node, the edits; `wanted` goes by node and part (`statement` or `proof`).

    A node without a label cannot be named in `\\uses`, and what a macro makes cannot be edited: both are
    left out.
    """
    nodes = nodes_by_id(graph)
    for node, here in sites(graph, texts):
        edits = [
            edit
            for site in here
            if (asked := wanted.get((node.id, site.side)))
            for edit in tidied(site.text, _edits(site, asked, nodes))
        ]
        if edits:
            yield node.id, tuple(edits)


def _edits(site: Site, asked: Wanted, nodes: Mapping[str, Node]) -> Iterator[Edit]:
    added = tuple(nodes[id].labels[-1] for id in asked.lacking if id in nodes and nodes[id].labels)
    gone = frozenset(label for id in asked.needless if id in nodes for label in nodes[id].labels)
    return lists.mended(site, "uses", lists.Change(_NOTHING, removed=gone, added=added))
