"""Which row of the books is which node of the newest blueprint, and what nobody but a person can tell."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from blueprint.graph import Graph
from lean_project.findings import Findings
from lean_project.likeness import normal
from lean_project.renames import Identity, Matching, Why, identities, match
from server.records.nodes import Decision, Descent, NodeRow, Question
from server.records.projects import ProjectRow
from server.service.members import maintainers
from server.service.telling import tell
from server.store import Store
from server.work.sentences import typed
from server.work.suggestions import listing

IN_DOUBT, TAKEN_OVER = "in doubt", "taken over"


def match_nodes(store: Store, project: ProjectRow, findings: Findings, now: datetime) -> dict[str, NodeRow]:
    """Label -> row, for every node of the blueprint; rows follow their nodes through renames.

    A row that may be another node now is put aside with all that hangs on it, and the maintainers are asked.
    The caller holds the project's lock. Run twice, it does nothing the second time.
    """
    known = store.projects.nodes(project.id)
    found, old = _recognised(store, project, known, findings.graph), {row.label: row for row in known}
    rows = _brought_in_line(store, project, findings.graph, known, {p.new: old[p.old] for p in found.sure})
    _write_down_parts(store, project, findings.graph, [(old[p.old], rows[p.new]) for p in found.parts], now)
    new = set(found.new)
    asked = [
        (old[p.old], Question(old[p.old].id, rows[p.new].id, p.new in new, p.why, p.similarity))
        for p in found.unsure
    ]
    _ask(store, project, asked, now)
    close_moot(store, project, now)
    return rows


def _recognised(store: Store, project: ProjectRow, known: Iterable[NodeRow], graph: Graph) -> Matching:
    """First those who were there last time; then those who left before may have come back."""
    sources, replaced = store.matches.sources(project.id), store.matches.replaced(project.id)
    rows = {row.label: row for row in known if row.id not in replaced}
    past = {label: Identity(label, row.lean, normal(sources[row.id])) for label, row in rows.items()}
    present = {one.label: one for one in identities(graph)}
    first = match([one for label, one in past.items() if not rows[label].gone], present.values())
    stayed = {pair.old for pair in first.sure}
    rest = match(
        [one for label, one in past.items() if label not in stayed], [present[label] for label in first.new]
    )
    return _joined(first, rest, {label for label, row in rows.items() if row.gone})


def _joined(first: Matching, rest: Matching, gone: set[str]) -> Matching:
    """What both say: the second matching has a say only on those who had left before."""
    back = tuple(pair for pair in rest.sure if pair.old in gone)
    came = {pair.new for pair in back}
    unsure = [*first.unsure, *(pair for pair in rest.unsure if pair.old in gone)]
    return Matching(
        sure=first.sure + back,
        unsure=tuple(pair for pair in unsure if pair.new not in came),
        parts=first.parts + tuple(pair for pair in rest.parts if pair.old in gone),
        gone=rest.gone,
        new=tuple(label for label in first.new if label not in came),
    )


def _brought_in_line(
    store: Store, project: ProjectRow, graph: Graph, known: Iterable[NodeRow], rows: dict[str, NodeRow]
) -> dict[str, NodeRow]:
    """`rows`, with a new one for every other node, written as the blueprint has them."""
    present, kept = {node.id: node.lean for node in graph.nodes}, {row.id for row in rows.values()}
    taken = {*present, *(row.label for row in known)}
    for row in known:
        if row.id not in kept:
            label = former(row.label, row.id, taken) if row.label in present else row.label
            _write(store, row, replace(row, label=label, gone=True))
    _free_labels(store, rows, taken)
    for label, row in rows.items():
        rows[label] = _write(store, row, replace(row, label=label, lean=present[label], gone=False))
    new = [(label, lean) for label, lean in present.items() if label not in rows]
    rows |= {row.label: row for row in store.projects.add_nodes(project.id, new)}
    _write_sources(store, project, graph, rows)
    return rows


def former(label: str, node_id: int, taken: Container[str] = ()) -> str:
    """What a node is called that lost its label to another, and as nothing else is."""
    name = f"{label} (former {node_id})"
    while name in taken:
        name += "*"
    return name


def _free_labels(store: Store, rows: dict[str, NodeRow], taken: Container[str]) -> None:
    """Nodes may have exchanged their labels, of which no two may be equal even for a moment."""
    for label, row in rows.items():
        if row.label != label:
            rows[label] = _write(store, row, replace(row, label=former(label, row.id, taken)))


def _write(store: Store, old: NodeRow, new: NodeRow) -> NodeRow:
    if new != old:
        store.projects.set_node(new)
    return new


def _write_sources(store: Store, project: ProjectRow, graph: Graph, rows: Mapping[str, NodeRow]) -> None:
    now = {rows[node.id].id: node.statement.source for node in graph.nodes}
    before = store.matches.sources(project.id)
    store.matches.set_sources({id: text for id, text in now.items() if before[id] != text})


def _write_down_parts(
    store: Store, project: ProjectRow, graph: Graph, parts: Iterable[tuple[NodeRow, NodeRow]], now: datetime
) -> None:
    """A node that has Lean names of another descends from it; whoever held work there hears of it."""
    captions = {node.id: node.caption for node in graph.nodes}
    for old, new in parts:
        if store.matches.descend(project.id, old.id, new.id, Descent.PART, now):
            words = (
                f"{captions[new.label]} has Lean names now that `{old.label}` had; "
                "what was done there is shown here too."
            )
            store.log.record(project.id, TAKEN_OVER, words, now, node=new.label)
            for person_id in holders(store, project, old):
                tell(store, project, person_id, TAKEN_OVER, words, now, new.label)


def holders(store: Store, project: ProjectRow, node: NodeRow) -> tuple[int, ...]:
    """Who has a claim on a task of the node."""
    tasks = {task.id for task in store.tasks.of_project(project.id) if task.node_id == node.id}
    leases = [lease for lease in store.tasks.claims(project.id) if lease.task_id in tasks]
    return tuple(dict.fromkeys(member.person_id for lease in leases for member in lease.crew))


def _ask(
    store: Store, project: ProjectRow, questions: Iterable[tuple[NodeRow, Question]], now: datetime
) -> None:
    """Put what was not asked before into the queue; one word to each maintainer for all of it."""
    asked = store.matches.asked(project.id)
    new = [(old, one) for old, one in questions if (one.old_id, one.new_id) not in asked]
    store.matches.ask(project.id, [one for _, one in new], now)
    names = list(dict.fromkeys(f"`{old.label}`" for old, _ in new))
    if not names:
        return
    words = f"Nobody but a person can tell what became of {listing(names, len(names))}."
    store.log.record(project.id, IN_DOUBT, words, now)
    how = typed(f", or with `chantier renames --project {project.slug}`")
    hint = f"{words} Say it on the project's page{how}."
    for person in maintainers(store, project):
        tell(store, project, person.id, IN_DOUBT, hint, now, None)


def close_moot(store: Store, project: ProjectRow, now: datetime) -> None:
    """A doubt is over when the new node left, or the old one is back."""
    for doubt in store.matches.doubts(project.id):
        back = not doubt.old.gone and Why.PART not in doubt.why
        if doubt.new.gone or back:
            store.matches.decide(doubt.id, Decision.MOOT, None, now)
