"""What the front page of a project shows besides its snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from dashboards.charts.figures import Figure, burn_up
from dashboards.guidelines import Guidelines
from dashboards.history import History, Span
from dashboards.history import burn_up as points
from dashboards.progress import Goal
from dashboards.report import Figures, figures
from dashboards.snapshot import EventView, TaskView

# So many tasks are shown to newcomers, and so many besides.
FIRST_TASKS, READY_SHOWN = 3, 6
_SMALL = ("S", "M")


@dataclass(frozen=True, slots=True)
class Overview:
    """`about` is the project's own line; `week` the numbers of the last seven days, `undone` what regressed
    in them, and `chart` the whole of its history. `newcomer`: the viewer has no part in the project yet.
    """

    week: Figures
    about: str = ""
    guidelines: Guidelines | None = None
    goals: Sequence[Goal] = ()
    undone: Sequence[EventView] = ()
    chart: Figure | None = None
    newcomer: bool = False


def overview(
    about: str,
    guidelines: Guidelines | None,
    goals: Sequence[Goal],
    history: History,
    undone: Sequence[EventView],
    *,
    week: Span,
    whole: Span,
    newcomer: bool,
) -> Overview:
    chart = burn_up(points(history, whole), whole)
    return Overview(figures(history, week), about, guidelines, _nearest(goals), undone, chart, newcomer)


def _nearest(goals: Sequence[Goal]) -> Sequence[Goal]:
    """The goals still to be reached, the nearest first; then the others, in the blueprint's order."""
    return sorted(goals, key=lambda goal: -goal.share if goal.share < 100 else 1)


def first_tasks(free: Sequence[TaskView]) -> list[TaskView]:
    """Good ones to begin with: the small ones among those that are suggested first."""
    small = (task for task in free if task.size in _SMALL and not task.parent)
    return sorted(islice(small, 4 * FIRST_TASKS), key=lambda task: task.size == "M")[:FIRST_TASKS]
