"""Words that several services use."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, tzinfo

from blueprint.errors import UserError
from dashboards.snapshot import ClaimView, TaskView
from server.records.people import Person
from server.work.sentences import quoted
from server.work.task import called
from server.work.transitions import STOPPED


def task_name(task: TaskView) -> str:
    """`#12 “prove Lemma 2.3”`, `#14 “piece of Lemma 2.3: the even case”`"""
    return called(task.number, task.kind, task.caption, task.title)


def claim_words(claim: ClaimView, zone: tzinfo = UTC) -> str:
    """` until 2026-12-24 (UTC)`, ` (paused)`, or nothing where a claim has no end."""
    return " (paused until what it rests on is settled)" if claim.paused else until_words(claim.expires, zone)


def until_words(expires: datetime | None, zone: tzinfo = UTC) -> str:
    """` until 2026-12-24 (Europe/Paris)`: the day in that zone; nothing where a claim has no end."""
    return f" until {expires.astimezone(zone):%Y-%m-%d} ({zone})" if expires else ""


def yours(task: TaskView, person_id: int, zone: tzinfo, *, renewed: bool, before: datetime | None) -> str:
    """`yours until 2026-12-24 (UTC)`, `still yours, but only until 2026-11-27 (UTC), not ... as before`

    `before` is when the person's claim would have ended, where they had one.
    """
    mine = next((claim for claim in task.claims if claim.person_id == person_id), None)
    until = claim_words(mine, zone) if mine else ""
    if not renewed:
        return f"yours{until}"
    if mine and mine.expires and before and mine.expires < before:
        return f"still yours, but only{until}, not {before.astimezone(zone):%Y-%m-%d} as before"
    still = "; its clock stands still" if task.state in STOPPED and not until else ""
    return f"still yours{until}{still}"


LONGEST_NOTE = 2000
LONGEST_TITLE = 120


def note_of(text: str) -> str:
    """What a person wrote, without what cannot be seen. `UserError` where that is nothing, or a flood."""
    seen = "".join(c if unicodedata.category(c)[0] != "C" or c == "\n" else " " for c in text).strip()
    if not seen:
        raise UserError("Say in a few words what there is to know, after the task.")
    if len(seen) > LONGEST_NOTE:
        raise UserError(f"That is more than {LONGEST_NOTE} characters; put it somewhere and give the link.")
    return seen


def said_by(person: Person, note: str) -> str:
    """` Ada says: ...`, after a sentence that is kept; nothing where they said nothing."""
    return f" {person.mention} says: {quoted(note)}" if note else ""


def note_or_nothing(text: str) -> str:
    """The same, where nothing need be said."""
    return note_of(text) if text.strip() else ""


def title_of(text: str) -> str:
    """What a piece of work is called: one short line. `UserError` where it is none."""
    title = " ".join(note_of(text).split())
    if len(title) > LONGEST_TITLE:
        raise UserError(f"`{title[:30]}...` is too long for a title; use at most {LONGEST_TITLE} characters.")
    return title
