"""Which labels a text cites, and which of them it relies on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from blueprint.names import listed
from blueprint.tex_commands import commands

CITING = frozenset({"ref", "cref", "Cref", "autoref", "nameref", "zcref", "labelcref", "eqref"})
# Before a reference to how something is done, and not to what was shown.
LIKENESS = re.compile(
    r"\b(?:(?:proofs?|that|argument|place|instead|beginning)\s+(?:of|in|for)"
    r"|similar(?:ly)?\s+to|analogous(?:ly)?\s+to|as\s+in)"
    r"\s+(?:the\s+)?(?:[A-Z]\w*\.?)?[\s~]*\Z",
    re.IGNORECASE,
)
BEFORE = 40  # characters in which such words are looked for


@dataclass(frozen=True, slots=True)
class Citations:
    """The labels that a text cites, in order; `relied` leaves out those whose proof is to be imitated."""

    labels: tuple[str, ...] = ()
    relied: tuple[str, ...] = ()


NOTHING = Citations()


def citations(source: str) -> Citations:
    """What the LaTeX `source` cites, each label once."""
    cited = tuple(_cited(source))
    if not cited:
        return NOTHING
    labels = dict.fromkeys(label for label, _ in cited)
    return Citations(tuple(labels), tuple(dict.fromkeys(label for label, relied in cited if relied)))


def _cited(source: str) -> Iterator[tuple[str, bool]]:
    for command in commands(source, CITING):
        relied = not LIKENESS.search(source, max(0, command.start - BEFORE), command.start)
        for label in listed(source[command.opening : command.closing]):
            yield " ".join(label.split()), relied
