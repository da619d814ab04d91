"""Invented volunteers: how fast they are, what they know, how they choose; all drawn from seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What nobody knows of volunteers, as numbers; a simulation is worth what these are.

    `speed` and `noise` are the sigmas of log-normal factors of median 1: of how fast a person is, and of how
    long a task really is compared with its estimate. `day` is the part of a day that a person gives. Work
    takes `strange` times as long in a chapter where the person neither is at home nor has finished anything,
    and what is not small `green` times as long for those who have finished nothing at all. A claim is dropped
    without a word with the chance `dropped`, three times that where it is green. `pause`, `thought` and
    `landing` are days: mean between two tasks, mean between an answer and the claim, and from a finished
    proof to its verification. `picks` are the chances that the first, second or third offer is taken.
    """

    name: str
    speed: float = 0.5
    noise: float = 0.7
    day: float = 0.5
    strange: float = 1.6
    green: float = 2.0
    newcomers: float = 0.5
    dropped: float = 0.06
    pause: float = 2.0
    thought: float = 0.05
    landing: float = 1.0
    picks: tuple[float, ...] = (0.6, 0.25, 0.15)


USUAL = Assumptions("usual")
# Estimates that say next to nothing, people who are at home everywhere, and who hesitate for a day.
CONTRARY = Assumptions(
    "contrary", speed=0.8, noise=1.3, strange=1.0, green=1.0, dropped=0.15, thought=1.0, picks=(0.4, 0.3, 0.3)
)


@dataclass(slots=True)
class Volunteer:
    """`finished` are the nodes on which work of theirs was verified; `random` is what they decide by."""

    number: int
    speed: float
    home: str
    experienced: bool
    random: Random
    finished: set[str] = field(default_factory=set)

    @property
    def newcomer(self) -> bool:
        return not self.experienced and not self.finished


def crew(count: int, chapters: Sequence[str], assumed: Assumptions, seed: int) -> list[Volunteer]:
    """`chapters`: that of each node, so that more people are at home where there is more to do."""
    return [_volunteer(number, chapters, assumed, seed) for number in range(1, count + 1)]


def _volunteer(number: int, chapters: Sequence[str], assumed: Assumptions, seed: int) -> Volunteer:
    random = Random(f"{seed} volunteer {number}")
    return Volunteer(
        number=number,
        speed=random.lognormvariate(0, assumed.speed),
        home=random.choice(chapters),
        experienced=random.random() >= assumed.newcomers,
        random=Random(f"{seed} decisions {number}"),
    )
