"""What lets somebody in: links that work once, browsers, tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    """The one thing that a link is good for."""

    SIGN_IN = "sign in"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that works once, as it is known: whom it is for, until when, and when it was used."""

    person_id: int
    expires: datetime
    used: datetime | None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A browser in which somebody is signed in, which calls itself `agent`. It ends at `expires`.

    `account` is the one on a forge that they signed in with, if they did.
    """

    id: int
    person_id: int
    agent: str
    created: datetime
    seen: datetime
    expires: datetime
    account: str | None = None


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token for the API, by the name that its owner gave it."""

    id: int
    person_id: int
    label: str
    scopes: frozenset[str]
    created: datetime
    expires: datetime
    used: datetime | None
