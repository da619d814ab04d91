"""Which node of a blueprint is which node of an earlier one, whatever its label is now. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from blueprint.graph import Graph


def same(old: Mapping[str, tuple[str, ...]], new: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """New label -> old label of the same node, for every node that was there before.

    Both mappings give the Lean names of each label. A node is the same when it shares Lean names that no
    other node has, with one node only; where Lean names say nothing, when it has the same label.
    """
    present, past = _owners(new), _owners(old)
    pairs = {(present[name], past[name]) for name in present if present[name] and past.get(name)}
    fresh, stale = Counter(pair[0] for pair in pairs), Counter(pair[1] for pair in pairs)
    by_name = {a: b for a, b in pairs if fresh[a] == stale[b] == 1}
    followed = set(by_name.values())
    by_label = {a: a for a in new if a in old and a not in by_name and a not in followed}
    return by_name | by_label


def _owners(labels: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Lean name -> the label that has it; "" where several do."""
    owners: dict[str, str] = {}
    for label, names in labels.items():
        for name in names:
            owners[name] = "" if name in owners else label
    return owners


def names(graph: Graph) -> dict[str, tuple[str, ...]]:
    """The Lean names of each node."""
    return {node.id: node.lean for node in graph.nodes}
