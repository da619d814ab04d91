"""What the store hands out: rows as frozen values. Times are in UTC and know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from lean_project.renames import Why
from lean_project.status import TaskKind
from server.forges.events import Forge, Standing
from server.work.leases import Size
from server.work.permissions import Role as Role
from server.work.sentences import mention, spoken
from server.work.task import called
from server.work.tasks import Kind, State, What


@dataclass(frozen=True, slots=True)
class Person:
    """A contributor. The name is what they chose to be called; it identifies nobody.

    `role` is theirs on this server; once a service has asked who may act in a project, it is theirs there.
    `zone` is the name of the time zone in which they read and write dates.
    """

    id: int
    name: str
    role: Role = Role.CONTRIBUTOR
    zone: str = "UTC"

    @property
    def mention(self) -> str:
        """The person in a sentence that is kept, whatever they are called when it is read."""
        return mention(self.id)


@dataclass(frozen=True, slots=True)
class Way:
    """What leads to a person: `value` is of a `kind` and nobody else's; `called` is what to show for it."""

    id: int
    kind: str
    value: str
    called: str | None
    since: datetime


class Proof(StrEnum):
    """Who or what says that an identity is somebody's."""

    OPERATOR = "operator"
    MAINTAINER = "maintainer"
    COMMIT = "commit"
    FORGE = "forge"


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


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project the server looks after. `path` is the folder of its repository."""

    id: int
    slug: str
    title: str
    path: str
    repository_url: str | None
    created: datetime
    relies_on_reports: bool = False
    leaderboard: bool = False
    forge_comments: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody's own role in a project, whatever theirs on the server is."""

    person: Person
    role: Role
    since: datetime


@dataclass(frozen=True, slots=True)
class Reporter:
    """Somebody else who checks a project and whom it trusts; `key` verifies what they sign."""

    id: int
    project_id: int
    name: str
    key: str = field(repr=False)
    created: datetime


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook of a project on a forge of that kind.

    `used` is when it was last heard of; `ends` when a secret that was replaced is good no more.
    """

    id: int
    project_id: int
    forge: Forge
    secret: str = field(repr=False)
    made: datetime
    used: datetime | None
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a forge told and nobody has worked off yet, or, where `dead`, nobody could; `why` says so."""

    id: int
    project_id: int
    forge: Forge
    event: str
    received: datetime
    attempts: int
    body: bytes | None = field(default=None, repr=False)
    dead: datetime | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class PullRequestRow:
    """A pull request that the forge told of, `at` that moment; `tasks` are the ids of those that it is for.

    `checks` says by name which checks of commit `sha` passed; `delivery` is the number of what told it.
    """

    id: int
    link: str
    standing: Standing
    sha: str
    checks: Mapping[str, bool]
    at: datetime
    delivery: int
    tasks: tuple[int, ...] = ()

    @property
    def passes(self) -> bool | None:
        """Whether all checks that ended have passed; None where none has ended."""
        return all(self.checks.values()) if self.checks else None


@dataclass(frozen=True, slots=True)
class WantedSync:
    """The newest commit of a project is wanted; where it failed, `why`, and too often, `due` is None."""

    project_id: int
    asked: datetime
    due: datetime | None
    begun: datetime | None
    failures: int
    why: str | None = None


@dataclass(frozen=True, slots=True)
class CommitRow:
    id: int
    sha: str
    at: datetime
    author: str
    summary: str
    synced: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """How many rows there are, the greatest of their numbers (0 for none), and the newest moment."""

    count: int
    last: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A node as the project remembers it, across renames of its label."""

    id: int
    label: str
    lean: tuple[str, ...]
    gone: bool


class Descent(StrEnum):
    """What became of a node: it is the other, or the two share what it stated."""

    SAME = "same"
    PART = "part"


class Decision(StrEnum):
    """The end of a doubt; `moot`: one of the two nodes left, or came back, before anybody said anything."""

    SAME = "same"
    DIFFERENT = "different"
    MOOT = "moot"


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask: whether a node has become another; `fresh` says that the other one is new.

    `similarity` is that of the statements, from 0 to 1.
    """

    old_id: int
    new_id: int
    fresh: bool
    why: tuple[Why, ...]
    similarity: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question that was asked and not decided."""

    id: int
    old: NodeRow
    new: NodeRow
    fresh: bool
    why: tuple[Why, ...]
    similarity: float
    asked: datetime


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task; `number` is unique in the project, `version` counts the events that made `state`.

    `title` says what informal work is about; `parent_id` is the task that this one is a piece of. `size` is
    what a maintainer said, if one did.
    """

    id: int
    number: int
    node_id: int
    node: str
    kind: Kind
    state: State
    version: int
    title: str | None = None
    parent_id: int | None = None
    size: Size | None = None
    tags: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What people are told that it is called."""
        return called(self.number, self.kind, self.node, self.title)

    @property
    def formal(self) -> TaskKind | None:
        """The kind of work, where Lean judges it."""
        return self.kind if isinstance(self.kind, TaskKind) else None


@dataclass(frozen=True, slots=True)
class Member:
    """One of those who hold a lease."""

    person_id: int
    person_name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A live lease; `reminded` is when its holders were last told of its end.

    `person_id` leads; `crew` are all who hold it, the lead first. Since `paused` its clock stands still;
    `acknowledged` is when a holder said that they know. `stuck` is what they tried in vain. Since `owed` the
    reviewers owe them a word.
    """

    id: int
    task_id: int
    person_id: int
    person_name: str
    since: datetime
    expires: datetime | None
    reminded: datetime | None = None
    paused: datetime | None = None
    acknowledged: datetime | None = None
    snoozed: datetime | None = None
    stuck: str | None = None
    crew: tuple[Member, ...] = ()
    owed: datetime | None = None

    @property
    def ends(self) -> datetime | None:
        """When it ends if nothing else happens; None where no clock is running."""
        return None if self.paused else self.expires


@dataclass(frozen=True, slots=True)
class RequestRow:
    """What is asked about a task and not answered yet, or that somebody waits for it.

    `kind` is the event that said so; who answers is None where any holder may, or nobody has to.
    """

    task_id: int
    kind: What
    by_id: int
    by_name: str
    to_id: int | None
    to_name: str | None
    at: datetime
    expires: datetime | None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know. `node` is a label, `project` a slug.

    `kept` is the sentence with what to type in it still set apart.
    """

    id: int
    project: str
    at: datetime
    kind: str
    node: str | None
    kept: str
    read: bool

    @property
    def text(self) -> str:
        """The sentence for whoever can type what it says."""
        return spoken(self.kept)


# Channel, to and topic: what is sent within one is sent in order.
Conversation = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Choice:
    """A command that could be about any of these nodes; they are labels."""

    command: str
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LastDeed:
    """What somebody did last. `subject` is what to type for what it was done to, such as `#12`.

    `version` is that of the task afterwards, where it was done to one.
    """

    verb: str
    subject: str
    version: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A notice on its way to the chat. `node` is a label."""

    id: int
    project_id: int
    person_id: int
    kind: str
    node: str | None
    text: str


@dataclass(frozen=True, slots=True)
class DueDigest:
    """Somebody's digest: of what came after that event and that notice. `due` is when it was to come."""

    person_id: int
    seen_event: int
    seen_notice: int
    due: datetime


class PostKind(StrEnum):
    """What is said in a project's topic: the progress of a day, and milestones."""

    DAY = "day"
    SHARE = "share"
    GOAL = "goal"
    CHAPTER = "chapter"
    NEWCOMER = "newcomer"


@dataclass(frozen=True, slots=True)
class Post:
    """Something to say there. `name`: a date, a percentage, a label, a title, or a person's number."""

    id: int
    project_id: int
    kind: PostKind
    name: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message waiting to be sent or, where it has a `number`, to be edited.

    `channel` is `direct`, `stream` or `reaction`; `to` is a Zulip user id, the number or the name of a
    channel, or a message id. Where `plain` holds, the text is nobody's markup and the sender must escape it.
    `floor`: what became of an attempt has a higher number.
    """

    id: int
    channel: str
    to: str
    topic: str | None
    text: str
    plain: bool
    attempts: int
    created: datetime
    number: int | None = None
    floor: int = 0

    @property
    def conversation(self) -> Conversation:
        return self.channel, self.to, self.topic


@dataclass(frozen=True, slots=True)
class Visitor:
    """An account of the chat: how many more commands it had when it was last `seen`, and whether it waits."""

    seen: datetime
    tokens: float
    waits: bool


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of the chat in which a project is spoken of; `number` is the chat's, once it is known.

    `progress` is posted in the topic.
    """

    name: str
    number: int | None = None
    private: bool = False
    progress: bool = False
    topic: str | None = None
