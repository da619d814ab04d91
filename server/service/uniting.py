"""Two rows of the books that turned out to be one node: what hangs on both comes together on one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from server.records import ClaimRow, NodeRow, ProjectRow, TaskRow
from server.service.matching import former
from server.service.telling import tell
from server.service.wording import until_words
from server.store import Store
from server.work.agreement import AgreementEvent, Standing, Step
from server.work.tasks import TRANSITIONS, State, TaskEvent, What


def unite(store: Store, project: ProjectRow, kept: NodeRow, left: NodeRow, now: datetime) -> None:
    """Let `kept` stand for both, in the blueprint; what is append-only under `left` stays there.

    Tasks that only `left` has move; where both have one, the claim on it does, unless `kept` has one. The
    caller holds the project's lock, and writes the lineage down.
    """
    if not left.gone:
        _hand_over_label(store, project, kept, left)
    tasks = [task for task in store.tasks.of_project(project.id) if task.node_id in (kept.id, left.id)]
    own = {task.kind: task for task in tasks if task.node_id == kept.id}
    for task in tasks:
        if task.node_id == left.id and task.kind in own:
            _put_together(store, project, own[task.kind], task, now, is_true=not left.gone)
        elif task.node_id == left.id:
            store.matches.move_task(task.id, kept.id)
    for person_id in store.log.watchers(left.id):
        store.log.watch(kept.id, person_id, now)
    _carry_agreement(store, kept, left, now)


def _hand_over_label(store: Store, project: ProjectRow, kept: NodeRow, left: NodeRow) -> None:
    """The node that is in the blueprint goes under, and the other one is in the blueprint in its place."""
    store.projects.set_node(replace(left, label=former(left.label, left.id), gone=True))
    store.projects.set_node(replace(left, id=kept.id))
    store.matches.set_sources({kept.id: store.matches.sources(project.id)[left.id]})


def _put_together(
    store: Store, project: ProjectRow, kept: TaskRow, left: TaskRow, now: datetime, *, is_true: bool
) -> None:
    """Two tasks of a kind become one; `is_true`: what is done is as `left` has it."""
    holder, lease = store.tasks.lease(kept.id), store.tasks.lease(left.id)
    state = _as_done(store, kept, left.state is State.VERIFIED, now) if is_true else kept.state
    if holder and state is State.VERIFIED:
        words = f"{kept.name} is done: it passed the check under another label. Your claim on it has ended."
        tell(store, project, holder.person_id, What.FINISHED, words, now, kept.node)
    if left.state is not State.SUPERSEDED:
        store.tasks.append(left.id, TaskEvent(What.SUPERSEDED, now))
    if lease:
        _carry_claim(store, project, kept, state, left, lease, now)


def _as_done(store: Store, task: TaskRow, done: bool, now: datetime) -> State:
    """Bring the task to where the check found it."""
    state = task.state
    if state is State.SUPERSEDED:
        state = store.tasks.append(task.id, TaskEvent(What.REOPENED, now)).state or state
    if done != (state is State.VERIFIED):
        what = What.FINISHED if done else What.REGRESSED
        state = store.tasks.append(task.id, TaskEvent(what, now)).state or state
    return state


def _carry_claim(
    store: Store,
    project: ProjectRow,
    kept: TaskRow,
    state: State,
    left: TaskRow,
    lease: ClaimRow,
    now: datetime,
) -> None:
    """The claim goes on where it can, for as long as it had; its holder hears of it in any case."""
    began = f"{left.name} and {kept.name} are one task."
    if (state, What.CLAIMED) in TRANSITIONS:
        stood_still = now - lease.paused if lease.paused else now - now
        expires = lease.expires + stood_still if lease.expires else None
        store.tasks.append(kept.id, TaskEvent(What.CLAIMED, now, lease.person_id, expires))
        words = f"{began} You hold it as {kept.name}{until_words(expires)}."
    else:
        other = store.tasks.lease(kept.id)
        why = f"{other.person_name} has held it for longer" if other else f"it is {state}"
        words = f"{began} Because {why}, your claim on {left.name} has ended."
    tell(store, project, lease.person_id, What.CLAIMED, words, now, kept.node)


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
