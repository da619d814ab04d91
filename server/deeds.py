"""What a command does: one service call each, for every door: chat, pages, API, command line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import get_args
from zoneinfo import ZoneInfo

from blueprint.errors import UserError
from dashboards.links import proposal_page
from dashboards.snapshot import CreditView, TaskView
from server.commands import values
from server.commands.people import Me, Mentioned, Named, Who
from server.commands.values import Crediting, Keeping, Reviewing, Together, Working
from server.durations import moment
from server.records import Person, ProjectRow
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
    upkeep,
    waiting,
)
from server.service.contributions import Assertion
from server.service.desk import TaskOutcome
from server.service.wording import claim_words, task_name
from server.store import Store
from server.work.leases import Size
from server.work.tasks import Informal

Deed = Working | Reviewing | Together | Keeping | Crediting
_DEEDS = get_args(Deed)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, where and when, within one transaction of the store."""

    store: Store
    project: ProjectRow
    person: Person
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        return people.zone_of(self.person)


@dataclass(frozen=True, slots=True)
class Done:
    """What happened, in a sentence of plain text to the person, and the task or the credit as it is now."""

    text: str
    changed: bool = True
    task: TaskView | None = None
    credit: CreditView | None = None


def do(by: Actor, command: Deed) -> Done:
    """`UserError` where it cannot be done, with what to do instead."""
    match command:
        case values.Claim() | values.Disclaim() | values.Progress() | values.Stuck():
            return _work(by, command)
        case values.Ack(ref):
            return _of(progress.acknowledge(by.store, by.project, by.person, ref, now=by.now))
        case values.Snooze(ref, until):
            ends = moment(until, by.zone)
            return _of(progress.snooze(by.store, by.project, by.person, ref, until=ends, now=by.now))
        case values.Propose() | values.Withdraw() | values.AwaitingReview() | values.AwaitingAuthor():
            return _review(by, command)
        case values.Credit() | values.Disclose() | values.Confirm() | values.Refuse() | values.Dispute():
            return _credit(by, command)
    if isinstance(command, get_args(Keeping)):
        return _keep(by, command)
    return _together(by, command)
