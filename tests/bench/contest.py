"""One blueprint, all ways of reading it, in turns: ours, theirs, ours, theirs..."""

from __future__ import annotations

import os
import shutil
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from . import floor, rival
from .measuring import Cost, FailedError, Sample, run
from .subjects import Subject, copy

PLAIN, REPAIRED = "leanblueprint", "repaired"
COLD, UNCHANGED, EDITED = "cold", "unchanged", "edited"
FLOOR = "floor"
RIVALS = {PLAIN: rival.AS_IT_IS, REPAIRED: rival.AS_IT_COULD_BE}
VERB = (str(Path(sys.executable).with_name("chantier")), "graph", "--json")
WIDE = (sys.executable, "-m", "tests.bench.reading")

Say = Callable[[str], None]
Way = tuple[str, Callable[[], Cost]]


@dataclass(frozen=True, slots=True)
class Rules:
    """How often each is measured, for how many seconds at most, which rivals run, and our command."""

    repeat: int = 3
    limit: float = 600
    rivals: tuple[str, ...] = tuple(RIVALS)
    ours: tuple[str, ...] | None = VERB


@dataclass(slots=True)
class Result:
    """What reading `subject` cost, by way; `failures` says why there is nothing for a way."""

    name: str
    nodes: int
    characters: int
    edited: str
    share: float
    samples: dict[str, Sample] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    def times(self, way: str) -> float | None:
        """How many times as long as ours, cold, the way takes."""
        one, other = self.samples.get(way), self.samples.get(COLD)
        return one.typical / other.typical if one and other else None

    def work(self, way: str) -> float | None:
        """The same for processor time, which a busy machine disturbs less."""
        one, other = self.samples.get(way), self.samples.get(COLD)
        return one.cpu / other.cpu if one and other else None


def held(subject: Subject, rules: Rules, say: Say) -> Result:
    """The project itself stays as it is; everything happens in copies."""
    share = round(subject.share, 3)
    result = Result(subject.name, subject.nodes, subject.characters, subject.chapter.as_posix(), share)
    costs: dict[str, list[Cost]] = defaultdict(list)
    with ExitStack() as stack:
        ours, cache = stack.enter_context(copy(subject.folder)), stack.enter_context(copy())
        for count in range(rules.repeat):
            for way, measure in _round(subject, ours, cache, rules, count):
                if way not in result.failures:
                    say(f"{subject.name}: {way}, {count + 1} of {rules.repeat}")
                    try:
                        costs[way].append(measure())
                    except FailedError as failure:
                        result.failures[way] = str(failure)
    result.samples = {way: Sample(tuple(runs)) for way, runs in costs.items() if runs}
    return result


def _round(subject: Subject, ours: Path, cache: Path, rules: Rules, count: int) -> Iterator[Way]:
    for name in rules.rivals:
        yield name, partial(_theirs, subject, RIVALS[name], rules.limit)
    if rules.ours is None:
        return
    environment = os.environ | {"CHANTIER_CACHE": str(cache)}
    measure = partial(run, (*rules.ours, str(ours)), Path.cwd(), environment, rules.limit)
    _empty(cache)
    yield COLD, measure
    yield UNCHANGED, measure
    _edit(ours / subject.chapter, count)
    yield EDITED, measure
    yield FLOOR, partial(floor.cost, subject.folder)


def _theirs(subject: Subject, command: tuple[str, ...], limit: float) -> Cost:
    """Always from a fresh copy: what it wrote once would be read the next time."""
    with copy(subject.folder) as folder:
        (folder / "blueprint" / "web").mkdir()
        return run(command, folder / "blueprint" / "src", rival.environment(), limit)


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _edit(chapter: Path, count: int) -> None:
    """One more sentence at the beginning of a proof, or at the end of a file that has none."""
    text = chapter.read_text()
    head, begin, rest = text.partition("\\begin{proof}")
    chapter.write_text(f"{head}{begin}\nThis is sentence {count} of the edit.\n{rest}")
