"""What time alone brings about: reminders, leases that run out, and questions that nobody answered."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from server.records.projects import ProjectRow
from server.records.tasks import ClaimRow, RequestRow, TaskRow
from server.service.hooks import KEPT
from server.service.members import maintainers
from server.service.people import get, zone_of
from server.service.policy import policy_of
from server.service.telling import tell, tell_free
from server.service.wording import until_words
from server.store import Store
from server.work.leases import Policy, lapses, reminder
from server.work.sentences import mention
from server.work.tasks import TaskEvent, What


def tend(store: Store, now: datetime) -> None:
    """Bring every project up to the present moment. To be called now and then; twice does no harm."""
    for project in store.projects.every():
        store.projects.lock(project.id)
        expire(store, project, now)
        remind(store, project, now)
    store.deliveries.forget(now - KEPT)
    store.verdicts.forget(now - KEPT)


def expire(store: Store, project: ProjectRow, now: datetime) -> None:
    """Write down, and tell those concerned, what is over; every change to a project begins so."""
    policy = policy_of(store, project)
    overdue = store.tasks.owing(project.id, now - timedelta(days=policy.review)) if policy.leases else ()
    tasks = store.tasks.by_ids({lease.task_id for lease in overdue})
    for lease in overdue:
        _give_up_waiting(store, project, lease, tasks[lease.task_id], policy, now)
    over = store.tasks.ending(project.id, now - timedelta(days=policy.grace)) if policy.leases else ()
    tasks = store.tasks.by_ids({lease.task_id for lease in over})
    for lease in over:
        _expire(store, project, lease, tasks[lease.task_id], policy, now)
    asked = store.tasks.lapsing(project.id, now)  # some went with those leases
    tasks = store.tasks.by_ids({ask.task_id for ask in asked})
    for ask in asked:
        _lapse(store, project, ask, tasks[ask.task_id], now)


def remind(store: Store, project: ProjectRow, now: datetime) -> None:
    """Tell the holders whose leases end soon, or have just ended, once for each."""
    policy = policy_of(store, project)
    ending = store.tasks.ending(project.id, now + timedelta(days=policy.notice))
    due = [lease for lease in ending if _is_due(policy, lease, now)]
    tasks = store.tasks.by_ids({lease.task_id for lease in due})
    for lease in due:
        task = tasks[lease.task_id]
        store.tasks.reminded(lease.id, now)
        for member in lease.crew:
            zone = zone_of(get(store, member.person_id))
            words = _reminder(policy, lease, task, now, zone)
            tell(store, project, member.person_id, "reminder", words, now, task.node)


def _is_due(policy: Policy, lease: ClaimRow, now: datetime) -> bool:
    asleep = lease.snoozed is not None and now < lease.snoozed
    return not asleep and reminder(policy, lease.since, lease.ends, lease.reminded, now) is not None


def _give_up_waiting(
    store: Store, project: ProjectRow, lease: ClaimRow, task: TaskRow, policy: Policy, now: datetime
) -> None:
    """The reviewers have not answered: the holders' clock goes on, and the maintainers hear why."""
    after = store.tasks.append(task.id, TaskEvent(What.UNANSWERED, now))
    until, crew = until_words(after.expires), [member.person_id for member in lease.crew]
    what = f"The review of {task.name} had no answer for {policy.review} days"
    for person_id in crew:
        words = f"{what}, so your clock goes on{until}; claim it again if you are still at it."
        tell(store, project, person_id, What.UNANSWERED, words, now, task.node)
    asked = (
        f"{what}, so the clock of {mention(lease.person_id)} goes on{until}. Say whose turn it is: "
        f"`awaiting-author #{task.number}` or `awaiting-review #{task.number}`."
    )
    for person in maintainers(store, project):
        if person.id not in crew:
            tell(store, project, person.id, What.UNANSWERED, asked, now, task.node)
    record = f"{what}; the clock of {mention(lease.person_id)} goes on{until}."
    store.log.record(project.id, What.UNANSWERED, record, now, node=task.node)


def _expire(
    store: Store, project: ProjectRow, lease: ClaimRow, task: TaskRow, policy: Policy, now: datetime
) -> None:
    moment = lapses(policy, lease.expires) or now
    store.tasks.append(task.id, TaskEvent(What.EXPIRED, moment, lease.person_id))
    words = f"Your claim on {task.name} ran out. Claim it again if you are still at it."
    record = f"held #{task.number} until it ran out"
    for member in lease.crew:
        tell(store, project, member.person_id, What.EXPIRED, words, now, task.node)
        store.log.record(project.id, What.EXPIRED, record, moment, node=task.node, person_id=member.person_id)
    tell_free(store, project, task.id, task.name, task.node, now)


def _lapse(store: Store, project: ProjectRow, ask: RequestRow, task: TaskRow, now: datetime) -> None:
    """Whoever asked hears of it; nobody else need do anything."""
    store.tasks.append(task.id, TaskEvent(What.LAPSED, now, ask.to_id, other_id=ask.by_id))
    answer = f"{mention(ask.to_id)} did not answer" if ask.to_id else "Nobody answered"
    words = f"{answer} in time what you asked about {task.name}, so it does not stand any more."
    tell(store, project, ask.by_id, What.LAPSED, words, now, task.node)
    tell_free(store, project, task.id, task.name, task.node, now)


def _reminder(policy: Policy, lease: ClaimRow, task: TaskRow, now: datetime, zone: tzinfo) -> str:
    if lease.expires and lease.expires <= now:
        kept = until_words(lapses(policy, lease.expires), zone)
        return f"Your claim on {task.name} has ended and is kept for you{kept}; claim it again to go on."
    return f"You hold {task.name}{until_words(lease.expires, zone)}; claim it again if you need longer."
