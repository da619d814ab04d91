"""Agreeing on a statement: what may happen to an agreement. It is the fold of its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from lean_project.statement import Print, fingerprint, ground


class Standing(StrEnum):
    """Nobody agreed; somebody did; somebody did, and the statement is another now."""

    NONE = "none"
    AGREED = "agreed"
    DRIFTED = "drifted"


class Step(StrEnum):
    """What can happen. `moved`: an author changed the meaning; `shifted`: only something outside changed."""

    AGREED = "agreed"
    WITHDRAWN = "withdrawn"
    MOVED = "moved"
    RETURNED = "returned"
    SHIFTED = "shifted"


# (standing, step) -> next standing; a pair that is missing cannot happen.
STEPS: dict[tuple[Standing, Step], Standing] = {
    (Standing.NONE, Step.AGREED): Standing.AGREED,
    (Standing.AGREED, Step.AGREED): Standing.AGREED,
    (Standing.DRIFTED, Step.AGREED): Standing.AGREED,
    (Standing.AGREED, Step.WITHDRAWN): Standing.NONE,
    (Standing.DRIFTED, Step.WITHDRAWN): Standing.NONE,
    (Standing.AGREED, Step.MOVED): Standing.DRIFTED,
    (Standing.DRIFTED, Step.MOVED): Standing.DRIFTED,
    (Standing.DRIFTED, Step.RETURNED): Standing.AGREED,
    (Standing.AGREED, Step.SHIFTED): Standing.AGREED,
}


class ImpossibleStepError(ValueError):
    """A step that cannot happen: a fault of the caller, never of a person."""


@dataclass(frozen=True, slots=True)
class AgreementEvent:
    """One thing that happened at commit `sha`. `prints` are those of the statement there."""

    step: Step
    at: datetime
    sha: str
    prints: tuple[Print, ...] = ()
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the events amount to: what was `agreed` last, and the statement as it was `seen` last."""

    standing: Standing = Standing.NONE
    version: int = 0
    agreed: AgreementEvent | None = None
    seen: AgreementEvent | None = None


def advance(agreement: Agreement, event: AgreementEvent) -> Agreement:
    """The agreement after the event. Raises `ImpossibleStepError` where the table forbids it."""
    standing = STEPS.get((agreement.standing, event.step))
    if standing is None:
        raise ImpossibleStepError(f"an agreement that is {agreement.standing} cannot be {event.step}")
    after = replace(agreement, standing=standing, version=agreement.version + 1, seen=event)
    if event.step is Step.AGREED:
        return replace(after, agreed=event)
    return replace(after, agreed=None, seen=None) if standing is Standing.NONE else after


def fold(events: Iterable[AgreementEvent]) -> Agreement:
    """The agreement that these events, oldest first, amount to."""
    agreement = Agreement()
    for event in events:
        agreement = advance(agreement, event)
    return agreement


def due(agreement: Agreement, now: tuple[Print, ...]) -> Step | None:
    """What is to be written down when the statement is found to be `now`; None where that is nothing new."""
    agreed, seen = agreement.agreed, agreement.seen
    if agreement.standing is Standing.NONE or agreed is None or seen is None:
        return None
    if fingerprint(now) != fingerprint(agreed.prints):
        return Step.MOVED if fingerprint(now) != fingerprint(seen.prints) else None
    if agreement.standing is Standing.DRIFTED:
        return Step.RETURNED
    return Step.SHIFTED if ground(now) != ground(seen.prints) else None
