"""What people can ask for, as frozen values. `ref` is a node or a task in the words of the one who asks.

`until` is a length, a last day in the person's own time zone, or None for the usual time. `note` is what
stands on the lines below the command.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from server.commands.people import Who
from server.work.preferences import Digests, Wish

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
class Show:
    ref: str


@dataclass(frozen=True, slots=True)
class Company:
    """Who holds a node, worked on it, reviewed it, can help with it."""

    ref: str


@dataclass(frozen=True, slots=True)
class Unblocks:
    """What can begin once a node is done."""

    ref: str


@dataclass(frozen=True, slots=True)
class Status:
    """How the project stands."""


@dataclass(frozen=True, slots=True)
class Report:
    """What happened in the last `week` or `month`."""

    period: str = "week"


@dataclass(frozen=True, slots=True)
class Next:
    count: int = 3


@dataclass(frozen=True, slots=True)
class Mine:
    pass


@dataclass(frozen=True, slots=True)
class Credits:
    """The person's credit, and what waits for their word."""


@dataclass(frozen=True, slots=True)
class Watch:
    ref: str


@dataclass(frozen=True, slots=True)
class Unwatch:
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


@dataclass(frozen=True, slots=True)
class Login:
    pass


@dataclass(frozen=True, slots=True)
class TimeZone:
    """`Europe/Paris`; None asks which one it is."""

    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """Under which name to appear: real, pseudonym (then which), hidden; None asks which one it is."""

    naming: str | None = None
    pseudonym: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Whose commits are whose: `account`, a login or an address, is `who`'s; `commit` asks for a word.

    `page` asks for a link to say on the pages who one is here. With nothing, what is linked.
    """

    account: str | None = None
    who: Who | None = None
    commit: bool = False
    page: bool = False


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back what one did last."""


@dataclass(frozen=True, slots=True)
class Prefs:
    """What the person wishes about what they are sent; None asks how things are."""

    wish: Wish | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """The digests that the person wishes; None asks which come."""

    wish: Digests | None = None


@dataclass(frozen=True, slots=True)
class Help:
    """About one command, or all of them."""

    verb: str | None = None


Working = Claim | Disclaim | Progress | Stuck | Ack | Snooze
Reviewing = Propose | Withdraw | AwaitingReview | AwaitingAuthor
Together = Join | Invite | Handoff | Split | Accept | Decline | Wait | Unwait
Keeping = Open | Assign | Unassign | Hold | Unhold | Resize | Tag | Resolve | Agree | Disagree
Crediting = Credit | Disclose | Confirm | Refuse | Dispute
Deed = Working | Reviewing | Together | Keeping | Crediting
Reading = Show | Company | Unblocks | Status | Report | Next | Mine | Credits
Personal = Watch | Unwatch | Undo | Login | Link | TimeZone | Name | Prefs | Digest | Help
Looking = Reading | Personal
Command = Deed | Looking
