"""What people can ask to have done, as frozen values. `ref` is a node or a task in their own words.

`until` is a length, a last day in the person's own time zone, or None for the usual time. `note` is what
stands on the lines below the command.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from server.commands.people import Who

Until = timedelta | date


@dataclass(frozen=True, slots=True)
class Claim:
    ref: str
    until: Until | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Disclaim:
    ref: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    ref: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stuck:
    ref: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Propose:
    """`change` is a pull request, `#34` or its address, or another address that has the work.

    Without `ref`, it is for the one task that the person holds.
    """

    ref: str | None
    change: str | None = None
    method: str | None = None
    tools: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take back what was proposed: on a task, or wherever the change was."""

    ref: str | None
    change: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class AwaitingReview:
    ref: str


@dataclass(frozen=True, slots=True)
class AwaitingAuthor:
    ref: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ack:
    ref: str


@dataclass(frozen=True, slots=True)
class Snooze:
    ref: str
    until: Until | None = None


@dataclass(frozen=True, slots=True)
class Join:
    ref: str


@dataclass(frozen=True, slots=True)
class Invite:
    ref: str
    who: Who
    note: str = ""


@dataclass(frozen=True, slots=True)
class Handoff:
    ref: str
    who: Who
    note: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """`note` has one piece a line."""

    ref: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Accept:
    """`who` asked, where several did."""

    ref: str
    who: Who | None = None


@dataclass(frozen=True, slots=True)
class Decline:
    ref: str
    who: Who | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    ref: str


@dataclass(frozen=True, slots=True)
class Unwait:
    ref: str


@dataclass(frozen=True, slots=True)
class Credit:
    """`evidence`: addresses, pull requests or commits. Without `ref`, for work on the whole project."""

    who: Who
    kind: str
    ref: str | None
    evidence: tuple[str, ...]
    degree: str | None = None
    method: str | None = None
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Disclose:
    """How the person works on a node."""

    ref: str
    method: str
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Confirm:
    number: int


@dataclass(frozen=True, slots=True)
class Refuse:
    number: int


@dataclass(frozen=True, slots=True)
class Dispute:
    """`evidence` as for `Credit`."""

    number: int
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Open:
    """`note` says what it is about. Without `kind`, a task that was there once is opened again."""

    ref: str
    kind: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Assign:
    ref: str
    who: Who


@dataclass(frozen=True, slots=True)
class Unassign:
    """Without `who`, whoever holds it."""

    ref: str
    who: Who | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    ref: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Unhold:
    ref: str


@dataclass(frozen=True, slots=True)
class Resize:
    """Without `size`, the estimate holds again."""

    ref: str
    size: str | None


@dataclass(frozen=True, slots=True)
class Tag:
    """The tags that it has from now on."""

    ref: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolve:
    ref: str


@dataclass(frozen=True, slots=True)
class Agree:
    ref: str


@dataclass(frozen=True, slots=True)
class Disagree:
    ref: str


Working = Claim | Disclaim | Progress | Stuck | Ack | Snooze
Reviewing = Propose | Withdraw | AwaitingReview | AwaitingAuthor
Together = Join | Invite | Handoff | Split | Accept | Decline | Wait | Unwait
Keeping = Open | Assign | Unassign | Hold | Unhold | Resize | Tag | Resolve | Agree | Disagree
Crediting = Credit | Disclose | Confirm | Refuse | Dispute
Deed = Working | Reviewing | Together | Keeping | Crediting
