"""The progress report of a period: what was verified and by whom, what is open, held, stuck or drifting."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, lru_cache
from itertools import islice
from operator import itemgetter

from blueprint.identity import remembered
from dashboards import history as past
from dashboards import progress
from dashboards.history import History, Lead, LeadStretch, Span, Stretch, Turnout
from dashboards.legend import ENTRIES
from dashboards.methods import Method, methods
from dashboards.snapshot import ClaimView, CreditView, EventView, Snapshot, TaskView
from dashboards.texts import _, later, ngettext, plural
from dashboards.wording import ago, date
from lean_project.points import Point
from lean_project.status import Drift, Readiness

LONG = timedelta(days=30)
# So many rows of what blocks most, and of what waits longest.
_FIRST = 6


@dataclass(frozen=True, slots=True)
class Landing:
    """A node that became verified, and the people credited with it."""

    node: str
    caption: str
    people: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Stuck:
    """A task that does not move, and why we think so."""

    task: TaskView
    why: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task that could be done, on which others wait; `since` when, where that was seen."""

    task: TaskView
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Question:
    """What maintainers are asked and have not answered: how many of a kind, and since when the oldest."""

    what: str
    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Load:
    """What lies with the maintainers, how many answers there were in the period, and how many they are."""

    questions: tuple[Question, ...] = ()
    answers: int = 0
    maintainers: int = 0

    @property
    def each(self) -> float | None:
        """Answers for each maintainer; None where they are too few to be told of."""
        return self.answers / self.maintainers if self.maintainers >= past.FEW else None


@dataclass(frozen=True, slots=True)
class CreditCount:
    """How many contributions of one kind there were, and their role in the CRediT taxonomy."""

    kind: str
    role: str
    count: int


@dataclass(frozen=True, slots=True)
class Course:
    """What the books say of a period beside how things stand.

    `news` is what became verified or came undone, newest first, or the newest of that; `waiting` has, by the
    label of a node, when work on it was last left to whoever wants it, where that was not at the first check;
    `questions` are those of `Load`.
    """

    history: History = field(default_factory=History)
    news: tuple[EventView, ...] = ()
    waiting: Mapping[str, datetime] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    goals: tuple[progress.Goal, ...] = ()

    def since(self, task: TaskView) -> datetime | None:
        """When the task was last left to whoever wants it."""
        return self.waiting.get(task.node, self.history.begun)


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of a period. `verified` and `regressed` count nodes, `opened` what became ready."""

    burn_up: tuple[Point, ...]
    throughput: tuple[Stretch, ...]
    lead: Lead | None
    leads: tuple[LeadStretch, ...]
    turnout: tuple[Turnout, ...]
    everybody: Turnout
    verified: int
    regressed: int
    opened: int


@dataclass(frozen=True, slots=True)
class Report:
    """What happened in a period, and how things stand at the end of it; `methods` of what was credited then.

    Where the period is `over`, what is ready, held, stuck or drifting `now` is not the report's.
    """

    slug: str
    title: str
    now: datetime
    span: Span
    total: progress.Tally
    figures: Figures
    verified: tuple[Landing, ...]
    regressed: tuple[EventView, ...]
    ready: tuple[TaskView, ...]
    held: tuple[TaskView, ...]
    on_hold: tuple[TaskView, ...]
    stuck: tuple[Stuck, ...]
    drift: tuple[Drift, ...]
    blocking: tuple[Waiting, ...]
    oldest: tuple[Waiting, ...]
    load: Load
    credit: tuple[CreditCount, ...]
    blocked: int
    problems: int
    methods: tuple[Method, ...] = ()
    goals: tuple[progress.Goal, ...] = ()

    @property
    def since(self) -> datetime:
        return self.span.since

    @property
    def last(self) -> datetime:
        """A moment of the last day."""
        return self.span.last

    @property
    def over(self) -> bool:
        return self.span.until <= self.now

    @property
    def work(self) -> str:
        """`5 tasks ready, 2 in hand, 1 on hold, 7 blocked`"""
        stand = [
            ngettext("%(num)s task ready", "%(num)s tasks ready", len(self.ready)),
            _("%(count)s in hand", count=len(self.held)),
            _("%(count)s on hold", count=len(self.on_hold)) if self.on_hold else "",
            _("%(count)s blocked", count=self.blocked),
        ]
        return ", ".join(filter(None, stand))

    @property
    def summary(self) -> str:
        """`12 nodes became verified and 1 came undone: 45 of 60 nodes are verified (75 %).`"""
        points = self.figures.burn_up
        return f"{self._done}{_grown(points)}: {self._stood(points[-1])}" if points else f"{self._done}."

    @property
    def _done(self) -> str:
        done = ngettext(
            "%(num)s node became verified", "%(num)s nodes became verified", self.figures.verified
        )
        undone = self.figures.regressed
        return _("%(done)s and %(undone)s came undone", done=done, undone=undone) if undone else done

    def _stood(self, last: Point) -> str:
        one, many = _WERE if self.over else _ARE
        share = 100 * last.verified // last.nodes if last.nodes else 0
        return ngettext(one, many, last.nodes, verified=last.verified, share=share)


def gather(snapshot: Snapshot, span: Span, ready: Sequence[TaskView], course: Course) -> Report:
    """`ready` are the tasks to take, in the order in which they are suggested."""
    credited = [entry for entry in snapshot.credit if span.since <= entry.at < span.until]
    figured, blocking = figures(course.history, span), _blocking(snapshot, course)
    held, waited = progress.in_hand(snapshot), _waited(snapshot, course)
    return Report(
        slug=snapshot.slug,
        title=snapshot.title,
        now=snapshot.made_at,
        span=span,
        total=progress.tally(snapshot),
        figures=figured,
        verified=_landings(snapshot, course.news),
        regressed=tuple(event for event in course.news if event.kind == "regressed"),
        ready=tuple(ready),
        held=held,
        on_hold=progress.on_hold(snapshot),
        stuck=_stuck(snapshot, held, waited),
        drift=tuple(drift for status in snapshot.statuses.values() for drift in status.drift),
        blocking=blocking,
        oldest=_oldest(waited, blocking),
        load=_load(snapshot, course, span),
        credit=_kinds(credited),
        blocked=len(progress.blocked(snapshot)),
        problems=len(snapshot.graph.problems),
        goals=course.goals,
        methods=methods(credited),
    )


@lru_cache(maxsize=32)
def figures(history: History, span: Span) -> Figures:
    """Kept for as long as nothing happens."""
    stretches, passages = past.throughput(history, span), past.passed(history, span)
    return Figures(
        burn_up=past.burn_up(history, span),
        throughput=stretches,
        lead=past.lead(passages),
        leads=past.leads(history, span),
        turnout=past.turnout(history, span, span.beginnings()),
        everybody=past.turnout(history, span, [span.since])[0],
        verified=len(passages),
        regressed=sum(one.regressed for one in stretches),
        opened=len(past.moments(history.openings, span)),
    )


def _landings(snapshot: Snapshot, news: Iterable[EventView]) -> tuple[Landing, ...]:
    """One for each node that is verified now, at the newest time it became so."""
    last = {event.node: event for event in reversed(tuple(news)) if event.kind == "verified"}
    captions = {node.id: node.caption for node in snapshot.graph.nodes if node.id in last}
    names, found = _names(snapshot.credit), []
    for node, caption in captions.items():
        event = last[node]
        if snapshot.statuses[node].verified:
            by = names.get(node) or ([event.person_name] if event.person_name else [])
            found.append(Landing(node, caption, tuple(dict.fromkeys(by)), event.at))
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


@remembered(8)
def _names(credit: tuple[CreditView, ...]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for entry in credit:
        found[entry.node].append(entry.person_name)
    return found


def _kinds(credited: Iterable[CreditView]) -> tuple[CreditCount, ...]:
    """The most frequent first."""
    found = Counter((entry.kind, entry.role) for entry in credited)
    return tuple(CreditCount(*key, number) for key, number in found.most_common())


def _load(snapshot: Snapshot, course: Course, span: Span) -> Load:
    answers = len(past.moments(course.history.answers, span))
    maintainers = sum(person.role in ("maintainer", "owner") for person in snapshot.people)
    return Load(course.questions, answers, maintainers)


def _blocking(snapshot: Snapshot, course: Course) -> tuple[Waiting, ...]:
    """The work that could be done now and on which most waits."""
    open_now = [task for task in snapshot.tasks if task.readiness is Readiness.READY and task.unblocks]
    most = sorted(open_now, key=lambda task: (-task.unblocks, task.number))[:_FIRST]
    return tuple(Waiting(task, course.since(task)) for task in most)


_ARE = plural(
    "%(verified)s of %(num)s node are verified (%(share)s %%).",
    "%(verified)s of %(num)s nodes are verified (%(share)s %%).",
)
_WERE = plural(
    "%(verified)s of %(num)s node were verified (%(share)s %%).",
    "%(verified)s of %(num)s nodes were verified (%(share)s %%).",
)


def _grown(points: Sequence[Point]) -> str:
    """How the blueprint changed meanwhile, to stand behind another sentence."""
    gone = points[-1].nodes - points[0].nodes
    if not gone:
        return ""
    grown = later(", and the blueprint grew by %(count)s")
    shrunk = later(", and the blueprint shrank by %(count)s")
    return _(grown if gone > 0 else shrunk, count=abs(gone))


def _waited(snapshot: Snapshot, course: Course) -> list[Waiting]:
    """The free work, in order of numbers."""
    return [Waiting(task, course.since(task)) for task in progress.free_tasks(snapshot)]


def _oldest(waited: Iterable[Waiting], blocking: Sequence[Waiting]) -> tuple[Waiting, ...]:
    """The free work that has waited longest, but for what is told of already."""
    told = {one.task.number for one in blocking}
    known = [(one.since, one) for one in waited if one.since]
    first = (one for _, one in sorted(known, key=itemgetter(0)))
    return tuple(islice((one for one in first if one.task.number not in told), _FIRST))


def _stuck(snapshot: Snapshot, held: Sequence[TaskView], waited: Sequence[Waiting]) -> tuple[Stuck, ...]:
    now, day = snapshot.made_at, cache(date)  # much was left at the same moment
    out = [Stuck(task, why) for task in held if (why := _hindrance(task, now))]
    for one in waited:
        if one.since and now - one.since > LONG:
            out.append(Stuck(one.task, _("free since %(since)s", since=day(one.since))))
    stuck_nodes = {stuck.task.node for stuck in out}
    for task in snapshot.tasks if stuck_nodes else ():
        if task.readiness is Readiness.BLOCKED and not stuck_nodes.isdisjoint(task.blocked_by):
            out.append(Stuck(task, _("waits for another task in this list")))
    return tuple(out)


def _hindrance(task: TaskView, now: datetime) -> str | None:
    """What one of its holders said, else the first of their claims that is too old."""
    if task.stuck:
        return _("help was asked for: %(note)s", note=task.stuck)
    return next((why for claim in task.claims if (why := _overdue(claim, now))), None)


def _overdue(claim: ClaimView, now: datetime) -> str | None:
    if claim.expires and claim.expires < now:
        return _("the claim of %(name)s ended %(when)s", name=claim.person_name, when=ago(claim.expires, now))
    if now - claim.since > LONG and not claim.paused:
        return _("%(name)s has held it since %(since)s", name=claim.person_name, since=date(claim.since))
    return None


def drift_words(drift: Drift) -> str:
    """The difference, in words of ours with commands between backticks."""
    command = drift.claim.rpartition(" ")[2]
    words = (_(entry.word).lower() for status, entry in ENTRIES.items() if status == drift.fact)
    fact = next(words, drift.fact)
    if command != drift.claim:
        return _("the blueprint has no `%(command)s`, Lean says %(fact)s", command=command, fact=fact)
    return _("the blueprint has `%(command)s`, Lean says %(fact)s", command=command, fact=fact)
