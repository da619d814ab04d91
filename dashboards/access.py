"""By what somebody gets in: what their own page, and the pages for signing in, show of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class WayIn:
    """Somewhere people have accounts that they can sign in with here: `key` in addresses, `name` to show."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Something that leads to the viewer. `what` says what it is; `ends`: they can take it away here."""

    id: int
    what: str
    name: str
    since: datetime
    ends: bool = False


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser in which the viewer is signed in; `here`: the one they look with."""

    id: int
    agent: str
    since: datetime
    seen: datetime
    until: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class Token:
    """A token for the API, which is never shown again itself."""

    id: int
    label: str
    scopes: Sequence[str]
    since: datetime
    until: datetime
    used: datetime | None


@dataclass(frozen=True, slots=True)
class Access:
    """All of that. `forges` are those that the viewer could add an account of.

    `chat` is the address of the Zulip where the bot listens; `chats`: the viewer is known to it.
    """

    identities: Sequence[Identity] = ()
    sessions: Sequence[SignedIn] = ()
    tokens: Sequence[Token] = ()
    forges: Sequence[WayIn] = ()
    lives: Sequence[int] = ()
    chat: str = ""
    chats: bool = False
