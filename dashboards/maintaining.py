"""What the pages for maintainers show, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from blueprint.graph import Graph, Part
from dashboards.snapshot import AgreementView, CommitView, CreditView, EventView, RequestView, TaskView
from lean_project.status import Drift


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page of a project; `commit` is the newest that was checked, `graph` its
    blueprint, whose macros the page's formulas may use."""

    slug: str
    title: str
    repository_url: str | None = None
    commit: CommitView | None = None
    graph: Graph | None = None


@dataclass(frozen=True, slots=True)
class QueueView:
    """A queue: how many wait in it, and since when the first, where that is known.

    `meaning` says what waits there and what to do about it.
    """

    key: str
    title: str
    meaning: str
    count: int
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class TaskItem:
    """A task that waits for something since that moment; `ask` is the question, where it is one.

    Of a lease that runs out, `ends` is when, and `over` when it is let go.
    """

    task: TaskView
    since: datetime | None
    ask: RequestView | None = None
    ends: datetime | None = None
    over: datetime | None = None

    @property
    def key(self) -> str:
        """By which the page knows it again."""
        return f"{self.task.number}-{self.ask.by_id if self.ask else 0}"


@dataclass(frozen=True, slots=True)
class CreditItem:
    """An entry that waits for somebody's word, and what the viewer may say of it."""

    entry: CreditView
    options: Sequence[str]

    @property
    def key(self) -> str:
        return str(self.entry.id)


@dataclass(frozen=True, slots=True)
class StatementItem:
    """A statement to agree upon: as the blueprint has it, and as Lean does, by the names of declarations.

    `seen` is its print, `agreed` who agreed on what it was before, and `changed` says what changed since.
    """

    node: str
    caption: str
    part: Part
    lean: Sequence[tuple[str, str]]
    seen: str
    since: datetime | None = None
    agreed: AgreementView | None = None
    changed: str | None = None

    @property
    def key(self) -> str:
        return self.node


@dataclass(frozen=True, slots=True)
class FindingItem:
    """Something to put right in the blueprint. `kind` is a word for what is wrong, `file` with the line.

    What is wrong stands in `words`, or is the `drift` between the blueprint and Lean.
    `source` is the address of the line on the forge, `patch` a diff that mends it.
    """

    kind: str
    words: str = ""
    node: str | None = None
    caption: str | None = None
    file: str | None = None
    source: str | None = None
    hint: str = ""
    since: datetime | None = None
    patch: str = ""
    drift: Drift | None = None


@dataclass(frozen=True, slots=True)
class LetterItem:
    """A message that the chat would not take."""

    id: int
    channel: str
    topic: str | None
    text: str
    created: datetime
    failed: datetime

    @property
    def key(self) -> str:
        return str(self.id)


@dataclass(frozen=True, slots=True)
class DeliveryItem:
    """Something a forge told that could not be worked off, and why not."""

    id: int
    forge: str
    event: str
    received: datetime
    why: str

    @property
    def key(self) -> str:
        return str(self.id)


@dataclass(frozen=True, slots=True)
class SyncItem:
    """That the newest commit could not be brought in: `why` not, the last time of so many `tries`.

    It is tried again at `due`, or not by itself; somebody is at it since `begun`.
    """

    since: datetime
    why: str
    tries: int
    due: datetime | None = None
    begun: datetime | None = None

    @property
    def key(self) -> str:
        return "sync"


Item = SyncItem | DeliveryItem | TaskItem | CreditItem | StatementItem | FindingItem | LetterItem


@dataclass(frozen=True, slots=True)
class Changed:
    """Who changed something last, and when; nobody is named where the machine's own door did it."""

    at: datetime
    person_id: int | None
    person_name: str | None


@dataclass(frozen=True, slots=True)
class SettingView:
    """Something a project decides. `kind` is `switch` or `number`, `least` and `most` bound a number.

    `own` says that the project's value is not the `default`, `owners` that an owner of the project decides.
    """

    key: str
    kind: str
    meaning: str
    value: str
    default: str
    own: bool
    least: int | None = None
    most: int | None = None
    changed: Changed | None = None
    owners: bool = False


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """Settings that belong together; `key` names the group in addresses."""

    key: str
    title: str
    meaning: str
    settings: Sequence[SettingView]


@dataclass(frozen=True, slots=True)
class ServerSetting:
    """One of the whole server: what its file says, or of a secret only whether it is set."""

    key: str
    value: str
    meaning: str
    default: str = ""


@dataclass(frozen=True, slots=True)
class ReporterView:
    """Who may report checks, or might until it `ended`."""

    name: str
    created: datetime
    used: datetime | None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class MemberView:
    """Somebody with a role in the project; `since` is None where it is theirs on the whole server."""

    person_id: int
    person_name: str
    role: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class HookView:
    """A webhook: `forge` is the last piece of its address; its secret may be good until it `ends` only.

    It was heard of last at `used`; what came at `failed` could not be worked off, `why` not, and perhaps
    still `waits` for a maintainer.
    """

    forge: str
    name: str
    address: str
    made: datetime
    used: datetime | None
    ends: datetime | None = None
    failed: datetime | None = None
    why: str = ""
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Handed:
    """Secrets to be shown once: what they are for, and each with the name of its variable."""

    what: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LogQuery:
    """What of the log is asked for; days are those of the viewer. `before` is an event's number."""

    person: str = ""
    about: str = ""
    since: str = ""
    until: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class LogView:
    """A page of the log, newest first; `older` begins the next one. `topics` are what it may be about."""

    query: LogQuery
    events: Sequence[EventView]
    topics: Sequence[tuple[str, str]]
    address: str
    older: str | None = None


@dataclass(frozen=True, slots=True)
class CheckView:
    """The last check of a project, what it came to, and in how many seconds, where that is known."""

    sha: str
    at: datetime
    summary: str
    toolchain: str
    nodes: int
    verified: int
    failed: Sequence[str] = ()
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class HealthView:
    """How a project and its server are. `late` counts notices that should have gone out, `deliveries` what
    its forge told and is not worked off; sizes are in bytes.

    `heard` is when the bot last listened, None where it never did; `sync` is there where the newest commit
    could not be brought in.
    """

    check: CheckView | None
    waiting: int
    late: int
    failed: int
    database: int
    free: int
    version: str
    heard: datetime | None = None
    sync: SyncItem | None = None
    oldest: QueueView | None = None
    deliveries: int = 0
    wrong: Sequence[str] = field(default_factory=tuple)
