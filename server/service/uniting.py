"""Two rows of the books that turned out to be one node: what hangs on both comes together on one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from server.records.nodes import NodeRow
from server.records.projects import ProjectRow
from server.records.tasks import ClaimRow, TaskRow
from server.service.matching import former
from server.service.telling import tell
from server.service.wording import until_words
from server.store import Store
from server.store.ledger import About
from server.work.agreement import AgreementEvent, Standing, Step
from server.work.ledger import Act
from server.work.sentences import mention
from server.work.standing import Contribution, fold
from server.work.tasks import Informal, Kind, Task, TaskEvent, What
from server.work.transitions import DONE, TRANSITIONS, State


def unite(store: Store, project: ProjectRow, kept: NodeRow, left: NodeRow, now: datetime) -> None:
    """Let `kept` stand for both, in the blueprint; what is append-only under `left` stays there.

    Tasks that only `left` has move; where both have one, the claim on it does, unless `kept` has one. The
    caller holds the project's lock, and writes the lineage down.
    """
    if not left.gone:
        _hand_over_label(store, project, kept, left)
        _credit_once(store, project, kept, left, now)
    tasks = [task for task in store.tasks.of_project(project.id) if task.node_id in (kept.id, left.id)]
    whole = (task for task in tasks if task.kind is not Informal.PIECE)
    own: dict[Kind, TaskRow] = {task.kind: task for task in whole if task.node_id == kept.id}
    for task in tasks:
        if task.node_id == left.id:
            parent = next((own.get(whole.kind) for whole in tasks if whole.id == task.parent_id), None)
            if task.kind in own:
                _put_together(store, project, own[task.kind], task, now, is_true=not left.gone)
            else:
                store.matches.move_task(task, kept.id, parent.id if parent else task.parent_id)
    for person_id in store.log.watchers(left.id):
        store.log.watch(kept.id, person_id, now)
    _carry_agreement(store, kept, left, now)


def _hand_over_label(store: Store, project: ProjectRow, kept: NodeRow, left: NodeRow) -> None:
    """The node that is in the blueprint goes under, and the other one is in the blueprint in its place."""
    taken = {row.label for row in store.projects.nodes(project.id)}
    store.projects.set_node(replace(left, label=former(left.label, left.id, taken), gone=True))
    store.projects.set_node(replace(left, id=kept.id))
    store.matches.set_sources({kept.id: store.matches.sources(project.id)[left.id]})


def _credit_once(store: Store, project: ProjectRow, kept: NodeRow, left: NodeRow, now: datetime) -> None:
    """What the check entered for `left` while nobody knew that it is `kept`, and for the same people before,
    does not count again."""
    line = store.matches.lines(project.id, [kept.id])[kept.id]
    found = fold(store.ledger.kept(project.id, About(nodes=(left.id, *line)))).values()
    known = {_work(one) for one in found if one.checked and one.kept.node_id in line}
    for one in (one for one in found if one.kept.node_id == left.id):
        if one.checked and one.held and _work(one) in known:
            number, entry = one.kept.number, one.kept.entry
            again = replace(entry, act=Act.REFUSED, about=number, by=None, at=now, evidence=())
            store.ledger.add(project.id, left.id, replace(again, method=None, tools=()))
            words = f"Credit {number} ({entry.kind}) was entered for {left.label} before, and counts once."
            store.log.record(project.id, "credit", words, now, node=left.label)
            tell(store, project, one.kept.person, "credit", words, now, left.label)


def _work(one: Contribution) -> tuple[int, str]:
    return one.kept.person, one.kept.entry.kind


def _put_together(
    store: Store, project: ProjectRow, kept: TaskRow, left: TaskRow, now: datetime, *, is_true: bool
) -> None:
    """Two tasks of a kind become one; `is_true`: what is done is as `left` has it."""
    before, lease = store.tasks.task(left.id), store.tasks.lease(left.id)
    if is_true and kept.formal:
        _bring_in_line(store, project, kept, left.state in DONE, now)
    if left.state is not State.SUPERSEDED:
        store.tasks.append(left.id, TaskEvent(What.SUPERSEDED, now))
    if lease:
        _carry_claim(store, project, kept, left, lease, now)
    for ask in (*before.requests, *before.waiting):
        words = f"{_one_task(left, kept)} What you asked about it does not stand any more; ask there."
        tell(store, project, ask.by, What.SUPERSEDED, words, now, kept.node)


def _one_task(left: TaskRow, kept: TaskRow) -> str:
    return f"{left.name} and {kept.name} are one task."


def _bring_in_line(store: Store, project: ProjectRow, task: TaskRow, done: bool, now: datetime) -> None:
    """Bring a task to where the check found the node; its holders hear it when that ends their claim."""
    lease, state = store.tasks.lease(task.id), task.state
    if state is State.SUPERSEDED:
        state = _state(store.tasks.append(task.id, TaskEvent(What.REOPENED, now)))
    if done != (state in DONE):
        store.tasks.append(task.id, TaskEvent(What.FINISHED if done else What.REGRESSED, now))
    words = f"{task.name} is done: it passed the check under another label. Your claim on it has ended."
    for member in lease.crew if lease and done else ():
        tell(store, project, member.person_id, What.FINISHED, words, now, task.node)


def _carry_claim(
    store: Store, project: ProjectRow, kept: TaskRow, left: TaskRow, lease: ClaimRow, now: datetime
) -> None:
    """The claim goes on where it can, for as long as it had, or waits; its holders hear of it in any case."""
    there = store.tasks.task(kept.id)
    state = _state(there)
    if (state, What.CLAIMED) in TRANSITIONS:
        until = until_words(_claim_anew(store, kept, lease, now))
        words = f"{_one_task(left, kept)} You hold it{until}."
    else:
        _queue(store, kept, lease, now)
        other = store.tasks.lease(kept.id)
        why = f"{mention(other.person_id)} has held it for longer" if other else f"it is {state}"
        words = f"{_one_task(left, kept)} Because {why}, your claim on {left.name} has ended."
    both = f"{_one_task(left, kept)} You hold it already, so your claim on {left.name} has ended."
    for member in lease.crew:
        said = both if member.person_id in there.crew else words
        tell(store, project, member.person_id, What.CLAIMED, said, now, kept.node)


def _claim_anew(store: Store, task: TaskRow, lease: ClaimRow, now: datetime) -> datetime | None:
    """The same people hold the task, the same one leads; when their lease ends."""
    stood_still = now - lease.paused if lease.paused else timedelta(0)
    expires = lease.expires + stood_still if lease.expires else None
    lead = lease.person_id
    store.tasks.append(task.id, TaskEvent(What.CLAIMED, now, lead, expires))
    for member in lease.crew:
        if member.person_id != lead:
            store.tasks.append(task.id, TaskEvent(What.INVITED, now, lead, other_id=member.person_id))
            store.tasks.append(task.id, TaskEvent(What.JOINED, now, member.person_id, other_id=lead))
    return expires


def _queue(store: Store, task: TaskRow, lease: ClaimRow, now: datetime) -> None:
    """They are told when the task is free, where it is somebody's."""
    known = store.tasks.task(task.id)
    there = {*known.crew, *(ask.by for ask in known.waiting)}
    for member in lease.crew:
        if member.person_id not in there and (known.state, What.QUEUED) in TRANSITIONS:
            store.tasks.append(task.id, TaskEvent(What.QUEUED, now, member.person_id))


def _state(task: Task) -> State:
    if task.state is None:
        raise ValueError("a task without events")
    return task.state


def _carry_agreement(store: Store, kept: NodeRow, left: NodeRow, now: datetime) -> None:
    """What was agreed about the one is agreed about the other, unless that has an agreement of its own.

    An agreement that does not fit the present statement is seen to have moved at the next sync.
    """
    here, there = store.agreements.of_node(kept.id), store.agreements.of_node(left.id)
    if there.agreed is None or there.standing is Standing.NONE:
        return
    if here.standing is Standing.NONE or not left.gone:
        agreed = there.agreed
        event = AgreementEvent(Step.AGREED, now, agreed.sha, agreed.prints, agreed.person_id)
        store.agreements.append(kept.id, event)
