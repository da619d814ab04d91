"""What the simulation of suggestions found, as tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean, median

from .orders import ORDERS
from .suggesting import CREWS, FIRST, Trial, of, ratio, spread
from .tables import Section, short
from .volunteers import Assumptions


def sections(found: Sequence[Trial], assumed: Assumptions) -> list[Section]:
    """In short, then project by project."""
    named = f"{assumed.name} assumptions, {len(found[0].claimed)} runs of each project"
    return [
        (f"In short: {named}, with claims", _short_with_claims(found)),
        (f"In short: {named}, nobody claims anything", _short_without_claims(found)),
        (f"Days until all is verified: {assumed.name}, with claims", _by_project(found, _days)),
        (f"Idle, and claims too late: {assumed.name}, with claims", _by_project(found, _idle)),
        (f"Begun by two at once, and days: {assumed.name}, no claims", _by_project(found, _double)),
    ]


def _short_with_claims(found: Sequence[Trial]) -> list[tuple[str, ...]]:
    head = ("people", "order", f"days, {FIRST} = 1", "days to half", "idle", "claims too late")
    rows = []
    for crew in CREWS:
        for order in ORDERS:
            own = [one for trial in of(found, crew, order) for one in trial.claimed]
            half = fmean(one.half for one in own)
            idle, lost = fmean(one.idle for one in own), fmean(one.lost for one in own)
            rows.append(
                (str(crew), order, _ratio(found, crew, order), f"{half:.0f}", f"{idle:.0%}", f"{lost:.0f}")
            )
    return [head, *rows]


def _short_without_claims(found: Sequence[Trial]) -> list[tuple[str, ...]]:
    head = ("people", "order", f"days, {FIRST} = 1", "begun by two at once", "work for nothing")
    rows = []
    for crew in CREWS:
        for order in ORDERS:
            own = [one for trial in of(found, crew, order) for one in trial.unclaimed]
            double, wasted = fmean(one.double for one in own), fmean(one.wasted for one in own)
            shown = _ratio(found, crew, order, claims=False)
            rows.append((str(crew), order, shown, f"{double:.0f}", f"{wasted:.0%}"))
    return [head, *rows]


def _ratio(found: Sequence[Trial], crew: int, order: str, *, claims: bool = True) -> str:
    if order == FIRST:
        return "1"
    middle, low, high = ratio(found, crew, order, claims=claims)
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def _by_project(found: Sequence[Trial], cell: Callable[[Trial], str]) -> list[tuple[str, ...]]:
    rows = [("", "people", *ORDERS)]
    for name in dict.fromkeys(trial.project for trial in found):
        own = [trial for trial in found if trial.project == name]
        rows += [
            (name, str(crew), *(cell(trial) for order in ORDERS for trial in of(own, crew, order)))
            for crew in CREWS
        ]
    return rows


def _days(trial: Trial) -> str:
    """Median and quartiles."""
    return "{:.0f} ({:.0f} to {:.0f})".format(*spread(trial.days()))


def _idle(trial: Trial) -> str:
    idle, lost = (fmean(getattr(one, name) for one in trial.claimed) for name in ("idle", "lost"))
    return f"{idle:.0%}, {lost:.0f}"


def _double(trial: Trial) -> str:
    days = median(trial.days(claims=False))
    return f"{fmean(one.double for one in trial.unclaimed):.0f}, {days:.0f}"


def costs(seconds: Mapping[str, float], nodes: int) -> Section:
    rows = [(words, short(took)) for words, took in seconds.items()]
    return f"One suggestion in a project of {nodes:,} nodes", [("", "time"), *rows]
