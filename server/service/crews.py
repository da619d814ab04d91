"""Working on one task together: joining, inviting, handing over, and answering what one was asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from blueprint.errors import UserError
from dashboards.snapshot import RequestView, TaskView
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service import people
from server.service.board import load
from server.service.caps import refuse_over_cap
from server.service.claims import claim, refuse_unless_assigned, renewed_until
from server.service.desk import Desk, TaskOutcome, holders, holds, sit_down, sit_down_as_holder
from server.service.permission import require, role_of
from server.service.wording import until_words
from server.store import Store
from server.work.leases import answer_by
from server.work.permissions import Action, Role, allows
from server.work.sentences import typed
from server.work.tasks import What

_ASKING = {
    What.OFFERED: "to take",
    What.INVITED: "to share",
    What.HANDING_OVER: "to take over",
    What.ASKED: "to let them share",
}


def join(store: Store, project: ProjectRow, person: Person, ref: str, *, now: datetime) -> TaskOutcome:
    """Ask those who hold a task to be one of them; any of them accepts or declines."""
    desk = sit_down(store, project, person, ref, now, Action.JOIN)
    refuse_unless_assigned(desk.board)
    if desk.holds:
        raise UserError(f"You hold {desk.name} already.")
    if not desk.task.claims:
        raise UserError(f"Nobody holds {desk.name}; `claim {desk.task.label}` takes it.")
    if invitation := _asked_of(desk, desk.person.id, What.INVITED):
        return _share(desk, invitation)
    refuse_over_cap(store, desk.board, desk.person)
    desk.write(What.ASKED, f"asked to join in {desk.name}", expires=answer_by(desk.board.policy, now))
    me, label = desk.person, desk.task.label
    words = f"{me.mention} would like to share {desk.name} with you{_answers(label)}."
    desk.tell(desk.crew, What.ASKED, words)
    return desk.outcome(f"{holders(desk.task)} {desk.name}; I have asked whether you can join.")


def invite(
    store: Store, project: ProjectRow, person: Person, ref: str, guest: Person, *, now: datetime
) -> TaskOutcome:
    """Ask somebody to hold the task with you."""
    return _ask(store, project, person, ref, guest, What.INVITED, now)


def hand_over(
    store: Store, project: ProjectRow, person: Person, ref: str, heir: Person, *, now: datetime
) -> TaskOutcome:
    """Ask somebody to take your place; you hold the task until they accept."""
    return _ask(store, project, person, ref, heir, What.HANDING_OVER, now)


def accept(
    store: Store, project: ProjectRow, person: Person, ref: str, whose: Person | None = None, *, now: datetime
) -> TaskOutcome:
    """Say yes to what one was asked about a task; `whose` request, where there are several."""
    desk = sit_down(store, project, person, ref, now, Action.ACCEPT)
    ask = _question(desk, whose)
    if ask.kind == What.OFFERED:
        task = claim(store, project, person, desk.task.label, until=None, now=now).task
        return TaskOutcome(task, f"{desk.name} is yours{until_words(task.claims[0].expires, desk.zone)}.")
    if ask.kind == What.HANDING_OVER:
        return _take_over(desk, ask)
    return _share(desk, ask)


def decline(
    store: Store, project: ProjectRow, person: Person, ref: str, whose: Person | None = None, *, now: datetime
) -> TaskOutcome:
    """Say no to what one was asked about a task; that leaves no stain either."""
    desk = sit_down(store, project, person, ref, now, Action.DECLINE)
    ask = _question(desk, whose)
    asker = people.get(store, ask.by_id)
    words = f"declined {_ASKING[What(ask.kind)]} {desk.name}"
    desk.write(What.DECLINED, words, other=asker)
    desk.tell((asker.id,), What.DECLINED, f"{desk.person.mention} {words}.")
    desk.tell_waiting()
    return desk.outcome(f"Declined; {asker.name} knows.")


def asked(store: Store, project: ProjectRow, person: Person, now: datetime) -> tuple[TaskView, ...]:
    """The tasks about which somebody waits for the person's answer."""
    concerning = load(store, project, now).concerning(person.id)
    return tuple(task for task in concerning if _questions(task, person))


def _ask(
    store: Store, project: ProjectRow, person: Person, ref: str, other: Person, what: What, now: datetime
) -> TaskOutcome:
    action = Action.SHARE if what is What.INVITED else Action.HAND_OVER
    desk = sit_down_as_holder(store, project, person, ref, now, action)
    other = require_other(desk, other)
    doing = "invited {} to share {}" if what is What.INVITED else "asked {} to take over {}"
    words = doing.format(other.mention, desk.name)
    desk.write(what, words, other=other, expires=answer_by(desk.board.policy, now))
    tell_asked(desk, other, what)
    return desk.outcome(f"I have asked {other.name} {_ASKING[what]} {desk.name}.")


def require_other(desk: Desk, other: Person) -> Person:
    """The other person as the database knows them now. `UserError` where they cannot be asked."""
    known = people.get(desk.store, other.id)
    role = role_of(desk.store, desk.project, known) or Role.VISITOR
    if known.id == desk.person.id:
        raise UserError("Name somebody other than yourself.")
    if known.id in desk.crew:
        raise UserError(f"{known.name} holds {desk.name} already.")
    if not allows(role, Action.CLAIM):
        raise UserError(f"{known.name} is {role.named} and takes no tasks.")
    return known


def tell_asked(desk: Desk, other: Person, what: What) -> None:
    label, me = desk.task.label, desk.person.mention
    words = f"{me} asks you {_ASKING[what]} {desk.name}{_answers(label)}."
    desk.tell((other.id,), what, words)


def _answers(label: str) -> str:
    return typed(f": `accept {label}` or `decline {label}`")


def _asked_of(desk: Desk, person_id: int, kind: What | None = None) -> RequestView | None:
    asked = (ask for ask in desk.task.requests if ask.to_id == person_id)
    return next((ask for ask in asked if kind in (None, ask.kind)), None)


def _question(desk: Desk, whose: Person | None) -> RequestView:
    """What the person can answer. `UserError` where there is nothing, or more than one thing."""
    mine = [ask for ask in _questions(desk.task, desk.person) if whose is None or ask.by_id == whose.id]
    if not mine:
        raise UserError(f"Nobody asks you anything about {desk.name}.")
    if len({ask.by_id for ask in mine}) > 1:
        names = ", ".join(dict.fromkeys(ask.by_name for ask in mine))
        raise UserError(f"Several people ask you about {desk.name}; say whom you answer: {names}.")
    return mine[0]


def _questions(task: TaskView, person: Person) -> list[RequestView]:
    """What the person can answer about the task."""
    member = holds(task, person.id)
    return [
        ask
        for ask in task.requests
        if ask.to_id == person.id or (ask.kind == What.ASKED and member and ask.by_id != person.id)
    ]


def _share(desk: Desk, ask: RequestView) -> TaskOutcome:
    """Who was invited joins, or who asked to be let in."""
    wished = ask.kind == What.ASKED
    asker = require(desk.store, desk.project, people.get(desk.store, ask.by_id), Action.SHARE)
    new, host = (asker, desk.person) if wished else (desk.person, asker)
    refuse_over_cap(desk.store, desk.board, new, themselves=not wished)
    replace(desk, person=new).write(What.JOINED, f"joined {host.mention} in {desk.name}", other=host)
    desk.tell(desk.crew, What.JOINED, f"{new.mention} joined in {desk.name}.")
    desk.tell((new.id,), What.JOINED, f"You hold {desk.name} together with {host.mention} now.")
    return desk.outcome(f"{new.name} and {host.name} share {desk.name} now.")


def _take_over(desk: Desk, ask: RequestView) -> TaskOutcome:
    giver = people.get(desk.store, ask.by_id)
    refuse_over_cap(desk.store, desk.board, desk.person)
    expires = renewed_until(desk)
    words = f"took {desk.name} over from {giver.mention}"
    desk.write(What.HANDED_OVER, f"{words}{until_words(expires)}", other=giver, expires=expires)
    others = (one for one in desk.crew if one != giver.id)
    desk.tell(others, What.HANDED_OVER, f"{desk.person.mention} {words}.")
    desk.tell((giver.id,), What.HANDED_OVER, f"{desk.person.mention} took {desk.name} over from you.")
    return desk.outcome(f"{desk.name} is yours now{until_words(expires, desk.zone)}.")
