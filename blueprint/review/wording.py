"""Small pieces of the sentences that problems are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

from blueprint.graph import Place

# Looking for similar names takes time for each pair.
LONGEST, MOST = 200, 3000
LETTERS, SLIPS = 4, 3  # one slip for so many letters, and not more than so many
HINTS = 100  # to how many unresolved labels a similar one is looked for
NAMED = 8  # how many names one sentence holds


def shown(place: Place) -> Place | None:
    """A place for people; None where the LaTeX side knew none."""
    return place if place.file else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint with the most similar known name, or nothing; in a short name only capitals may differ."""
    best = process.extractOne(
        name[:LONGEST],
        list(islice(known, MOST)),
        scorer=OSA.distance,
        score_cutoff=min(len(name) // LETTERS, SLIPS),
        processor=str.casefold,
    )
    return f"Did you mean `{best[0]}`?" if best else ""


def enumerated(names: Sequence[str]) -> str:
    """`a`, `b` and `c`; what is too many is counted."""
    quoted = [f"`{name}`" for name in names[:NAMED]]
    if len(names) > NAMED:
        quoted.append(f"{len(names) - NAMED} more")
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def what_nodes_are(kinds: Sequence[str]) -> str:
    """A hint for what stands in no node of the graph."""
    some = [*kinds[:NAMED], *(["..."] if len(kinds) > NAMED else [])]
    return f"Nodes are: {', '.join(some)}; the package option `thms` names others."
