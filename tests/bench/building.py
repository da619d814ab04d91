"""The building of one project by invented volunteers, event by event."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from blueprint.graph import Graph
from dashboards.snapshot import TaskView
from lean_project.facts import Facts
from lean_project.findings import Findings
from lean_project.status import Readiness, statuses
from server.work.efforts import size
from server.work.frontier import Frontier, frontier, piece, waiting
from server.work.ground import Ground, ground
from server.work.leases import Policy, Size

from .volunteers import Assumptions, Volunteer, crew

POLICY = Policy()
OFFERS = 3
AGAIN = 1.0  # days after which somebody who found nothing looks again
REST = 14.0  # days until somebody who dropped a task comes back
ENDLESS = 100_000.0
KEPT = 0.5  # of the work on a task that is given back

# What is free, who asks, when -> best first.
Order = Callable[["Site", list[TaskView], Volunteer, float], Sequence[TaskView]]


@dataclass(frozen=True, slots=True)
class Plan:
    """A project of which nothing is done yet: its tasks by piece, and which pieces wait for which."""

    name: str
    ground: Ground
    frontier: Frontier
    tasks: dict[str, TaskView]
    after: dict[str, tuple[str, ...]]
    chapters: dict[str, str]


def plan(name: str, graph: Graph) -> Plan:
    """From a blueprint as it stands, as if nobody had written any Lean; `\\notready` is passed over."""
    graph = replace(graph, nodes=tuple(replace(node, notready=False) for node in graph.nodes))
    found = Findings(graph, Facts("nothing"), statuses(graph, Facts("nothing")))
    front, tasks, resting = frontier(found), {}, waiting(graph, found.statuses)
    for node in graph.nodes:
        for work in found.statuses[node.id].work:
            view = TaskView(
                len(tasks) + 1,
                node.id,
                node.caption,
                work.kind,
                "open",
                size(node, work.kind),
                Readiness.READY,
                unblocks=resting[node.id],
            )
            tasks[piece(node.id, work.kind)] = view
    chapters = {node.id: (node.sections or ("",))[0] for node in graph.nodes}
    return Plan(name, ground(graph), front, tasks, front.follows, chapters)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Days until all was verified, and until half; the share of idle days; and what went wrong.

    `lost`: claims that came too late. `double`: tasks begun at which somebody else was already. `wasted`: of
    the days of work those that came to nothing.
    """

    days: float
    half: float
    idle: float
    lost: int
    double: int
    wasted: float


@dataclass
class Site:
    """`claims` says whether people tell each other what they are at."""

    plan: Plan
    order: Order
    assumed: Assumptions
    seed: int
    people: list[Volunteer]
    claims: bool = True
    now: float = 0.0
    policy: Policy = field(init=False)
    frontier: Frontier = field(init=False)
    kept: dict[int, tuple[float, list[int]]] = field(
        default_factory=dict
    )  # person -> until when, which numbers

    def __post_init__(self) -> None:
        self.policy = replace(POLICY, assignment=self.claims)
        self.frontier = self.plan.frontier
        self.unverified = {task.node for task in self.plan.tasks.values()}
        self._left = dict(self.plan.tasks)
        self._waits = dict.fromkeys(self._left, 0)
        for users in self.plan.after.values():
            for user in users:
                self._waits[user] += 1
        self._ready = {name for name, count in self._waits.items() if not count}
        self._workers: dict[str, list[Volunteer]] = {name: [] for name in self._left}
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._rest: dict[str, float] = {}
        self._count = self.lost = self.double = 0
        self.worked = self.wasted = self.idle = self.half = 0.0

    def run(self) -> Outcome:
        for person in self.people:
            self._later(person.random.expovariate(1 / self.assumed.pause), self._asking(person))
        while self._left and self.now < ENDLESS:
            self.now, _, act = heapq.heappop(self._events)
            act()
        share = self.idle / (self.now * len(self.people))
        return Outcome(self.now, self.half, share, self.lost, self.double, self.wasted / (self.worked or 1))

    def _later(self, days: float, act: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._events, (self.now + days, self._count, act))

    def _free(self) -> list[TaskView]:
        names = (name for name in self._ready if not (self.claims and self._workers[name]))
        return sorted((self.plan.tasks[name] for name in names), key=lambda task: task.number)

    def _asking(self, person: Volunteer) -> Callable[[], None]:
        return lambda: self._ask(person)

    def _ask(self, person: Volunteer) -> None:
        free = self._free()
        if not free:
            self.idle += AGAIN
            return self._later(AGAIN, self._asking(person))
        offers = self.order(self, free, person, self.now)[:OFFERS]
        if not offers:
            self.idle += AGAIN
            return self._later(AGAIN, self._asking(person))
        [chosen] = person.random.choices(offers, self.assumed.picks[: len(offers)])
        name = piece(chosen.node, chosen.kind)
        thought = person.random.expovariate(1 / self.assumed.thought)
        return self._later(thought, lambda: self._claim(person, name))

    def _claim(self, person: Volunteer, name: str) -> None:
        if name not in self._left or (self.claims and self._workers[name]):
            self.lost += 1
            return self._ask(person)
        if self.claims:
            self.kept.pop(person.number, None)
        self.double += bool(self._workers[name])
        self._workers[name].append(person)
        began, task = self.now, self.plan.tasks[name]
        green = person.newcomer and task.size != Size.S
        if person.random.random() < self.assumed.dropped * (3 if green else 1):
            lease = POLICY.days[Size(task.size)] + POLICY.grace
            self._later(lease, lambda: self._workers[name].remove(person) if name in self._left else None)
            return self._later(REST, self._asking(person))
        takes, longest = self._takes(person, name, green), POLICY.longest
        if takes > longest:
            return self._later(longest, lambda: self._give_back(person, name, longest / takes))
        return self._later(takes, lambda: self._finish(person, name, began))

    def _takes(self, person: Volunteer, name: str, green: bool) -> float:
        """Calendar days."""
        assumed, task = self.assumed, self.plan.tasks[name]
        truth = Random(f"{self.seed} truth {name}").lognormvariate(0, assumed.noise)
        chapter = self.plan.chapters[task.node]
        seen = {person.home} | {self.plan.chapters[node] for node in person.finished}
        factor = (assumed.green if green else 1) * (assumed.strange if chapter not in seen else 1)
        return (
            self.plan.frontier.estimates[name].days
            * truth
            * factor
            * self._rest.get(name, 1)
            / person.speed
            / assumed.day
        )

    def _give_back(self, person: Volunteer, name: str, done: float) -> None:
        """Too long for one person; somebody else goes on from half of what was done."""
        self.worked += POLICY.longest
        self._rest[name] = self._rest.get(name, 1) * (1 - done * KEPT)
        if name in self._left:
            self._workers[name].remove(person)
        self._later(person.random.expovariate(1 / self.assumed.pause), self._asking(person))

    def _finish(self, person: Volunteer, name: str, began: float) -> None:
        days = self.now - began
        self.worked += days
        self._later(self.assumed.landing, lambda: self._land(person, name, days))
        pause = person.random.expovariate(1 / self.assumed.pause)
        self._later(pause, self._asking(person))

    def _land(self, person: Volunteer, name: str, days: float) -> None:
        if self._left.pop(name, None) is None:
            self.wasted += days
            return
        person.finished.add(self.plan.tasks[name].node)
        self._ready.discard(name)
        for user in self.plan.after[name]:
            self._waits[user] -= 1
            if not self._waits[user]:
                self._ready.add(user)
        if len(self._left) * 2 <= len(self.plan.tasks) and not self.half:
            self.half = self.now
        estimates = self.plan.frontier.estimates
        self.frontier = replace(
            self.frontier,
            total=sum(estimates[left].days for left in self._left),
            longest=max((self.frontier.chains[left] for left in self._left), default=0),
        )


def built(
    plan: Plan, order: Order, assumed: Assumptions, people: int, seed: int, *, claims: bool = True
) -> Outcome:
    chapters = list(plan.chapters.values())
    return Site(plan, order, assumed, seed, crew(people, chapters, assumed, seed), claims).run()
