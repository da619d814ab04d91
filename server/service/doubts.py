"""The queue of doubts about which node is which, and what maintainers decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from blueprint.errors import UserError
from blueprint.graph import Node, nodes_by_id
from dashboards.viewing import Matched
from lean_project.findings import Findings
from lean_project.renames import Why
from server.records.nodes import Decision, Descent, Doubt, NodeRow, Question
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service.board import checked
from server.service.matching import close_moot, former, holders
from server.service.pausing import settle_pauses
from server.service.permission import require
from server.service.settlement import supersede_missing
from server.service.standing import settle_verified
from server.service.telling import tell, tell_free
from server.service.uniting import unite
from server.store import Store
from server.work.notices import DECIDED
from server.work.permissions import Action


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, in a sentence."""

    old: str
    new: str
    same: bool
    text: str


def queue(store: Store, project: ProjectRow) -> tuple[Matched, ...]:
    """What is to be decided, the nodes on whose claims somebody waits first."""
    doubts = store.matches.doubts(project.id)
    if not doubts:
        return ()
    nodes = nodes_by_id(checked(store, project).graph)
    sources, held = store.matches.sources(project.id), _held(store, project)
    shown = [
        _asked(doubt, nodes[doubt.new.label], sources[doubt.old.id], held.get(doubt.old.id, ()))
        for doubt in sorted(doubts, key=lambda one: (one.old.label, -one.similarity))
        if doubt.new.label in nodes
    ]
    return tuple(sorted(shown, key=lambda one: not one.waiting))


def count(store: Store, project: ProjectRow) -> int:
    """How many nodes there are of which nobody has said what became of them."""
    return len({doubt.old.id for doubt in store.matches.doubts(project.id)})


def same(store: Store, project: ProjectRow, person: Person, old: str, new: str, *, now: datetime) -> Decided:
    """The two are one node: tasks, claims, watches, agreements and credit of both are on the new label.

    Where the old one is still there itself, what the new one has of it is shown on the new one too.
    """
    person, doubt, findings = _begin(store, project, person, old, new)
    store.matches.decide(doubt.id, Decision.SAME, person.id, now)
    waited = {task.id for task in store.tasks.of_project(project.id) if task.node_id == doubt.old.id}
    if doubt.old.gone:
        kept, left = _roles(doubt)
        unite(store, project, kept, left, now)
        store.matches.descend(project.id, left.id, kept.id, Descent.SAME, now, person.id)
        _follow(store, project, kept, left, person, now)
    else:
        store.matches.descend(project.id, doubt.old.id, doubt.new.id, Descent.PART, now, person.id)
        words = f"`{doubt.new.label}` was cut out of `{doubt.old.label}`, on which you hold work."
        for person_id in holders(store, project, doubt.old):
            tell(store, project, person_id, DECIDED, words, now, doubt.new.label)
    done = _done(store, project, person, findings, doubt, Decision.SAME, now)
    for task in store.tasks.of_project(project.id) if doubt.old.gone else ():
        if task.id in waited:
            tell_free(store, project, task.id, task.name, task.node, now)
    return done


def different(
    store: Store, project: ProjectRow, person: Person, old: str, new: str, *, now: datetime
) -> Decided:
    """The two have nothing to do with each other. What hangs on a node that left is set aside, and kept."""
    person, doubt, findings = _begin(store, project, person, old, new)
    store.matches.decide(doubt.id, Decision.DIFFERENT, person.id, now)
    return _done(store, project, person, findings, doubt, Decision.DIFFERENT, now)


def _begin(
    store: Store, project: ProjectRow, person: Person, old: str, new: str
) -> tuple[Person, Doubt, Findings]:
    person = require(store, project, person, Action.DECIDE)
    store.projects.lock(project.id)
    return person, _find(store, project, old, new), checked(store, project)


def _find(store: Store, project: ProjectRow, old: str, new: str) -> Doubt:
    """The doubt about these labels; a node that lost its label goes by it all the same, if no other does."""
    doubts = [doubt for doubt in store.matches.doubts(project.id) if doubt.new.label == new]
    exact = [doubt for doubt in doubts if doubt.old.label == old]
    found = exact or [doubt for doubt in doubts if doubt.old.label.startswith(former(old, doubt.old.id))]
    if len(found) == 1:
        return found[0]
    raise UserError(
        f"Nobody is asked whether `{old[:80]}` is `{new[:80]}`; `chantier renames` lists what is to decide."
    )


def _roles(doubt: Doubt) -> tuple[NodeRow, NodeRow]:
    """Who goes on and who is shown under it: the old one goes on, unless the new one was there before."""
    return (doubt.old, doubt.new) if doubt.fresh else (doubt.new, doubt.old)


def _follow(
    store: Store, project: ProjectRow, kept: NodeRow, left: NodeRow, person: Person, now: datetime
) -> None:
    """What else was asked about the row that went under is asked about the one that stayed."""
    asked, again = store.matches.asked(project.id), []
    for doubt in store.matches.doubts(project.id):
        if left.id not in (doubt.old.id, doubt.new.id):
            continue
        store.matches.decide(doubt.id, Decision.MOOT, person.id, now)
        old, new = (kept.id if id == left.id else id for id in (doubt.old.id, doubt.new.id))
        still = doubt.new.id == left.id or Why.PART in doubt.why
        if still and old != new and (old, new) not in asked:
            again.append(Question(old, new, False, doubt.why, doubt.similarity))
    store.matches.ask(project.id, again, now)


def _done(
    store: Store,
    project: ProjectRow,
    person: Person,
    findings: Findings,
    doubt: Doubt,
    decision: Decision,
    now: datetime,
) -> Decided:
    """Write it down, let go of what waited for it, and say it."""
    close_moot(store, project, now)
    supersede_missing(store, project, findings, now)
    settle_verified(store, project, findings, now)
    settle_pauses(store, project, findings, now)
    caption = next(node.caption for node in findings.graph.nodes if node.id == doubt.new.label)
    words = _words(doubt, caption, decision)
    store.log.record(
        project.id, DECIDED, f"decided that {words}", now, node=doubt.new.label, person_id=person.id
    )
    return Decided(
        doubt.old.label, doubt.new.label, decision is Decision.SAME, f"{words[0].upper()}{words[1:]}."
    )


def _words(doubt: Doubt, caption: str, decision: Decision) -> str:
    if decision is Decision.DIFFERENT:
        return f"`{doubt.old.label}` and {caption} are not the same"
    return (
        f"`{doubt.old.label}` is {caption} now"
        if doubt.old.gone
        else f"{caption} comes from `{doubt.old.label}`"
    )


def _held(store: Store, project: ProjectRow) -> dict[int, tuple[str, ...]]:
    """By the id of a node, who holds tasks of it."""
    nodes = {task.id: task.node_id for task in store.tasks.of_project(project.id)}
    held: dict[int, tuple[str, ...]] = {}
    for lease in store.tasks.claims(project.id):
        node = nodes[lease.task_id]
        held[node] = (*held.get(node, ()), *(member.person_name for member in lease.crew))
    return held


def _asked(doubt: Doubt, node: Node, source: str, waiting: tuple[str, ...]) -> Matched:
    return Matched(
        old=doubt.old.label,
        new=doubt.new.label,
        caption=node.caption,
        gone=doubt.old.gone,
        why=_why(doubt),
        asked=doubt.asked,
        was=source,
        now=node.statement.source,
        waiting=waiting if doubt.old.gone else (),
    )


def _why(doubt: Doubt) -> str:
    """`the same Lean names; 62 % of the statement alike`"""
    percent = round(100 * doubt.similarity)
    if Why.PART in doubt.why:
        return f"{percent} % of the shorter statement is in the longer one"
    shared = [f"the same {why}" for why in doubt.why if why in (Why.LABEL, Why.LEAN, Why.TEXT)]
    alike = [] if Why.TEXT in doubt.why else [f"{percent} % of the statement alike"]
    return "; ".join([*shared, *alike])
