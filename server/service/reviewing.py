"""Proposing work for review, and whose turn it is."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit

from blueprint.errors import UserError
from lean_project.status import TaskKind
from server.records.people import Person
from server.records.projects import ProjectRow
from server.service.claims import renewed_until
from server.service.desk import Desk, TaskOutcome, sit_down, sit_down_as_holder
from server.service.members import maintainers
from server.service.repositories import address_of
from server.service.wording import note_or_nothing, said_by, until_words
from server.store import Store
from server.work.leases import is_overdue
from server.work.notices import REVIEW_ASKED
from server.work.permissions import Action, Role
from server.work.tasks import What
from server.work.transitions import STOPPED

_NUMBER = re.compile(r"(?:#|!|pr\s*#?)?\s*(\d{1,9})", re.IGNORECASE)
_LONGEST_LINK = 500


def propose(
    store: Store, project: ProjectRow, person: Person, ref: str, link: str, *, now: datetime
) -> TaskOutcome:
    """Give the pull request (`#12`, or its address) with the work; the clock stops while it is in review."""
    desk = sit_down_as_holder(store, project, person, ref, now, Action.PROPOSE)
    address = link_of(store, project, link)
    if address in desk.task.links and desk.task.state in STOPPED:
        text = f"{address} is proposed for {desk.name} already, which is {desk.task.state}."
        return desk.outcome(text, changed=False)
    if address in store.tasks.task(desk.task_id).proposed:
        _refuse_overdue(desk)
    others = [task for task in store.tasks.linked(project.id, address) if task.id != desk.task_id]
    desk.write(
        What.PROPOSED, f"proposed {address} for {desk.name}", link=address, expires=renewed_until(desk)
    )
    desk.tell(desk.crew, What.PROPOSED, f"{desk.person.mention} proposed {address} for {desk.name}.")
    reviewers = [one.id for one in maintainers(store, project)]
    asked = f"{desk.name} of {desk.person.mention} waits for a review: {address}."
    desk.tell((id for id in reviewers if id not in desk.crew), REVIEW_ASKED, asked)
    also = f" It is proposed for {others[0].name} too." if others else ""
    return desk.outcome(f"{desk.name} is in review with {address}, and its clock stands still.{also}")


def withdraw(
    store: Store, project: ProjectRow, person: Person, ref: str, link: str | None = None, *, now: datetime
) -> TaskOutcome:
    """Take a pull request back; the only one where none is named. The task is in progress again."""
    desk = sit_down_as_holder(store, project, person, ref, now, Action.WITHDRAW)
    address = _proposed(desk, link)
    after = desk.write(What.WITHDRAWN, f"withdrew {address} from {desk.name}", link=address)
    text = f"{address} is withdrawn; {desk.name} is in progress{until_words(after.expires, desk.zone)}."
    return desk.outcome(text)


def await_review(
    store: Store, project: ProjectRow, person: Person, ref: str, *, now: datetime
) -> TaskOutcome:
    """The ball is with the reviewers: for the holders and for maintainers to say.

    Lean work that holders hand over must be proposed: else a claim could stand still for ever.
    """
    desk = _sit_down_with_either(store, project, person, ref, now)
    steward = desk.person.role.covers(Role.MAINTAINER)
    if isinstance(desk.task.kind, TaskKind) and not desk.task.links and not steward:
        raise UserError(f"Nothing is proposed for {desk.name} yet; `propose` it with its pull request.")
    if desk.holds:
        _refuse_overdue(desk)
    desk.write(What.AWAITING_REVIEW, f"handed {desk.name} to the reviewers")
    desk.tell(desk.crew, What.AWAITING_REVIEW, f"{desk.name} is in review; its clock stands still.")
    return desk.outcome(f"{desk.name} is in review; its clock stands still until somebody answers.")


def await_author(
    store: Store, project: ProjectRow, person: Person, ref: str, note: str = "", *, now: datetime
) -> TaskOutcome:
    """The ball is with the holders: for them and for maintainers to say. Their clock goes on."""
    note = note_or_nothing(note)
    desk = _sit_down_with_either(store, project, person, ref, now)
    words = f"handed {desk.name} back to its holders"
    after = desk.write(What.AWAITING_AUTHOR, words, note=note or None)
    why = said_by(desk.person, note)
    until = until_words(after.expires)
    desk.tell(desk.crew, What.AWAITING_AUTHOR, f"The review of {desk.name} waits for you{until}.{why}")
    lasts = f"; their claim lasts{until_words(after.expires, desk.zone)}" if after.expires else ""
    return desk.outcome(f"{desk.name} waits for its holders now{lasts}.")


def link_of(store: Store, project: ProjectRow, text: str) -> str:
    """The address of a proposal, or `#12` where that of the repository, or what runs there, is not known.

    `UserError` where it is neither a number nor an address.
    """
    asked = text.strip().strip("<>")
    if number := _NUMBER.fullmatch(asked):
        where = address_of(store, project)
        return (where.change(number[1]) if where else None) or f"#{number[1]}"
    try:
        address = urlsplit(asked)
    except ValueError:
        address = urlsplit("")
    plain = asked.isprintable() and " " not in asked and len(asked) <= _LONGEST_LINK
    if address.scheme not in ("http", "https") or not address.hostname or not plain:
        raise UserError("Give the pull request by its number (`#12`) or its address.")
    return address._replace(query="", fragment="").geturl().rstrip("/")


def _refuse_overdue(desk: Desk) -> None:
    """`UserError` where the reviewers have been asked for long enough: else a clock could stand for ever."""
    policy, task = desk.board.policy, desk.store.tasks.task(desk.task_id)
    if is_overdue(policy, task.owed, desk.now):
        raise UserError(
            f"The review of {desk.name} had no answer for {policy.review} days, so its clock goes on; a "
            "maintainer says whose turn it is, or you propose another change."
        )


def _proposed(desk: Desk, link: str | None) -> str:
    links = desk.task.links
    if link is None and len(links) == 1:
        return links[0]
    # Also as it is written, for what was proposed before the forge was known.
    said = () if link is None else (link_of(desk.store, desk.project, link), link.strip())
    address = next((one for one in said if one in links), None)
    if address is None:
        there = f"there are {', '.join(links)}" if links else "nothing is proposed"
        raise UserError(f"Say which proposal for {desk.name} you withdraw; {there}.")
    return address


def _sit_down_with_either(store: Store, project: ProjectRow, person: Person, ref: str, now: datetime) -> Desk:
    desk = sit_down(store, project, person, ref, now, Action.TURN)
    if not desk.holds and not desk.person.role.covers(Role.MAINTAINER):
        raise UserError(f"Whose turn it is with {desk.name} is for its holders and for maintainers to say.")
    return desk
