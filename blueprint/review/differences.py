"""Where leanblueprint's own flags of a node are others than ours, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict

from blueprint import leanblueprint
from blueprint.assembly import Assembly
from blueprint.graph import Flags, Graph, Node, Problem
from blueprint.review.codes import problem
from blueprint.review.wording import enumerated

Views = dict[str, Flags]


def differences(found: Assembly, graph: Graph, explained: Collection[str | None]) -> Iterator[Problem]:
    """What is told in any case, then the nodes that have no other problem: `explained` are those that do."""
    theirs = leanblueprint.flags(found)
    level = found.draft.dep_by
    undivided = leanblueprint.flags(found, divided=False) if level else theirs
    beyond = {node.id: used for node, used in _green_beyond(graph, theirs, undivided)}
    for node in graph.nodes:
        if node.id in beyond:
            yield _beyond(node, beyond[node.id], level)
    known = {*explained, *beyond}
    divided = {name for name in theirs if level and theirs[name] != undivided[name]}
    reason = f"because it makes a graph for each {level}, one after another"
    yield from _elsewhere(graph, theirs, known, dict.fromkeys(divided, reason))


def _green_beyond(graph: Graph, theirs: Views, undivided: Views) -> Iterator[tuple[Node, list[str]]]:
    """Nodes that are dark green only because a graph ends with its chapter, and what they use beyond."""
    for node in graph.nodes:
        whole = node.claimed.fully_proved or undivided[node.id].fully_proved
        if theirs[node.id].fully_proved and not whole:
            unfinished = [name for name in _used(node) if not theirs[name].fully_proved]
            if unfinished:
                yield node, unfinished


def _beyond(node: Node, unfinished: list[str], level: str) -> Problem:
    return problem(
        "false-dark-green",
        f"leanblueprint takes `{node.id}` for fully proved, but it rests on {enumerated(unfinished)} in "
        f"another {level}.",
        f"Finish what lies below; for leanblueprint a graph ends with its {level}.",
        node.statement.place,
        node.id,
    )


def _elsewhere(
    graph: Graph, theirs: Views, explained: Collection[str | None], reasons: dict[str, str]
) -> Iterator[Problem]:
    """Nodes of which nothing else is said, because of those below or else for one of the `reasons`.

    That it wants a proof of what is marked \\mathlibok is no news of a definition, and told of others."""
    differing = {node.id: _differing(node, theirs[node.id]) for node in graph.nodes}
    for node in graph.nodes:
        said = differing[node.id]
        if not said or node.id in explained or (node.mathlibok and said.keys() <= {"proved", "fully_proved"}):
            continue
        causes = [name for name in _used(node) if differing[name]]
        why = reasons.get(node.id, "by rules of its own")
        if causes:
            why = f"because of how it reads {enumerated(causes)}"
        mended = [name for name in causes if name in explained]
        words = ", ".join(f"{'not ' * (not holds)}{name.replace('_', ' ')}" for name, holds in said.items())
        yield problem(
            "says-otherwise",
            f"leanblueprint takes `{node.id}` for {words}, {why}.",
            f"Look at the problems of {enumerated(mended)}." if mended else "",
            node.statement.place,
            node.id,
        )


def _used(node: Node) -> dict[str, None]:
    return dict.fromkeys(node.statement.uses + (node.proof.uses if node.proof else ()))


def _differing(node: Node, theirs: Flags) -> dict[str, bool]:
    """The flags that leanblueprint gives the node otherwise than we do."""
    ours = asdict(node.claimed)
    return {name: holds for name, holds in asdict(theirs).items() if holds != ours[name]}
