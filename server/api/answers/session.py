"""What somebody is told of themselves."""

from __future__ import annotations

from typing_extensions import TypedDict

from dashboards.documents.describing import described
from server.work.naming import Naming
from server.work.permissions import Role
from server.work.preferences import Rhythm, Subject, Way


@described
class SelfDocument(TypedDict):
    """Who asks."""

    id: int
    """Their number."""
    name: str
    """What they are called."""
    role: Role
    """What they may do."""


@described
class SessionDocument(TypedDict):
    """Who the token or the session is of."""

    person: SelfDocument | None
    """Nobody, where there is neither."""
    csrf_token: str
    """What a session sends as `X-CSRFToken` whenever it changes something; a token needs none."""


@described
class NamedDocument(TypedDict):
    """Under which name others see a person."""

    naming: Naming
    """Their own, a pseudonym, or none."""
    name: str
    """That name."""
    ranked: bool
    """Whether leaderboards may show them."""


@described
class ZoneDocument(TypedDict):
    """In which time zone a person reads and writes dates."""

    zone: str
    """Its name, such as `Europe/Paris`."""


@described
class LinkedDocument(TypedDict):
    """What leads to a person."""

    emails: list[str]
    """Addresses on commits that are theirs."""
    logins: list[str]
    """The addresses of their accounts on forges, as a maintainer told."""


@described
class TrailerDocument(TypedDict):
    """A word that makes the author of a commit the person."""

    trailer: str
    """The last line of the commit's message; it is good once, for a month."""


@described
class PreferencesDocument(TypedDict):
    """What a person is sent in the chat, where and when."""

    way: Way
    """By direct message, or in the topic of the node."""
    quiet: str | None
    """The hours in which nothing comes, in their time zone, such as `22:00-07:00`."""
    kinds: list[Subject]
    """The kinds of notices that are sent."""
    digest: Rhythm
    """How often a digest comes."""
    hour: int
    """At which hour it does."""
    detail: str
    """All of it in sentences."""


@described
class NoticeDocument(TypedDict):
    """Something a person was told."""

    id: int
    """Its number."""
    project: str
    """The slug of the project."""
    at: str
    """When."""
    kind: str
    """What it is about, in a word or two."""
    node: str | None
    """The label of the node that it is about."""
    text: str
    """What they were told."""
    read: bool
    """Whether they saw it on their page."""


@described
class ReadDocument(TypedDict):
    """That every notice so far is taken as read."""

    read: bool
    """Always."""
