"""How surely nodes are known again after edits, and what that costs."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from blueprint.reader import read
from lean_project import renames
from lean_project.likeness import similarity
from lean_project.renames import Identity, identities, match

from .mutations import EDITS, EXCHANGED, KEPT, MERGED, Author, Tally, trial
from .tables import Section

# How many nodes are edited, and how many have Lean names.
RATES, LEANS = (0.1, 0.5, 1.0), (1.0, 0.5, 0.0)
TRIED = {
    "ALIKE": (0.2, 0.3, 0.4, 0.5, 0.6, 0.7),
    "PART": (0.5, 0.6, 0.7, 0.8, 0.9),
    "FEW_WORDS": (2, 4, 6, 8, 12),
}

Blueprints = dict[str, Sequence[Identity]]


def blueprints(folders: Sequence[Path]) -> Blueprints:
    return {folder.name: identities(read(folder / "blueprint/src/web.tex", folder)) for folder in folders}


def found(given: Blueprints, seeds: int) -> Iterator[Section]:
    """What became of all nodes, and of those edited in each way."""
    rows, total = [], Tally()
    for leans in LEANS:
        for rate in RATES:
            tally = trial(given, seeds, rate, leans)
            rows.append((f"{leans:.0%}", f"{rate:.0%}", *_counts(tally), str(tally.idle)))
            for part in ("sure", "asked", "missed"):
                getattr(total, part).update(getattr(tally, part))
    head = ("have Lean names", "edited", "sure", "guessed wrongly", "asked", "missed", "idle questions")
    yield "Nodes of edited copies", [head, *rows]
    edits = [(edit, *(_share(total, part, edit) for part in ("sure", "asked", "missed")))
             for edit in (KEPT, *EDITS, EXCHANGED, MERGED) if _sum(total, edit)]  # fmt: skip
    yield "By edit", [("edit", "sure", "asked", "missed"), *edits]


def _counts(tally: Tally) -> tuple[str, ...]:
    sure, asked, missed = (sum(part.values()) for part in (tally.sure, tally.asked, tally.missed))
    return f"{sure:,}", str(len(tally.wrong)), f"{asked:,}", str(missed)


def _sum(tally: Tally, edit: str) -> int:
    return tally.sure[edit] + tally.asked[edit] + tally.missed[edit]


def _share(tally: Tally, part: str, edit: str) -> str:
    return f"{100 * getattr(tally, part)[edit] / _sum(tally, edit):.1f} %"


def thresholds(given: Blueprints, seeds: int) -> Iterator[Section]:
    """What each constant would do at other values, half of the nodes edited and half with Lean names."""
    for name, values in TRIED.items():
        rows = [_with(name, value, given, seeds) for value in values]
        yield f"`{name}`", [("value", "sure", "guessed wrongly", "asked", "missed", "idle questions"), *rows]


def _with(name: str, value: float, given: Blueprints, seeds: int) -> tuple[str, ...]:
    ours = getattr(renames, name)
    setattr(renames, name, value)
    try:
        tally = trial(given, seeds, 0.5, 0.5)
    finally:
        setattr(renames, name, ours)
    return (f"{value}{' (ours)' if value == ours else ''}", *_counts(tally), str(tally.idle))


def likeness(given: Blueprints) -> Section:
    """How alike different statements of a blueprint are, and one and the same after rewording."""
    chance = random.Random(3)
    alike: dict[str, list[float]] = {"different statements": []}
    for nodes in given.values():
        author = Author(chance, [word for node in nodes for word in node.text.split()], nodes)
        told = [node for node in nodes if len(node.text.split()) >= renames.FEW_WORDS]
        for node in told:
            others = chance.sample(told, min(len(told), 50))
            alike["different statements"] += [similarity(node.text, o.text) for o in others if o is not node]
            for name, rate in (("a tenth", 0.1), ("a third", 0.3), ("two thirds", 0.6)):
                text = author.reworded(node, rate).text
                alike.setdefault(f"reworded by {name}", []).append(similarity(node.text, text))
    points = (0.01, 0.1, 0.5, 0.9, 0.99)
    rows = [
        (name, *(f"{sorted(found)[int(len(found) * p)]:.2f}" for p in points))
        for name, found in alike.items()
    ]
    return "Similarity", [("of the pairs, below it are", "1 %", "10 %", "50 %", "90 %", "99 %"), *rows]


def times(given: Blueprints, sizes: Sequence[int]) -> Section:
    """A blueprint of so many nodes against one that was edited, with no Lean name to help."""
    nodes = [node for those in given.values() for node in those]
    author = Author(random.Random(7), [word for node in nodes for word in node.text.split()], nodes)
    rows = [(f"{size:,}", *(f"{seconds:.2f} s" for seconds in _times(author, nodes, size))) for size in sizes]
    return "Time", [("nodes", "one in 20 renamed", "all reworded", "all renamed and reworded"), *rows]


def _times(author: Author, nodes: Sequence[Identity], size: int) -> Iterator[float]:
    old = [
        author.reworded(Identity(f"node:{at}", (), nodes[at % len(nodes)].text), 0.4) for at in range(size)
    ]
    reworded = [author.reworded(node, 0.1) for node in old]
    renamed = [replace(node, label=f"new:{node.label}") for node in reworded]
    for new in ([*renamed[: size // 20], *old[size // 20 :]], reworded, renamed):
        begun = time.perf_counter()
        match(old, new)
        yield time.perf_counter() - begun
