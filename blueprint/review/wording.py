"""Small pieces of the sentences that problems are made of."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from rapidfuzz import process

from blueprint.graph import Place

# Looking for similar names takes time for each pair.
LONGEST, MOST = 200, 3000


def shown(place: Place) -> Place | None:
    """A place for people; None where the LaTeX side knew none."""
    return place if place.file else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint with the most similar known name, or the empty string."""
    best = process.extractOne(name[:LONGEST], list(islice(known, MOST)), score_cutoff=75)
    return f"Did you mean `{best[0]}`?" if best else ""
