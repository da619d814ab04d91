"""The shapes of answers that no other door gives, described as those of `dashboards.document_types`."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from dashboards.document_types import (
    CommitDocument,
    CreditDocument,
    TaskDocument,
    described,
)
from lean_project.status import Formal
from server.records import Role
from server.work.naming import Naming
from server.work.preferences import Rhythm, Subject, Way


@described
class ProjectLinkDocument(TypedDict):
    """A project that is looked after here."""

    slug: str
    """The name in addresses."""
    title: str
    """The title of its blueprint."""
    url: str
    """The path of its address in the API."""


@described
class SuggestionDocument(TaskDocument):
    """A free task, and why to take it."""

    reasons: list[str]
    """In sentences."""


@described
class CompanyDocument(TypedDict):
    """Who has to do with a node."""

    node: str
    """The node's label."""
    caption: str
    """How people refer to it."""
    tasks: list[TaskDocument]
    """The tasks that somebody holds."""
    workers: list[str]
    """Who worked on it."""
    reviewers: list[str]
    """Who reviewed it."""
    helpers: list[str]
    """Who could help."""


@described
class BegunDocument(TypedDict):
    """Work that can begin."""

    kind: str
    """State, define or prove."""
    node: str
    """The label of the node."""


@described
class OpenedDocument(TypedDict):
    """What waits for a node."""

    done: bool
    """Whether the node needs no work any more."""
    ready: list[BegunDocument]
    """What can begin once it is done."""
    resting: int
    """How many nodes that are not verified stand on it."""
    goals: list[str]
    """The goals to which it leads."""


@described
class MineDocument(TypedDict):
    """What a person has to do with a project."""

    held: list[TaskDocument]
    """The tasks that they hold."""
    asked: list[TaskDocument]
    """The tasks about which somebody waits for their answer."""
    set_aside: list[str]
    """Tasks of theirs that wait for what became of the nodes."""
    credit: list[CreditDocument]
    """Credit that waits for their word."""
    watched: list[str]
    """The nodes that they watch."""


@described
class DeedDocument(TypedDict):
    """What was done."""

    detail: str
    """In a sentence."""
    changed: bool
    """Whether anything is different now."""
    task: NotRequired[TaskDocument]
    """The task as it is afterwards, where it was about one."""
    renewed: NotRequired[bool]
    """Of a claim: whether the person had it already."""
    credit: NotRequired[CreditDocument]
    """The credit as it is afterwards, where it was about that."""


@described
class AgreedOutcomeDocument(TypedDict):
    """How the agreement on a statement stands afterwards."""

    node: str
    """The node's label."""
    caption: str
    """How people refer to it."""
    agreed: bool
    """Whether it is agreed upon."""
    changed: bool
    """Whether that is new."""
    text: str
    """The same in a sentence."""


@described
class WatchedDocument(TypedDict):
    """Whether a node is watched afterwards."""

    node: str
    """The node's label."""
    caption: str
    """How people refer to it."""
    watching: bool
    """Whether the person is told what happens to it."""
    changed: bool
    """Whether that is new."""


@described
class SaidDocument(TypedDict):
    """What the bot would answer."""

    text: str
    """The answer, in Zulip's Markdown."""
    ok: bool
    """Whether the wish was met."""
    changed: bool
    """Whether anything is different now."""


@described
class MomentDocument(CommitDocument):
    """A commit that was checked."""

    checked: str
    """When that was."""


@described
class NodeMomentDocument(TypedDict):
    """What a node was like at a commit."""

    node: str
    """The label that it had."""
    status: Formal
    """How far it was formalized."""
    verified: bool
    """Whether it was verified."""


@described
class AskedDocument(TypedDict):
    """A question to maintainers: whether a node has become another."""

    old: str
    """The label of the node that was."""
    new: str
    """The label of the node that is."""
    caption: str
    """How people refer to the new one."""
    gone: bool
    """Whether the old one left; else the new one took something over from it."""
    why: str
    """What the two have in common."""
    asked: str
    """Since when that is asked."""
    was: str
    """The old statement, in LaTeX."""
    now: str
    """The new one."""
    waiting: list[str]
    """Who holds tasks that wait for the answer."""


@described
class DecidedDocument(TypedDict):
    """What was decided."""

    old: str
    """The label of the node that was."""
    new: str
    """The label of the node that is."""
    same: bool
    """Whether they are one node."""
    text: str
    """The same in a sentence."""


@described
class ReceiptDocument(TypedDict):
    """What became of a report."""

    commit: str
    """The commit that it is about."""
    pending: bool
    """Whether it waits until the repository here has that commit."""
    detail: str
    """The same in a sentence."""


@described
class ReporterDocument(TypedDict):
    """Somebody else who checks the project, and whom it trusts."""

    name: str
    """What it is called."""
    since: str
    """Since when it is trusted."""
    used: str | None
    """When it reported last."""
    ended: str | None
    """Until when it was trusted, where that is over."""


@described
class ReporterSecretsDocument(TypedDict):
    """The secrets of a new reporter, which are shown this once."""

    name: str
    """What it is called."""
    token: str
    """What lets it in."""
    key: str
    """What signs its reports."""


@described
class ReporterGoneDocument(TypedDict):
    """A reporter that is believed no more."""

    name: str
    """What it was called."""
    trusted: bool
    """Never."""


@described
class QueueDocument(TypedDict):
    """A queue of what waits for maintainers."""

    key: str
    """Its name in addresses."""
    title: str
    """What it is called."""
    meaning: str
    """What waits there, and what to do about it."""
    count: int
    """How many wait."""
    oldest: str | None
    """Since when the first does, where that is known."""


@described
class WaitingDocument(TypedDict):
    """Something that waits in a queue."""

    key: int | str
    """The number of the task or the entry, or the label of the node."""
    since: str | None
    """Since when, where that is known."""


@described
class SettingDocument(TypedDict):
    """Something that a project decides."""

    key: str
    """Its name."""
    group: str
    """What it belongs to."""
    meaning: str
    """What it does."""
    value: str
    """How it is."""
    default: str
    """How it would be by itself."""
    own: bool
    """Whether that differs."""
    changed: str | None
    """When it was changed last."""
    changed_by: int | None
    """By whom; nobody where it was whoever runs the server."""


@described
class SentenceDocument(TypedDict):
    """What became of it."""

    detail: str
    """In a sentence."""


@described
class MemberDocument(TypedDict):
    """Somebody with a role of their own in the project."""

    person: SelfDocument
    """Who, with that role."""
    since: str
    """Since when."""


@described
class MemberOutcomeDocument(TypedDict):
    """What somebody's role in the project is afterwards."""

    person: int
    """Their number."""
    role: Role | None
    """None, where they have no role of their own."""
    changed: bool
    """Whether that is new."""
    detail: str
    """The same in a sentence."""


@described
class PrivacyDocument(TypedDict):
    """Who may know of the project."""

    private: bool
    """Its members alone; else everybody."""


@described
class HealthDocument(TypedDict):
    """How the project and its server are."""

    commit: str | None
    """The newest commit that was checked."""
    checked: str | None
    """When that was."""
    waiting: int
    """How many messages wait to be sent."""
    late: int
    """How many of them should have gone out."""
    failed: int
    """How many the chat would not take."""
    database: int
    """The size of the database in bytes."""
    free: int
    """The room that is left on the disk, in bytes."""
    version: str
    """The version of the server."""
    heard: str | None
    """When the bot last listened; never, where there is none."""
    failing: str | None
    """Since when new commits cannot be brought in; `wrong` says why not."""
    wrong: list[str]
    """What somebody should look at now, in sentences."""


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
    """Their accounts on the forge."""


@described
class TrailerDocument(TypedDict):
    """A word that makes the author of a commit the person."""

    trailer: str
    """The last line of the commit's message; it is good once, for a week."""


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
