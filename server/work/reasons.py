"""Why a task is suggested, in sentences. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from dashboards.snapshot import TaskView
from dashboards.viewing import Suggested
from lean_project.status import TaskKind
from server.work.efforts import Estimate
from server.work.frontier import node_of, piece
from server.work.ground import Likeness, likeness
from server.work.leases import Size
from server.work.suggestions import Helper, Setting, listing, order
from server.work.transitions import State

_LENGTHS = {Size.S: "small", Size.M: "medium", Size.L: "large"}


class Ranking(Sequence[Suggested]):
    """Tasks that are free now, best first; why, each reason a sentence, is found out as one is looked at."""

    def __init__(self, tasks: Sequence[TaskView], setting: Setting) -> None:
        self.tasks, self._setting = tuple(tasks), setting

    def __len__(self) -> int:
        return len(self.tasks)

    @overload
    def __getitem__(self, place: int) -> Suggested: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Suggested, ...]: ...

    def __getitem__(self, place: int | slice) -> Suggested | tuple[Suggested, ...]:
        if isinstance(place, slice):
            return tuple(map(self._told, self.tasks[place]))
        return self._told(self.tasks[place])

    def _told(self, task: TaskView) -> Suggested:
        return Suggested(task, tuple(_reasons(task, self._setting)))


def suggest(tasks: Iterable[TaskView], setting: Setting, limit: int | None = None) -> Ranking:
    """The first tasks in order, each with all that speaks for it."""
    return Ranking(order(tasks, setting)[:limit], setting)


def _reasons(task: TaskView, setting: Setting) -> Iterator[str]:
    like = likeness(setting.ground, task.node, setting.asker.known, task.tags)
    yield from _unblocking(task, setting)
    yield from _critical(task, setting)
    yield from _familiar(task, like, setting)
    if task.state == State.REGRESSED:
        yield "It was verified before and has come undone."
    yield from _size(task, setting)
    yield from _help(task, setting)
    if task.number in setting.reserved:
        yield "It was offered to somebody else a short while ago, who may take it."


def _unblocking(task: TaskView, setting: Setting) -> Iterator[str]:
    """What cannot begin before it; where nothing waits for that, what is not verified before it."""
    name, captions = piece(task.node, task.kind), setting.ground.captions
    waiting = setting.frontier.waiting.get(name, 0)
    if waiting:
        opened = dict.fromkeys(map(node_of, setting.frontier.follows[name]))
        first = ["its own proof" if node == task.node else captions[node] for node in opened]
        yield f"{_count(waiting, 'task waits', 'tasks wait')} for it: {listing(first, waiting)}."
    elif task.unblocks:
        first = [captions[node] for node in setting.ground.users[task.node] if node in setting.unverified]
        yield f"{_count(task.unblocks, 'node rests', 'nodes rest')} on it: {listing(first, task.unblocks)}."


def _critical(task: TaskView, setting: Setting) -> Iterator[str]:
    name = piece(task.node, task.kind)
    goal = setting.frontier.goals.get(name)
    if goal is not None:
        way = f"on the critical path to {setting.ground.captions[goal]}"
        long = _days(setting.frontier.chains[name])
        yield f"It is {'itself a goal' if goal == task.node else way}: {long} from here on."


def _familiar(task: TaskView, like: Likeness, setting: Setting) -> Iterator[str]:
    if like.beside == task.node:
        yield "You worked on it before."
    elif like.beside is not None:
        yield f"You worked on {setting.ground.captions[like.beside]}, next to it."
    elif like.section is not None:
        yield f"You worked in the same section, {like.section}."
    if like.tags:
        yield f"It is tagged like what you worked on: {listing(like.tags, len(like.tags))}."
    if like.words and like.beside != task.node:
        yield f"It shares words with what you worked on: {listing(like.words, len(like.words))}."


def _size(task: TaskView, setting: Setting) -> Iterator[str]:
    found, size = setting.frontier.estimates.get(piece(task.node, task.kind)), Size(task.size)
    if found and found.extent.size is not size:
        yield f"A maintainer calls it {_LENGTHS[size]} (size {size})."
    else:
        why = f": {_measured(task, found)}" if found else ""
        yield f"It looks {_LENGTHS[size]} (size {size}){why}."


def _measured(task: TaskView, found: Estimate) -> str:
    what = "proof" if task.kind == TaskKind.PROVE else "statement"
    characters = _count(found.extent.characters, "character of", "characters of")
    text = f"{characters if found.extent.characters else 'no'} informal {what}"
    results = _count(found.extent.results, "result used", "results used")
    if found.pace is None:
        return f"{text}, {results}"
    return f"{text}, {results}, and {found.pace.count} like it took {_days(found.pace.days)} here"


def _help(task: TaskView, setting: Setting) -> Iterator[str]:
    """Who knows the node or one beside it; for a newcomer there is somebody in any case."""
    around = (task.node, *setting.ground.beside[task.node])
    able = [(helper, node) for node in around for helper in _others(setting.helpers.get(node, ()), setting)]
    times = Counter(helper for helper, _ in able)
    if able:
        helper, node = max(able, key=lambda pair: times[pair[0]])
        where = "it" if node == task.node else f"{setting.ground.captions[node]}, next to it"
        yield f"{helper.name} worked on {where}, and may help."
    elif setting.asker.newcomer and setting.hosts:
        # In turns, so that it is not always the same one who is asked.
        yield f"{setting.hosts[task.number % len(setting.hosts)].name} helps if you get stuck."


def _others(helpers: Iterable[Helper], setting: Setting) -> Iterator[Helper]:
    return (helper for helper in helpers if helper.person_id != setting.asker.person_id)


def _days(days: float) -> str:
    return f"about {_count(max(1, round(days)), 'day', 'days')}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number or 'no'} {one if number == 1 else many}"
