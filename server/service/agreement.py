"""Agreeing on what a node states: a maintainer locks the fingerprint, and from then on a change is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from blueprint.errors import UserError
from blueprint.graph import Node, nodes_by_id
from lean_project.facts import Facts
from lean_project.findings import Findings
from lean_project.statement import Print, culprits, fingerprint, prints, with_meaning
from lean_project.status import Code, Reason, statuses
from lean_project.verdict import USABLE, judge
from server.records.nodes import NodeRow
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service.announcing import announce
from server.service.board import checked
from server.service.members import maintainers
from server.service.nodes import resolve
from server.service.pausing import settle_pauses
from server.service.permission import require
from server.service.standing import settle_verified
from server.service.telling import tell
from server.store import Store
from server.work.agreement import Agreement, AgreementEvent, Standing, Step, due
from server.work.changes import compare
from server.work.permissions import Action
from server.work.sentences import typed
from server.work.suggestions import listing

# A node left the blueprint that somebody had agreed on.
LEFT = "agreed node left"


@dataclass(frozen=True, slots=True)
class AgreementOutcome:
    """How the agreement on a node stands afterwards; `text` says what happened in a sentence."""

    node: str
    caption: str
    agreed: bool
    changed: bool
    text: str


@dataclass(frozen=True, slots=True)
class _Matter:
    """A node on the books, as the newest check knows it."""

    findings: Findings
    node: Node
    row: NodeRow
    sha: str
    now: tuple[Print, ...]
    before: Agreement


def agree(
    store: Store, project: ProjectRow, person: Person, ref: str, *, seen: str | None = None, now: datetime
) -> AgreementOutcome:
    """Lock the statement of a node as it stands. `UserError` where there is none, or it is not what was seen.

    `seen` is the `lean_project.statement.fingerprint` of the statement that the person looked at, where a
    door can tell: a commit that came in meanwhile is not agreed to by accident.
    """
    person, matter = _begin(store, project, person, ref)
    node = matter.node
    _refuse_unless_whole(matter)
    if seen is not None and seen != fingerprint(matter.now):
        raise UserError(f"The statement of {node.caption} changed since you looked at it; look at it again.")
    standing = matter.before.standing
    if standing is Standing.AGREED:
        return _outcome(node, True, False, f"The statement of {node.caption} is agreed upon already.")
    full = with_meaning(matter.now, matter.findings.facts)
    store.agreements.append(matter.row.id, AgreementEvent(Step.AGREED, now, matter.sha, full, person.id))
    again = " anew" if standing is Standing.DRIFTED else ""
    words = f"agreed{again} on the statement of {node.caption} at commit {matter.sha[:10]}"
    store.log.record(project.id, Step.AGREED, words, now, node=node.id, person_id=person.id)
    _restate(store, project, matter, now)
    return _outcome(node, True, True, f"The statement of {node.caption} is agreed upon{again}.")


def withdraw(
    store: Store, project: ProjectRow, person: Person, ref: str, *, now: datetime
) -> AgreementOutcome:
    """Lift an agreement. `UserError` where there is none."""
    person, matter = _begin(store, project, person, ref)
    node = matter.node
    if matter.before.standing is Standing.NONE:
        raise UserError(
            f"Nobody has agreed on the statement of {node.caption}, so there is nothing to withdraw."
        )
    store.agreements.append(
        matter.row.id, AgreementEvent(Step.WITHDRAWN, now, matter.sha, matter.now, person.id)
    )
    words = f"withdrew the agreement on the statement of {node.caption}"
    store.log.record(project.id, Step.WITHDRAWN, words, now, node=node.id, person_id=person.id)
    _restate(store, project, matter, now)
    return _outcome(node, False, True, f"The statement of {node.caption} is not agreed upon any more.")


def reviewed(
    store: Store,
    project: ProjectRow,
    findings: Findings,
    rows: Mapping[str, NodeRow],
    sha: str,
    now: datetime,
) -> Findings:
    """The findings at commit `sha`, held against what was agreed upon; `rows` are the nodes by label.

    What moved, returned or shifted since the last time is written down, and the maintainers are asked.
    """
    agreements, known = store.agreements.of_project(project.id), findings.facts.by_name()
    drifted: dict[str, Reason] = {}
    shifted: list[Node] = []
    for node in findings.graph.nodes:
        agreement = agreements.get(rows[node.id].id, Agreement())
        found = prints(node, known)
        if step := due(agreement, found):
            event = AgreementEvent(step, now, sha, found)
            agreement = store.agreements.append(rows[node.id].id, event)
            _tell_step(store, project, node, agreement, findings.facts, now)
            shifted += [node] if step is Step.SHIFTED else []
        if agreement.standing is Standing.DRIFTED:
            drifted[node.id] = _reason(node, agreement, findings.facts)
    _tell_shifted(store, project, shifted, findings.facts, now)
    return _with(findings, drifted) if drifted else findings


def tell_left(store: Store, project: ProjectRow, left: Collection[int], now: datetime) -> None:
    """An event for each of these nodes, which left the blueprint just now, if its statement was agreed upon;
    whoever agreed and the maintainers hear of it. What was agreed is kept, and comes back with the node."""
    rows = {row.id: row for row in store.projects.nodes(project.id) if row.id in left}
    agreements = store.agreements.of_project(project.id) if rows else {}
    for id, row in rows.items():
        agreement = agreements.get(id, Agreement())
        if agreement.standing is not Standing.NONE and agreement.agreed is not None:
            _tell_left(store, project, row, agreement.agreed.person_id, now)


def _tell_left(store: Store, project: ProjectRow, row: NodeRow, agreed_by: int | None, now: datetime) -> None:
    words = f"`{row.label}`, whose statement was agreed upon, left the blueprint."
    if row.id in store.matches.aside(project.id):
        words = f"{words[:-1]}, or is another node there now; a maintainer is asked which."
    store.log.record(project.id, LEFT, words, now, node=row.label)
    by = store.people.get(agreed_by) if agreed_by is not None else None
    asked = [person.id for person in maintainers(store, project)]
    for person_id in dict.fromkeys([*([by.id] if by else []), *asked]):
        tell(store, project, person_id, LEFT, words, now, row.label)


def _begin(store: Store, project: ProjectRow, person: Person, ref: str) -> tuple[Person, _Matter]:
    person = require(store, project, person, Action.AGREE)
    store.projects.lock(project.id)
    findings, label = checked(store, project), resolve(store, project, ref)
    row = next((row for row in store.projects.nodes(project.id) if row.label == label), None)
    commit = store.projects.newest_commit(project.id)
    if row is None or commit is None:
        raise UserError(f"`{label}` is not on the books yet; run `chantier sync` for {project.slug}.")
    node = next(node for node in findings.graph.nodes if node.id == label)
    found = prints(node, findings.facts.by_name())
    return person, _Matter(findings, node, row, commit.sha, found, store.agreements.of_node(row.id))


def _refuse_unless_whole(matter: _Matter) -> None:
    """Only what Lean states, without a `sorry` in it, can be agreed upon."""
    findings, node = matter.findings, matter.node
    verdict = judge(node, findings.facts.by_name(), findings.allowed).statement
    if verdict.formal not in USABLE or any(one.fingerprint is None for one in matter.now):
        why = f" {verdict.reasons[0].text}" if verdict.reasons else ""
        raise UserError(f"Lean has no complete statement of {node.caption} to agree upon.{why}")


def _restate(store: Store, project: ProjectRow, matter: _Matter, now: datetime) -> None:
    """What nodes are after an agreement or its end, written down as after a check."""
    before = matter.findings
    rows = {row.id: row.label for row in store.projects.nodes(project.id) if not row.gone}
    nodes = nodes_by_id(before.graph)
    drifted = {
        rows[id]: _reason(nodes[rows[id]], agreement, before.facts)
        for id, agreement in store.agreements.of_project(project.id).items()
        if agreement.standing is Standing.DRIFTED and rows.get(id) in nodes
    }
    after = _with(before, drifted)
    commit = store.projects.newest_commit(project.id)
    if after != before and commit is not None:
        store.projects.add_findings(commit.id, after, now)
        announce(store, project, compare(before, after), after, commit.id, now)
        settle_pauses(store, project, after, now)
        settle_verified(store, project, after, now)


def _with(findings: Findings, drifted: Mapping[str, Reason]) -> Findings:
    found = statuses(findings.graph, findings.facts, findings.allowed, drifted)
    return replace(findings, statuses=found)


def _reason(node: Node, agreement: Agreement, facts: Facts) -> Reason:
    """Why the statement is not the agreed one: what moved, between which commits, and where it stands."""
    moved = _moved(agreement, facts)
    fact = next((fact for name in moved if (fact := facts.by_name().get(name))), None)
    return Reason(
        Code.DRIFTED,
        f"The agreed statement of {node.caption} moved: {_sentence(agreement, moved)}.",
        moved[0] if moved else None,
        (),
        fact.file if fact else None,
        fact.line if fact else None,
    )


def _moved(agreement: Agreement, facts: Facts) -> tuple[str, ...]:
    if agreement.agreed is None or agreement.seen is None:
        return ()
    return culprits(agreement.agreed.prints, agreement.seen.prints, facts)


def _sentence(agreement: Agreement, moved: tuple[str, ...]) -> str:
    """`Num.Prime` is another at commit 12ab than at commit 34cd, where it was agreed upon"""
    before = agreement.agreed.sha[:10] if agreement.agreed else "?"
    after = agreement.seen.sha[:10] if agreement.seen else "?"
    names = listing([f"`{name}`" for name in moved], len(moved)) if moved else "it"
    verb = "are" if len(moved) > 1 else "is"
    return f"{names} {verb} not at commit {after} what was agreed upon at commit {before}"


def _tell_step(
    store: Store, project: ProjectRow, node: Node, agreement: Agreement, facts: Facts, now: datetime
) -> None:
    """An event, and a word to the maintainers, who are asked again or need not be any more."""
    if agreement.seen is None or agreement.seen.step is Step.SHIFTED:
        return
    if agreement.seen.step is Step.MOVED:
        words = _reason(node, agreement, facts).text
        asked = f"{words} Agree anew{typed(f' with `agree {node.id}`')}, or have it put back."
    else:
        words = asked = f"The statement of {node.caption} is again what was agreed upon."
    store.log.record(project.id, agreement.seen.step, words, now, node=node.id)
    for person in maintainers(store, project):
        tell(store, project, person.id, agreement.seen.step, asked, now, node.id)


def _tell_shifted(
    store: Store, project: ProjectRow, shifted: Iterable[Node], facts: Facts, now: datetime
) -> None:
    """One event for all: a new toolchain gives hundreds the same reason."""
    nodes = list(shifted)
    if not nodes:
        return
    names = listing([node.caption for node in nodes], len(nodes))
    words = (
        f"A dependency of what was agreed for {names} changed, the toolchain ({facts.toolchain} now) or a "
        "library; nobody changed it in this project."
    )
    store.log.record(project.id, Step.SHIFTED, words, now, node=nodes[0].id)


def _outcome(node: Node, agreed: bool, changed: bool, text: str) -> AgreementOutcome:
    return AgreementOutcome(node.id, node.caption, agreed, changed, text)
