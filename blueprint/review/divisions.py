"""Mistakes where leanblueprint makes a graph for each chapter, and in what is called to another one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from blueprint import leanblueprint
from blueprint.assembly import Assembly
from blueprint.graph import Graph, Problem
from blueprint.names import listed
from blueprint.review.codes import problem
from blueprint.review.wording import did_you_mean, shown


def called_nowhere(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for note in found.draft.notes:
        for label in listed(note.argument) if note.command == "alsoIn" and note.owner is not None else ():
            wrong, hint = _wrong(found, label)
            if wrong:
                yield problem(
                    "also-in-nowhere",
                    f"\\alsoIn names `{label}`, {wrong}.",
                    hint,
                    shown(note.place),
                    found.subject(note.owner),
                )


def _wrong(found: Assembly, label: str) -> tuple[str, str]:
    """What is wrong with the label of a section, if anything, and a hint."""
    level = found.draft.dep_by
    if label not in found.names:
        similar = did_you_mean(label, found.sections)
        return "but there is no such label", similar or "Name the label of a section."
    if label not in found.sections:
        return "which is no section", "Name the label of a section."
    if level and label not in found.divisions:
        return f"but leanblueprint makes a graph for each {level} only", f"Name the label of a {level}."
    return "", ""


def in_no_graph(found: Assembly, graph: Graph) -> Iterator[Problem]:
    """Where no node is in any, that is said once."""
    level = found.draft.dep_by
    inside = set(chain.from_iterable(leanblueprint.divisions(found)))
    pairs = zip(found.ids, graph.nodes, strict=True) if level else ()
    outside = [node for key, node in pairs if key not in inside]
    hint = f"Put it into a {level}, or call it to the graph of one with \\alsoIn."
    for node in outside if inside else outside[:1]:
        stands = f"`{node.id}` stands in no {level}" if inside else f"No node stands in a {level}"
        yield problem(
            "in-no-graph",
            f"{stands}, and leanblueprint makes graphs of nothing else.",
            hint if inside else "Mend the package option `dep_by`, or leave it out.",
            node.statement.place,
            node.id,
        )
