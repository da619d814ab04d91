"""Mistakes in what `\\uses` and `\\proves` name."""

from __future__ import annotations

from collections.abc import Iterator

from blueprint.assembly import Assembly
from blueprint.draft import Note
from blueprint.graph import Graph, Problem
from blueprint.review.codes import problem
from blueprint.review.wording import HINTS, did_you_mean, shown, what_nodes_are


def unresolved(found: Assembly, graph: Graph) -> Iterator[Problem]:
    lost = [(note, label) for note, _, unknown in found.references for label in unknown]
    formalised = {name: node.id for node in reversed(graph.nodes) for name in node.lean}
    for index, (note, label) in enumerate(lost):
        if label in formalised:
            similar = f"That is the Lean name of `{formalised[label]}`; write this label."
        else:
            similar = did_you_mean(label, found.owners) if index < HINTS else ""
        yield problem(
            f"unresolved-{note.command}",
            f"\\{note.command} names `{label}`, but there is no such label.",
            similar or "Mend the name, or add the \\label.",
            shown(note.place),
            found.subject(note.owner),
            about=(label,),
        )


def to_no_node(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for note, label in _resolved(found):
        if found.node_of(label) is None:
            yield problem(
                "uses-no-node",
                f"\\{note.command} names `{label}`, which is no node of the graph.",
                what_nodes_are(found.draft.kinds),
                shown(note.place),
                found.subject(note.owner),
            )


def to_a_part(found: Assembly, graph: Graph) -> Iterator[Problem]:
    names = {label for node in graph.nodes for label in node.labels}
    for note, label in _resolved(found):
        node = found.node_of(label)
        if node is not None and label not in names:
            itself = node == found.subject(note.owner) and note.command == "uses"
            yield problem(
                "uses-part",
                f"\\{note.command} names `{label}`, which stands inside `{node}`"
                + (" itself; this is left out." if itself else "; it is taken for that node."),
                "Remove it from \\uses." if itself else f"Write `{node}`.",
                shown(note.place),
                found.subject(note.owner),
            )


def to_itself(found: Assembly, graph: Graph) -> Iterator[Problem]:
    names = {label for node in graph.nodes for label in node.labels}
    for note, label in _resolved(found):
        node = found.subject(note.owner)
        if note.command == "uses" and label in names and found.node_of(label) == node:
            yield problem(
                "uses-itself",
                f"`{node}` uses itself; this is left out.",
                "Remove it from \\uses.",
                shown(note.place),
                node,
            )


def _resolved(found: Assembly) -> Iterator[tuple[Note, str]]:
    for note, known, _ in found.references:
        for label in known:
            yield note, label
