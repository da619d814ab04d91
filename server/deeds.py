"""What a command does: one service call each, for every door."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from blueprint.errors import UserError
from dashboards.snapshot import CreditView, TaskView
from server.commands import deeds
from server.commands.deeds import Crediting, Deed, Keeping, Reviewing, Together, Working
from server.commands.parser import verb_of
from server.commands.people import Me, Mentioned, Named, Who
from server.durations import moment
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import (
    agreement,
    assigning,
    claims,
    contributions,
    crews,
    informal,
    people,
    progress,
    reviewing,
    undoing,
    upkeep,
    waiting,
)
from server.service.claims import ClaimOutcome
from server.service.contributions import Assertion
from server.service.desk import TaskOutcome, look_up
from server.service.strangers import meant
from server.service.wording import task_name, yours
from server.store import Store
from server.work.leases import Size
from server.work.tasks import Informal, State

_BULLET = re.compile(r"\s*(?:[-*+]|[0-9]{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, where and when, within one transaction of the store."""

    store: Store
    project: ProjectRow
    person: Person
    now: datetime

    @property
    def place(self) -> tuple[Store, ProjectRow, Person]:
        return self.store, self.project, self.person

    @property
    def zone(self) -> ZoneInfo:
        return people.zone_of(self.person)


@dataclass(frozen=True, slots=True)
class Done:
    """What happened, in plain words to the person, and the task or the credit as it is now.

    `renewed` says of a claim that the person had it already, until `before`.
    """

    text: str
    changed: bool = True
    task: TaskView | None = None
    credit: CreditView | None = None
    renewed: bool = False
    before: datetime | None = None


def do(by: Actor, command: Deed) -> Done:
    """`UserError` where it cannot be done, with what to do instead."""
    done = _do(by, command)
    if done.changed:
        undoing.remember(*by.place, verb_of(command), _subject(command, done), done.task, by.now)
    return done


def _subject(command: Deed, done: Done) -> str:
    """What one would type for what it was done to."""
    if done.task:
        return done.task.label
    return str(done.credit.id) if done.credit else getattr(command, "ref", None) or ""


def _do(by: Actor, command: Deed) -> Done:
    if isinstance(command, Working):
        return _work(by, command)
    if isinstance(command, Reviewing):
        return _review(by, command)
    if isinstance(command, Together):
        return _together(by, command)
    if isinstance(command, Keeping):
        return _keep(by, command)
    return _credit(by, command)


def _work(by: Actor, command: Working) -> Done:
    match command:
        case deeds.Claim(ref, until, note):
            taken = claims.claim(*by.place, ref, until=moment(until, by.zone), now=by.now)
            _note(by, taken.task.label, note)
            return _claimed(by, taken)
        case deeds.Disclaim(ref, note):
            _note(by, ref, note)
            return _given_back(claims.disclaim(*by.place, ref, now=by.now).task)
        case deeds.Progress(ref, note):
            return _of(progress.progress(*by.place, ref, note, now=by.now))
        case deeds.Stuck(ref, note):
            return _of(progress.stuck(*by.place, ref, note, now=by.now))
        case deeds.Ack(ref):
            return _of(progress.acknowledge(*by.place, ref, now=by.now))
        case deeds.Snooze(ref, until):
            return _of(progress.snooze(*by.place, ref, until=moment(until, by.zone), now=by.now))


def _review(by: Actor, command: Reviewing) -> Done:
    match command:
        case deeds.Propose(ref, change, method, tools, note):
            found = ref if ref is not None else _only_task(by)
            outcome = reviewing.propose(*by.place, found, change or "", now=by.now)
            _note(by, outcome.task.label, note)
            return _disclosed(by, outcome, method, tools)
        case deeds.Withdraw(ref, change, note):
            found = ref if ref is not None else _task_with(by, change or "")
            outcome = reviewing.withdraw(*by.place, found, change, now=by.now)
            _note(by, outcome.task.label, note)
            return _of(outcome)
        case deeds.AwaitingReview(ref):
            return _of(reviewing.await_review(*by.place, ref, now=by.now))
        case deeds.AwaitingAuthor(ref, note):
            return _of(reviewing.await_author(*by.place, ref, note, now=by.now))


def _together(by: Actor, command: Together) -> Done:
    match command:
        case deeds.Join(ref):
            return _of(crews.join(*by.place, ref, now=by.now))
        case deeds.Invite(ref, who, note):
            return _noted(by, note, crews.invite(*by.place, ref, whom(by, who), now=by.now))
        case deeds.Handoff(ref, who, note):
            return _noted(by, note, crews.hand_over(*by.place, ref, whom(by, who), now=by.now))
        case deeds.Split(ref, note):
            return _of(informal.split(*by.place, ref, _pieces(note), now=by.now))
        case deeds.Accept(ref, who):
            return _of(crews.accept(*by.place, ref, _whom_if_any(by, who), now=by.now))
        case deeds.Decline(ref, who):
            return _of(crews.decline(*by.place, ref, _whom_if_any(by, who), now=by.now))
        case deeds.Wait(ref):
            return _of(waiting.wait(*by.place, ref, now=by.now))
        case deeds.Unwait(ref):
            return _of(waiting.unwait(*by.place, ref, now=by.now))


def _keep(by: Actor, command: Keeping) -> Done:
    match command:
        case deeds.Open(ref, kind, note):
            meant = Informal(kind) if kind else None
            return _of(informal.open_task(*by.place, ref, meant, note, now=by.now))
        case deeds.Assign(ref, who):
            return _of(assigning.assign(*by.place, ref, whom(by, who), now=by.now))
        case deeds.Unassign(ref, who, note):
            _refuse_unless_theirs(by, ref, who)
            return _of(assigning.unassign(*by.place, ref, note, now=by.now))
        case deeds.Hold(ref, note):
            return _of(upkeep.hold(*by.place, ref, note, now=by.now))
        case deeds.Unhold(ref):
            return _of(upkeep.unhold(*by.place, ref, now=by.now))
        case deeds.Resize(ref, size):
            return _of(upkeep.set_size(*by.place, ref, Size(size) if size else None, now=by.now))
        case deeds.Tag(ref, tags):
            return _of(upkeep.tag(*by.place, ref, tags, now=by.now))
        case deeds.Resolve(ref):
            return _of(informal.resolve(*by.place, ref, now=by.now))
        case deeds.Agree(ref):
            agreed = agreement.agree(*by.place, ref, now=by.now)
            return Done(agreed.text, agreed.changed)
        case deeds.Disagree(ref):
            agreed = agreement.withdraw(*by.place, ref, now=by.now)
            return Done(agreed.text, agreed.changed)


def _credit(by: Actor, command: Crediting) -> Done:
    match command:
        case deeds.Credit():
            outcome = contributions.add(*by.place, _assertion(by, command), now=by.now)
            return Done(f"{outcome.text} {_what_next(by, outcome.credit)}", credit=outcome.credit)
        case deeds.Disclose(ref, method, tools):
            return Done(contributions.disclose(*by.place, ref, method, tools, now=by.now))
        case deeds.Confirm(number):
            outcome = contributions.confirm(*by.place, number, now=by.now)
        case deeds.Refuse(number):
            outcome = contributions.refuse(*by.place, number, now=by.now)
        case deeds.Dispute(number, evidence):
            links = [_link(by, each) for each in evidence]
            outcome = contributions.dispute(*by.place, number, evidence=links, now=by.now)
    return Done(outcome.text, credit=outcome.credit)


def _of(outcome: TaskOutcome) -> Done:
    return Done(outcome.text, outcome.changed, outcome.task)


def _claimed(by: Actor, taken: ClaimOutcome) -> Done:
    whose = yours(taken.task, by.person.id, by.zone, renewed=taken.renewed, before=taken.before)
    text = f"{task_name(taken.task)} is {whose}."
    return Done(text, task=taken.task, renewed=taken.renewed, before=taken.before)


def _given_back(task: TaskView) -> Done:
    if task.claims:
        return Done(f"You gave back {task_name(task)}; others hold it still.", task=task)
    free = "free again" if task.is_free else "nobody's"
    now = "on hold, and nobody's" if task.state == State.HELD else free
    return Done(f"{task_name(task)} is {now}. Thank you for saying so.", task=task)


def _note(by: Actor, ref: str, note: str) -> None:
    """What somebody wrote below a command that itself keeps no note."""
    if note:
        progress.progress(*by.place, ref, note, now=by.now)


def _noted(by: Actor, note: str, outcome: TaskOutcome) -> Done:
    """With the note kept after the deed, which may be refused, and then nothing of it is to stay."""
    _note(by, outcome.task.label, note)
    return _of(outcome)


def _only_task(by: Actor) -> str:
    held = claims.mine(*by.place, by.now)
    if len(held) == 1:
        return held[0].label
    if not held:
        raise UserError("You hold no task that this could be for; `claim` it first.")
    names = " or ".join(f"`propose {task.label} #34`" for task in held[:3])
    raise UserError(f"You hold {len(held)} tasks; say for which one it is: {names}.")


def _task_with(by: Actor, change: str) -> str:
    """The task that the person proposed that change for."""
    address = reviewing.link_of(by.store, by.project, change)
    found = next((task for task in claims.mine(*by.place, by.now) if address in task.links), None)
    if found is None:
        raise UserError(f"You hold no task for which `{change}` is proposed; `mine` lists what you hold.")
    return found.label


def _disclosed(by: Actor, outcome: TaskOutcome, method: str | None, tools: tuple[str, ...]) -> Done:
    """Where they have not said yet how they work on the node, they are asked to."""
    if method is not None:
        told = contributions.disclose(*by.place, outcome.task.node, method, tools, now=by.now)
        return Done(f"{outcome.text} {told}", task=outcome.task)
    if contributions.has_disclosed(*by.place, outcome.task.node):
        return _of(outcome)
    how = f"`disclose {outcome.task.label} manual`, or `copilot`, `agent`, `autonomous` with the tools"
    return Done(f"{outcome.text} How was it made? {how}.", task=outcome.task)


def _refuse_unless_theirs(by: Actor, ref: str, who: Who | None) -> None:
    """A task that somebody else holds by now is not taken from them by mistake."""
    if who is None:
        return
    person, task = whom(by, who), look_up(*by.place, ref, by.now)
    concerned = {claim.person_id for claim in task.claims} | {ask.to_id for ask in task.requests}
    if person.id not in concerned:
        raise UserError(f"{person.name} does not hold {task_name(task)}.")


def _pieces(note: str) -> list[str]:
    """One a line, whatever list marks stand before them."""
    lines = (_BULLET.sub("", line, count=1) if _BULLET.match(line) else line for line in note.splitlines())
    return [line.strip() for line in lines if line.strip()]


def _assertion(by: Actor, command: deeds.Credit) -> Assertion:
    return Assertion(
        who=f"#{whom(by, command.who).id}",
        kind=command.kind,
        evidence=tuple(_link(by, each) for each in command.evidence),
        node=command.ref,
        degree=command.degree or "lead",
        method=command.method,
        tools=command.tools,
    )


def _what_next(by: Actor, credit: CreditView) -> str:
    whose = "somebody else" if credit.person_id == by.person.id else credit.person_name
    return f"It counts once {whose} says `confirm {credit.id}`."


def _link(by: Actor, piece: str) -> str:
    """`#34` as the address of the pull request, where the forge is known."""
    return reviewing.link_of(by.store, by.project, piece) if piece.startswith("#") else piece


def whom(by: Actor, who: Who) -> Person:
    """The person whom a command names. `UserError` where there is none, or more than one."""
    match who:
        case Me():
            return by.person
        case Named(name):
            return meant(by.store, by.person, name)
        case Mentioned(zulip_id):
            return people.known_in_chat(by.store, zulip_id)


def _whom_if_any(by: Actor, who: Who | None) -> Person | None:
    return None if who is None else whom(by, who)
