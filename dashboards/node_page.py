"""What the page of a node says besides its statement: evidence, edges, and who and what is around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from blueprint.graph import Node, Place
from dashboards import links, relations
from dashboards.snapshot import EventView, Snapshot
from dashboards.texts import later
from lean_project.edges import Edge
from lean_project.facts import Fact


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of a node beside the snapshot.

    `workers`, `reviewers` and `helpers` are names; `ready` has what can begin once the node is done, each a
    kind of work with its node; `resting` counts what rests on it and is not verified, `goals` are among that.
    `topic` is the address of its topic in the chat, `branch` the one that is checked, `checked` when it was.
    `history` is a page of what happened before the event of the number `before`, newest first; further ones
    are before the number `older`, if there are any.
    `proposals` has by the number of a task its pull requests: each an address, and what the forge told of it.
    """

    workers: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    helpers: tuple[str, ...] = ()
    ready: tuple[tuple[str, Node], ...] = ()
    resting: int = 0
    goals: tuple[Node, ...] = ()
    topic: str | None = None
    branch: str | None = None
    checked: datetime | None = None
    history: tuple[EventView, ...] | None = None
    before: int | None = None
    older: int | None = None
    proposals: Mapping[int, Sequence[tuple[str, str]]] = field(default_factory=dict)


ALONE = Surroundings()


@dataclass(frozen=True, slots=True)
class Dependency:
    """One node that another uses: in which parts its `\\uses` says so, in which Lean does, and what follows.

    `verdict` is a key of `VERDICTS`; `edge` explains a difference, and `source` leads to its place.
    """

    used: str
    declared: tuple[str, ...]
    real: tuple[str, ...]
    verdict: str
    edge: Edge | None = None
    source: str | None = None


VERDICTS: Mapping[str, tuple[str, str]] = {
    "both": (later("Agree"), later("The blueprint says so, and Lean does so.")),
    "missing": (later("Missing"), later("Lean uses it, and no \\uses says so, nor a chain of them.")),
    "implied": (later("Implied"), later("Lean uses it, and a chain of \\uses says so already.")),
    "superfluous": (later("Superfluous"), later("The blueprint says so, and Lean never gets there.")),
    "declared": (
        later("Declared"),
        later("The blueprint says so; Lean gets there through others, or not yet."),
    ),
}


def dependencies(snapshot: Snapshot, node: Node) -> list[Dependency]:
    """Every node that this one uses, by its own word or by Lean's, those that differ first."""
    edges, said = snapshot.statuses[node.id].edges, relations.uses(node)
    missing = {edge.used: edge for edge in edges.missing}
    superfluous = {edge.used: edge for edge in edges.superfluous}
    found = []
    for used in dict.fromkeys((*missing, *superfluous, *said, *edges.statement, *edges.proof)):
        parts = (("statement", edges.statement), ("proof", edges.proof))
        real = tuple(name for name, reached in parts if used in reached)
        edge = missing.get(used) or superfluous.get(used)
        verdict = _verdict(used in missing, used in superfluous, used in said, bool(real))
        source = place_link(snapshot, edge.file, edge.line) if edge and edge.file else None
        found.append(Dependency(used, tuple(said.get(used, ())), real, verdict, edge, source))
    return found


def _verdict(missing: bool, superfluous: bool, declared: bool, real: bool) -> str:
    if missing or superfluous:
        return "missing" if missing else "superfluous"
    if real:
        return "both" if declared else "implied"
    return "declared"


def steps(snapshot: Snapshot, id: str, facts: Mapping[str, Fact]) -> dict[str, str]:
    """Where the declarations on the blame paths of a node can be read, as far as that is known."""
    status = snapshot.statuses[id]
    names = dict.fromkeys(name for reason in status.reasons for name in reason.path)
    found = {name: source(snapshot, facts.get(name)) for name in names}
    return {name: address for name, address in found.items() if address}


def source(snapshot: Snapshot, fact: Fact | None) -> str | None:
    """The lines of a declaration of the project."""
    if fact is None or fact.file is None or fact.line is None:
        return None
    place = Place(fact.file, fact.line)
    return links.source_link(snapshot.repository_url, snapshot.commit.sha, place, fact.end_line)


def place_link(snapshot: Snapshot, file: str, line: int | None) -> str | None:
    """A line of a file of the project; the first where none is known."""
    return links.source_link(snapshot.repository_url, snapshot.commit.sha, Place(file, line or 1))


def docs(snapshot: Snapshot, fact: Fact | None, name: str) -> str | None:
    """Where doc-gen4 tells of it: Lean's and Mathlib's own pages for what is upstream."""
    if fact is None:
        return None
    return links.docs_link(links.LIBRARY_DOCS if fact.upstream else snapshot.graph.dochome, name)


def happened(snapshot: Snapshot, id: str, around: Surroundings) -> Sequence[EventView]:
    """A page of the node's history; where none was read, what the snapshot has of it."""
    if around.history is not None:
        return around.history
    return [event for event in snapshot.events if event.node in snapshot.names(id)]
