"""Who looks at the pages, and what is put before them besides the project, as frozen values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from markupsafe import Markup

from blueprint.graph import Place
from dashboards.access import Access
from dashboards.progress import Tally
from dashboards.snapshot import TaskView
from lean_project.facts import Fact
from lean_project.status import PartStatus


@dataclass(frozen=True, slots=True)
class Flash:
    """A message shown once. `kind` is done, undoable (done, and one may take it back) or refused."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking (`person` is None: nobody signed in), when and where, and what they are to be told.

    Whether they are a `maintainer` or an `owner` holds for the project that they look at. `address` is that
    of the page they look at, whole.
    """

    now: datetime
    person: int | None = None
    name: str | None = None
    csrf_token: str = ""
    flashes: tuple[Flash, ...] = ()
    maintainer: bool = False
    owner: bool = False
    zone: tzinfo = UTC
    address: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A project among others: when its newest checked commit was made, and its nodes by status."""

    slug: str
    title: str
    at: datetime
    tally: Tally


@dataclass(frozen=True, slots=True)
class Suggested:
    """A task to show with the reasons for taking it."""

    task: TaskView
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """How the viewer wants to be called: `naming` is real, pseudonym or hidden; `previews`: what others see.

    `dataset`: what they did may be published as data; `linked`: their accounts elsewhere are on their page.
    """

    naming: str
    pseudonym: str | None = None
    ranked: bool = True
    dataset: bool = False
    linked: bool = False
    previews: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """What the viewer chose to be sent in the chat; `kinds` has each kind, its meaning, and whether it is."""

    way: str = "direct"
    quiet: str = ""
    digest: str = "off"
    hour: int = 8
    kinds: Sequence[tuple[str, str, bool]] = ()


@dataclass(frozen=True, slots=True)
class NoticeView:
    """Something the viewer was told. `node` is an id in `project`; on the page `answer` they answer it."""

    at: datetime
    project: str
    node: str | None
    text: str
    read: bool
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """What the viewer watches in a project: labels."""

    slug: str
    title: str
    nodes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Matched:
    """Whether the node `old` is `new` now, or (where it is not `gone`) lost text to it; a maintainer says so.

    `why` says what they have in common; `was` and `now` are LaTeX; `waiting` names holders of paused claims.
    """

    old: str
    new: str
    caption: str
    gone: bool
    why: str
    asked: datetime
    was: str
    now: str
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Declaration:
    """A Lean name of a node, what the check found, and where to read it and about it."""

    name: str
    fact: Fact | None
    source: str | None
    docs: str | None = None


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part of a node, by its `key` statement or proof, for the page; at `edit` its LaTeX can be changed."""

    key: str
    status: PartStatus | None
    html: Markup
    latex: str
    place: Place | None
    source: str | None
    edit: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What the viewer's own page shows of them. `zones` are a choice."""

    role: str
    told: Sequence[NoticeView]
    named: Named
    zones: Sequence[str] = ()
    sent: Sent = Sent()
    access: Access = field(default_factory=Access)
    watched: Sequence[Watched] = ()
