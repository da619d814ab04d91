"""The shapes of what `report_document` makes, described as those of `documents`. Lengths are in days."""

from __future__ import annotations

from typing_extensions import TypedDict

from dashboards.documents.describing import described
from dashboards.documents.nodes import DriftDocument
from dashboards.documents.projects import TallyDocument
from dashboards.documents.tasks import TaskDocument


@described
class GoalFigureDocument(TypedDict):
    """A goal of the project, and how far it is."""

    node: str
    """The label of the node."""
    nodes: int
    """How many nodes it rests on, itself among them."""
    verified: int
    """How many of these are verified."""
    share_of_work: int
    """The percentage of the work that is done, larger tasks counted as more."""


@described
class BurnUpDocument(TypedDict):
    """How it stood at a moment."""

    at: str | None
    """When."""
    nodes: int
    """How many nodes there were."""
    verified: int
    """How many of them were verified."""


@described
class ThroughputDocument(TypedDict):
    """What came of a step of the period."""

    start: str | None
    """When it began."""
    verified: int
    """How many nodes became verified."""
    regressed: int
    """How many came undone."""


@described
class LeadDocument(TypedDict):
    """Days from ready to verified."""

    count: int
    """Of how many nodes."""
    lower: float
    """The lower quartile."""
    median: float
    """The median."""
    upper: float
    """The upper quartile."""


@described
class LeadStepDocument(TypedDict):
    """The same for a step of the period."""

    start: str | None
    """When it began."""
    days: LeadDocument | None
    """None where too few nodes came through."""


@described
class TurnoutDocument(TypedDict):
    """Who did something in a step of the period; groups of fewer than three people are not told apart."""

    start: str | None
    """When it began."""
    total: int | None
    """How many people."""
    newcomers: int | None
    """How many for the first time here."""
    returning: int | None
    """How many not."""


@described
class PeopleFigureDocument(TypedDict):
    """Who did something in the period, told in the same way."""

    total: int | None
    """How many people."""
    newcomers: int | None
    """How many for the first time here."""
    returning: int | None
    """How many not."""
    by_step: list[TurnoutDocument]
    """The same step by step."""


@described
class CountsDocument(TypedDict):
    """How often something happened."""

    verified: int
    """Nodes that became verified."""
    regressed: int
    """Nodes that came undone."""
    became_ready: int
    """Tasks that could be taken up."""


@described
class LandingDocument(TypedDict):
    """A node that became verified."""

    node: str
    """Its label."""
    caption: str
    """How people refer to it."""
    people: list[str]
    """Who is credited with it."""
    at: str | None
    """When."""


@described
class UndoneDocument(TypedDict):
    """A node that came undone."""

    node: str | None
    """Its label."""
    text: str
    """What happened."""
    at: str | None
    """When."""


@described
class WaitingTaskDocument(TypedDict):
    """A task that waits."""

    task: TaskDocument
    """Which."""
    since: str | None
    """Since when, where that was seen."""


@described
class QuestionDocument(TypedDict):
    """Something that lies with the maintainers."""

    what: str
    """What it is."""
    count: int
    """How often."""
    oldest: str | None
    """Since when the first does."""


@described
class LoadDocument(TypedDict):
    """What lies with the maintainers, and what they answered."""

    questions: list[QuestionDocument]
    """What is open."""
    answers: int
    """How much was answered in the period."""
    answers_each: float | None
    """By each of them; none where they are too few to be told of."""


@described
class StuckDocument(TypedDict):
    """A task whose holders tried in vain."""

    task: int
    """Its number."""
    why: str
    """What they wrote."""


@described
class CreditCountDocument(TypedDict):
    """Contributions of one kind."""

    kind: str
    """Which."""
    role: str
    """The role in the CRediT taxonomy."""
    count: int
    """How many."""


@described
class FiguresDocument(TypedDict):
    """The numbers of a period, step by step."""

    step: str
    """A day, a week or a month."""
    burn_up: list[BurnUpDocument]
    """How the project stood, oldest first."""
    throughput: list[ThroughputDocument]
    """What came of each step."""
    lead_time: LeadDocument | None
    """How long nodes took."""
    lead_times: list[LeadStepDocument]
    """The same step by step."""
    people: PeopleFigureDocument
    """Who did something."""
    counts: CountsDocument
    """How often what happened."""


@described
class TaskCountsDocument(TypedDict):
    """How many tasks stand how."""

    ready: int
    """Can be taken up."""
    held: int
    """Are held by somebody."""
    on_hold: int
    """Are on hold."""
    stuck: int
    """Are stuck."""
    blocked: int
    """Have to wait."""


@described
class PeriodDocument(FiguresDocument):
    """What happened in a period, and how things stand now."""

    project: str
    """The slug of the project."""
    title: str
    """The title of its blueprint."""
    since: str | None
    """When the period began."""
    until: str | None
    """When it ended, or will."""
    now: str | None
    """When the report was made."""
    summary: str
    """All of it in a sentence."""
    nodes: TallyDocument
    """The statuses of the nodes."""
    goals: list[GoalFigureDocument]
    """How far the goals are."""
    verified: list[LandingDocument]
    """What became verified in the period."""
    regressed: list[UndoneDocument]
    """What came undone in it."""
    bottlenecks: list[WaitingTaskDocument]
    """What others wait for most."""
    waiting_longest: list[WaitingTaskDocument]
    """What has waited longest."""
    maintainers: LoadDocument
    """What lies with the maintainers."""
    ready: list[TaskDocument]
    """What can be taken up now, best first."""
    held: list[TaskDocument]
    """What somebody holds now."""
    on_hold: list[TaskDocument]
    """What is on hold now."""
    stuck: list[StuckDocument]
    """Where somebody is stuck now."""
    drift: list[DriftDocument]
    """Where the blueprint's claims and Lean differ now."""
    credit: list[CreditCountDocument]
    """What was contributed in the period."""
    methods: list[str]
    """How it was made, in words."""
    tasks: TaskCountsDocument
    """How many tasks there are of each kind now; the lists above hold a hundred at most."""
    differences: int
    """In how many places blueprint and Lean differ now."""
    problems: int
    """How many mistakes the blueprint has now."""
