"""What the order of suggestions is worth: many simulated projects, and what one suggestion costs."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from math import exp, log
from pathlib import Path
from random import Random
from statistics import fmean, median, quantiles

from blueprint.graph import Node
from blueprint.reader import read
from lean_project.facts import Facts
from lean_project.findings import Findings
from lean_project.status import statuses
from server.records.people import Person
from server.service import people, suggestions
from server.service.settlement import Merged, settle
from server.store import Database
from server.work.permissions import Role

from . import graphs
from .building import Outcome, built, plan
from .orders import ORDERS
from .synthetic import Plan, prose
from .volunteers import Assumptions

CREWS = (5, 20, 100)
FIRST = "random"  # what the others are compared with
RESAMPLED = 400


@dataclass(frozen=True, slots=True)
class Trial:
    """One project, crew and order: the outcomes of all seeds, with claims and without."""

    project: str
    crew: int
    order: str
    claimed: tuple[Outcome, ...]
    unclaimed: tuple[Outcome, ...]

    def days(self, claims: bool = True) -> list[float]:
        return [one.days for one in (self.claimed if claims else self.unclaimed)]


def trials(folder: Path, assumed: Assumptions, runs: int) -> list[Trial]:
    """Every crew and order on the blueprint in the folder."""
    building = plan(folder.name, read(folder / "blueprint/src/web.tex", folder))
    return [
        Trial(
            folder.name,
            crew,
            name,
            tuple(built(building, order, assumed, crew, seed) for seed in range(runs)),
            tuple(built(building, order, assumed, crew, seed, claims=False) for seed in range(runs)),
        )
        for crew in CREWS
        for name, order in ORDERS.items()
    ]


def compared(folders: Sequence[Path], assumed: Assumptions, runs: int, jobs: int) -> list[Trial]:
    """On all blueprints, in so many processes; the result does not depend on how many."""
    with ProcessPoolExecutor(jobs) as pool:
        return [
            one for found in pool.map(partial(trials, assumed=assumed, runs=runs), folders) for one in found
        ]


def of(found: Sequence[Trial], crew: int, order: str) -> list[Trial]:
    return [trial for trial in found if (trial.crew, trial.order) == (crew, order)]


def ratio(
    found: Sequence[Trial], crew: int, order: str, *, claims: bool = True
) -> tuple[float, float, float]:
    """Days compared with `FIRST`: the geometric mean over projects, and where 90 % of resamplings lie."""
    pairs = [
        (one.days(claims), other.days(claims))
        for one, other in zip(of(found, crew, order), of(found, crew, FIRST), strict=True)
    ]
    random = Random(f"{crew} {order}")
    runs = len(pairs[0][0])
    drawn = sorted(_ratio(pairs, random.choices(range(runs), k=runs)) for _ in range(RESAMPLED))
    return _ratio(pairs, range(runs)), drawn[RESAMPLED // 20], drawn[-RESAMPLED // 20]


def _ratio(pairs: Sequence[tuple[list[float], list[float]]], seeds: Sequence[int]) -> float:
    means = ((fmean(a[seed] for seed in seeds), fmean(b[seed] for seed in seeds)) for a, b in pairs)
    return exp(fmean(log(one / other) for one, other in means))


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Median and quartiles."""
    low, _, high = quantiles(values, n=4)
    return median(values), low, high


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds on the clock and of the processor: medians."""

    what: str
    clock: float
    processor: float


def costs(nodes: int) -> Iterator[Took]:
    """What people wait for, in a project of so many nodes of which nothing is done."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with tempfile.TemporaryDirectory(prefix="chantier-bench-") as folder:
        database = Database(f"sqlite:///{folder}/chantier.db")
        with database.begin() as store:
            project = store.projects.add("large", "Large", folder, None, now)
            commit = store.projects.add_commit(project.id, "a" * 40, now, "Nobody", "Start", now)
            found = _large(nodes)
            store.projects.add_findings(commit, found, now)
            settle(store, project, found, Merged({}, "a" * 40, now), now)
            guests = [people.add(store, f"Guest {n}", Role.CONTRIBUTOR, now) for n in range(6)]

        def offered(guest: Person) -> None:
            with database.begin() as store:
                suggestions.offer(store, project, guest, now=now)

        yield _took("the first after a check", [partial(offered, guests[0])])
        yield _took("every other", [partial(offered, guest) for guest in guests[1:]])
        database.close()


def _took(what: str, questions: Sequence[Callable[[], None]]) -> Took:
    clock, processor = [], []
    for ask in questions:
        began = time.perf_counter(), time.process_time()
        ask()
        clock.append(time.perf_counter() - began[0])
        processor.append(time.process_time() - began[1])
    return Took(what, median(clock), median(processor))


def _large(nodes: int) -> Findings:
    random, bare = Random("large"), graphs.graph(Plan(nodes))
    graph = replace(bare, nodes=tuple(_told(node, random) for node in bare.nodes))
    facts = Facts("nothing")
    return Findings(graph, facts, statuses(graph, facts))


def _told(node: Node, random: Random) -> Node:
    """With a text of the usual length, in a section of ten nodes and a chapter of forty."""
    place = int(node.id.rpartition(":")[2])
    proof = node.proof and replace(node.proof, source=prose(random, 6))
    return replace(
        node,
        number=str(place),
        statement=replace(node.statement, source=prose(random, 3)),
        proof=proof,
        sections=(f"Chapter {place // 40}", f"Section {place // 10}"),
    )
