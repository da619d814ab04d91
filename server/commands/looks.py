"""What people can ask to be told, or to have settled for themselves alone, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from server.commands.people import Who
from server.work.preferences import Digests, Wish


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


Reading = Show | Company | Unblocks | Status | Report | Next | Mine | Credits
Personal = Watch | Unwatch | Undo | Login | Link | TimeZone | Name | Prefs | Digest | Help
Looking = Reading | Personal
