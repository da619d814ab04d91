"""Which free tasks to take up next, for somebody in particular. Pure: the same board gives the same list."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from blueprint.graph import Graph
from dashboards.snapshot import TaskView
from lean_project.status import Formal, NodeStatus
from server.work.frontier import Frontier, piece
from server.work.ground import NOTHING, Ground, Known, likeness
from server.work.leases import Size
from server.work.transitions import State

# How much being entirely at home on a node counts, beside a task upon which all the time to go depends.
AT_HOME = 0.5
# The same of a task on which everything rests that is not verified, though it need not wait.
RESTING = 0.2
_FREE = frozenset({State.OPEN, State.REGRESSED})
_NAMED = 3
_LENGTHS = {size.value: place for place, size in enumerate(Size)}


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody to ask, who lets their name be shown."""

    person_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: what they know, whether nothing of theirs was verified yet, anywhere, and who it is."""

    known: Known = NOTHING
    newcomer: bool = False
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a ranking looks at.

    `crew`: how many people are at work. `reserved`: the numbers of the tasks that others were just offered.
    `unverified`: the nodes that are. `doubtful`: those on which nobody should begin anything. `helpers`:
    by node, who did formal work on it, the asker perhaps among them. `hosts`: who helps a newcomer with
    anything.
    """

    frontier: Frontier
    ground: Ground
    asker: Asker = Asker()
    crew: int = 1
    reserved: Collection[int] = frozenset()
    unverified: Collection[str] = frozenset()
    doubtful: Collection[str] = frozenset()
    helpers: Mapping[str, Sequence[Helper]] = field(default_factory=dict)
    hosts: Sequence[Helper] = ()


def is_in_doubt(status: NodeStatus) -> bool:
    """Whether the statement may not be what is meant: it moved since it was agreed, or is less than claimed.

    That Lean has a statement of which the author has not heard yet makes it no worse.
    """
    claims_too_much = any(
        drift.part == "statement" and drift.claim != "no \\leanok" for drift in status.drift
    )
    return status.statement.formal is Formal.DRIFTED or claims_too_much


class Worths:
    """What tasks were found to be worth in settings that judge alike; those that changed are judged anew."""

    def __init__(self) -> None:
        self._found: dict[int, tuple[TaskView, TaskView, float]] = {}

    def of(self, task: TaskView, judged: TaskView, judge: Callable[[TaskView, TaskView], float]) -> float:
        known = self._found.get(task.number)
        if known is not None and known[0] is task and known[1] is judged:
            return known[2]
        worth = judge(task, judged)
        self._found[task.number] = (task, judged, worth)
        return worth


def order(tasks: Iterable[TaskView], setting: Setting, worths: Worths | None = None) -> list[TaskView]:
    """The tasks that can be offered, best first: what decides when all is done, and what suits the asker.

    A newcomer gets short ones first. What others were offered a moment ago comes last, but a newcomer gets
    nothing long before it. Ties stand in order of task numbers. `worths` are those found before for the same
    frontier, ground, crew, unverified nodes, and knowledge of the asker.
    """
    tasks, worths = list(tasks), worths or Worths()
    horizon, whole = setting.frontier.horizon(setting.crew), {task.number: task for task in tasks}

    def judge(task: TaskView, judged: TaskView) -> float:
        return _worth(task, judged, setting, horizon)

    def merit(task: TaskView) -> tuple[bool, bool, int, float, int]:
        ease = _LENGTHS[task.size] if setting.asker.newcomer else 0
        reserved = task.number in setting.reserved
        worth = worths.of(task, whole.get(task.parent or 0, task), judge)
        return (ease == len(Size) - 1, reserved, ease, -worth, task.number)

    return sorted((task for task in tasks if _may_be_offered(task, setting)), key=merit)


def _worth(task: TaskView, judged: TaskView, setting: Setting, horizon: float) -> float:
    """The share of the time to go that hangs on the task, how much rests on it, and how it suits the asker.

    On a piece of a task hangs what hangs on the whole, which is `judged` in its stead.
    """
    urgency = setting.frontier.chains.get(piece(judged.node, judged.kind), 0) / (horizon or 1)
    resting = task.unblocks / (len(setting.unverified) or 1)
    home = likeness(setting.ground, task.node, setting.asker.known, task.tags).strength
    return urgency + RESTING * resting + AT_HOME * home


def _may_be_offered(task: TaskView, setting: Setting) -> bool:
    return task.is_free and task.state in _FREE and task.node not in setting.doubtful


def listing(names: Sequence[str], total: int) -> str:
    """The first few names, and how many there are besides."""
    shown, rest = list(names[:_NAMED]), total - min(len(names), _NAMED)
    words = [*shown, f"{rest} more"] if rest > 0 else shown
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def nearest(
    tasks: Iterable[TaskView], graph: Graph, node: str, avoid: Collection[int] = ()
) -> tuple[TaskView, ...]:
    """The free tasks, those closest to `node` in the document first."""
    place = {each.id: position for position, each in enumerate(graph.nodes)}
    free = [task for task in tasks if task.is_free and task.number not in avoid]
    return tuple(sorted(free, key=lambda task: (abs(place[task.node] - place[node]), task.number)))
