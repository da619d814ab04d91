"""All that a page, a report or an answer may show of a project at one moment, as frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from blueprint.graph import Graph
from blueprint.identity import remembered
from lean_project.facts import Facts
from lean_project.status import NodeStatus, Readiness

_DEEDS = frozenset(
    {
        "claimed",
        "renewed",
        "progressed",
        "stuck",
        "proposed",
        "withdrawn",
        "awaiting review",
        "awaiting author",
        "asked",
        "invited",
        "handing over",
        "joined",
        "handed over",
        "left",
        "disclaimed",
        "expired",
        "acknowledged",
        "offered",
        "accepted",
        "declined",
        "unassigned",
        "held",
        "unheld",
        "split",
        "sized",
        "tagged",
        "opened",
        "reopened",
        "resolved",
        "ruled",
        "agreed",
        "queued",
        "unqueued",
        "snoozed",
        "credit",
        "decided",
    }
)

# Nobody holds a task in one of these, and yet it is not free.
_KEPT = frozenset({"offered", "held"})


@dataclass(frozen=True, slots=True)
class PersonView:
    """A contributor as others see them. `role` is visitor, contributor, maintainer or owner.

    Where they do not want to be `named`, the name is a number. `ranked` says whether a leaderboard may show
    them, and `dataset` whether what they did may be published as data; `login` is their account on the forge,
    where that is known and not to be hidden.
    """

    id: int
    name: str
    role: str = "contributor"
    verified_nodes: int = 0
    live_claims: int = 0
    named: bool = True
    ranked: bool = True
    login: str | None = None
    dataset: bool = False


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One who holds a live lease. `expires` is None where claims have no end.

    So it is while the clock stands still: the task is held, in review, or `paused`; its state says which.
    """

    person_id: int
    person_name: str
    since: datetime
    expires: datetime | None
    paused: datetime | None = None
    acknowledged: datetime | None = None


@dataclass(frozen=True, slots=True)
class RequestView:
    """What `by` asks about a task, and who answers; None where any holder may, or nobody has to. It has the
    number `id` among all that is asked.

    `kind` is offered, invited, handing over, asked (to join), or queued (waits until it is free).
    """

    kind: str
    by_id: int
    by_name: str
    to_id: int | None
    to_name: str | None
    at: datetime
    expires: datetime | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class TaskView:
    """A piece of work on one node, numbered for people (`#12`) within its project.

    `kind` is state, define or prove, or, for informal work, write, split, review or piece; `state` is a word
    of docs/tasks.md; `size` is S, M or L. `unblocks` counts the nodes that (transitively) wait for this one.
    `claims` has everybody who holds it, the lead first. `title` says what informal work is about, `parent`
    is the number of the task that this is a piece of; `links` are pull requests, `stuck` what the holders
    tried in vain.
    """

    number: int
    node: str
    caption: str
    kind: str
    state: str
    size: str
    readiness: Readiness
    blocked_by: tuple[str, ...] = ()
    claims: tuple[ClaimView, ...] = ()
    unblocks: int = 0
    title: str | None = None
    parent: int | None = None
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    requests: tuple[RequestView, ...] = ()
    stuck: str | None = None

    @property
    def label(self) -> str:
        return f"#{self.number}"

    @property
    def is_free(self) -> bool:
        return self.readiness is Readiness.READY and not self.claims and self.state not in _KEPT


@dataclass(frozen=True, slots=True)
class HoldView:
    """Who put a task on hold, since when it is, and why, if they said so."""

    person_id: int
    person_name: str
    since: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """How tasks are taken: whether they are claimed at all, whether claims end, and after how many days.

    `days` is by size (S, M, L), `longest` the most that somebody can ask for.
    """

    assignment: bool = True
    leases: bool = True
    days: Mapping[str, int] = field(default_factory=lambda: {"S": 7, "M": 14, "L": 30})
    longest: int = 90


@dataclass(frozen=True, slots=True)
class CreditView:
    """A contribution as it stands. `evidence` holds addresses or commit hashes.

    `id` is its number in the project's ledger. `status` is proposed, confirmed, refused, disputed or
    corrected; it counts where it is `held`, which a dispute alone does not change. `by_id` is who said so,
    None where it was the check; it is `checked` where the check said so first. `about` is the number of the
    entry that it corrects; `objections` is the evidence of a dispute that goes on. `method` is None where
    nobody said how it was made; `node` is empty for work on the whole project.
    """

    id: int
    person_id: int
    person_name: str
    node: str
    part: str
    kind: str
    role: str
    degree: str
    evidence: tuple[str, ...]
    at: datetime
    status: str = "confirmed"
    held: bool = True
    by_id: int | None = None
    by_name: str | None = None
    checked: bool = True
    about: int | None = None
    method: str | None = None
    tools: tuple[str, ...] = ()
    objections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventView:
    """Something that happened: `kind` is verified, regressed, became ready, drift, claimed, ...

    Later events have a higher `id`.
    """

    at: datetime
    kind: str
    node: str | None
    person_id: int | None
    person_name: str | None
    text: str
    id: int = 0

    @property
    def is_deed(self) -> bool:
        """Whether `text` goes on after the person's name; else it is a sentence of its own."""
        return self.kind in _DEEDS and bool(self.person_name)


@dataclass(frozen=True, slots=True)
class AgreementView:
    """Who agreed on a node's statement last, when, and on that of which commit.

    Whether the statement is still the same, the node's status says.
    """

    person_id: int
    person_name: str
    at: datetime
    sha: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """A check that a trusted `reporter` ran elsewhere; `known` says that the repository has the commit."""

    id: int
    reporter: str
    sha: str
    known: bool
    at: datetime
    toolchain: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a reporter says of one node at the commit that is shown; it was not checked here."""

    reporter: str
    toolchain: str
    passes: bool


@dataclass(frozen=True, slots=True)
class CommitView:
    sha: str
    at: datetime
    author: str
    summary: str

    @property
    def short(self) -> str:
        return self.sha[:10]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A project as of its newest checked commit. Events, contributions and credit are newest first.

    `credit` is those of the `contributions` that count. `leaderboard` says whether the project shows one.
    `ancestors` has, by label, the labels of nodes that a node came from; what is kept under them is its own.
    `holds` are of the tasks on hold, by number.
    """

    slug: str
    title: str
    commit: CommitView
    made_at: datetime
    graph: Graph
    facts: Facts
    statuses: Mapping[str, NodeStatus]
    tasks: tuple[TaskView, ...] = ()
    people: tuple[PersonView, ...] = ()
    credit: tuple[CreditView, ...] = ()
    events: tuple[EventView, ...] = ()
    repository_url: str | None = None
    agreements: Mapping[str, AgreementView] = field(default_factory=dict)
    reports: tuple[ReportView, ...] = ()
    contributions: tuple[CreditView, ...] = ()
    leaderboard: bool = False
    ancestors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    holds: Mapping[int, HoldView] = field(default_factory=dict)
    terms: Terms = Terms()

    def names(self, node: str) -> tuple[str, ...]:
        """The label of a node, and those of all that it came from."""
        return (node, *self.ancestors.get(node, ()))

    def heirs(self) -> dict[str, tuple[str, ...]]:
        """Label of a node, of today or earlier -> those of today on which what is kept under it is shown."""
        return heirs(self.statuses, self.ancestors)


@remembered(8)
def heirs(present: Iterable[str], ancestors: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The same for given labels of today."""
    found: dict[str, tuple[str, ...]] = {}
    for label in present:
        for name in (label, *ancestors.get(label, ())):
            found[name] = (*found.get(name, ()), label)
    return found
