"""What a project is for: the nodes that it names as its goals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from blueprint.graph import Graph, Place, Problem


def with_goals(graph: Graph, labels: Iterable[str], place: Place) -> Graph:
    """The graph that knows its goals; a label of no node becomes a problem at `place`."""
    wanted = tuple(dict.fromkeys(labels))
    if not wanted:
        return graph
    named = {label: node.id for node in graph.nodes for label in (*node.labels, node.id)}
    goals = tuple(dict.fromkeys(named[label] for label in wanted if label in named))
    unknown = [label for label in wanted if label not in named]
    return replace(graph, goals=goals, problems=(*graph.problems, *_problems(unknown, named, place)))


def _problems(unknown: Iterable[str], named: Iterable[str], place: Place) -> Iterator[Problem]:
    # What compares words takes long to load, and hardly anyone needs it.
    from blueprint.review.codes import problem
    from blueprint.review.wording import did_you_mean

    for label in unknown:
        hint = did_you_mean(label, named) or "Give the label of a node, or leave it out."
        yield problem(
            "unknown-goal", f"The goal `{label}` is no label of a node.", hint, place, None, (label,)
        )
