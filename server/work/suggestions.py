"""Which free tasks to take up next, and why, in words. Pure: the same board gives the same list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from blueprint.graph import Graph, digraph
from dashboards.snapshot import TaskView
from server.work.leases import Size

_LENGTHS = {Size.S: "small", Size.M: "middling", Size.L: "long"}
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A task that is free now, with the reasons for taking it, each a sentence."""

    task: TaskView
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """What a ranking looks at: the unverified nodes, the longest path through them, and the person."""

    graph: Graph
    unverified: frozenset[str]
    path: tuple[str, ...]
    known: frozenset[str] = frozenset()
    newcomer: bool = False


def rank(tasks: Iterable[TaskView], setting: Setting, limit: int | None = None) -> tuple[Suggestion, ...]:
    """The first free tasks, best first: on the longest path, then by how much waits, known ground, and size.

    A newcomer gets small tasks first. Ties stand in order of task numbers.
    """
    free = [task for task in tasks if task.is_free]
    near, path = _near(setting), frozenset(setting.path)

    def merit(task: TaskView) -> tuple[int, bool, int, bool, int, int]:
        ease = list(Size).index(Size(task.size))
        return (
            ease if setting.newcomer else 0,
            task.node not in path,
            -task.unblocks,
            task.node not in near,
            ease,
            task.number,
        )

    best = sorted(free, key=merit)[:limit]
    return tuple(Suggestion(task, _reasons(task, setting, near)) for task in best)


def _near(setting: Setting) -> dict[str, str]:
    """Node -> a node beside it that the person has credit for."""
    edges = digraph(setting.graph)
    beside: dict[str, str] = {}
    for name in (node.id for node in setting.graph.nodes if node.id in setting.known):
        for other in (name, *edges.successors(name), *edges.predecessors(name)):
            beside.setdefault(other, name)
    return beside


def _reasons(task: TaskView, setting: Setting, near: dict[str, str]) -> tuple[str, ...]:
    captions = {node.id: node.caption for node in setting.graph.nodes}
    reasons = [_unblocking(task, setting, captions)]
    if task.node in setting.path and len(setting.path) > 1:
        reasons.append(_on_path(task, setting.path, captions))
    if task.node in near:
        reasons.append(_familiar(task, near[task.node], captions))
    if task.state == "regressed":
        reasons.append("It was verified before and has come undone.")
    reasons.append(f"It looks {_LENGTHS[Size(task.size)]} (size {task.size}).")
    return tuple(reason for reason in reasons if reason)


def _unblocking(task: TaskView, setting: Setting, captions: dict[str, str]) -> str:
    if not task.unblocks:
        return ""
    users = digraph(setting.graph).successors(task.node)
    direct = [captions[name] for name in users if name in setting.unverified]
    return f"{_count(task.unblocks, 'node waits', 'nodes wait')} for it: {listing(direct, task.unblocks)}."


def _on_path(task: TaskView, path: Sequence[str], captions: dict[str, str]) -> str:
    if task.node == path[-1]:
        return "It ends the longest path still to go."
    return f"It lies on the longest path still to go, which leads to {captions[path[-1]]}."


def _familiar(task: TaskView, known: str, captions: dict[str, str]) -> str:
    return (
        "You worked on it before." if known == task.node else f"You worked on {captions[known]}, next to it."
    )


def listing(names: Sequence[str], total: int) -> str:
    """The first few names, and how many there are besides."""
    shown, rest = list(names[:_NAMED]), total - min(len(names), _NAMED)
    words = [*shown, f"{rest} more"] if rest > 0 else shown
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def nearest(
    tasks: Iterable[TaskView], graph: Graph, node: str, avoid: Collection[int] = ()
) -> tuple[TaskView, ...]:
    """The free tasks, those closest to `node` in the document first."""
    place = {each.id: position for position, each in enumerate(graph.nodes)}
    free = [task for task in tasks if task.is_free and task.number not in avoid]
    return tuple(sorted(free, key=lambda task: (abs(place[task.node] - place[node]), task.number)))
