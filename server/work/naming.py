"""How people want to be called, and how a name that is not to be told is kept out of a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

# Before the number of a person who hides their name.
HIDDEN = "somebody #"


class Naming(StrEnum):
    """Under which name a person appears."""

    REAL = "real"
    PSEUDONYM = "pseudonym"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person chose. `name` is their own; `ranked` says whether a leaderboard may show them."""

    naming: Naming
    name: str
    pseudonym: str | None = None
    ranked: bool = True


@dataclass(frozen=True, slots=True)
class Alias:
    """A name that is not to be told, and what others are told instead."""

    name: str
    shown: str


def mask(aliases: Iterable[Alias]) -> Callable[[str], str]:
    """What replaces, in a text that people wrote, the names that are not to be told, where they are words.

    Of a name of one word, capitals count: whoever hides `Grace` takes no grace away. One of a single letter
    is left, unless there is nothing else.
    """
    shown = {alias.name.strip(): alias.shown for alias in aliases if alias.name.strip()}
    if not shown:
        return str
    folded = {name.casefold(): alias for name, alias in shown.items()}
    long = (name for name in sorted(shown, key=len, reverse=True) if len(name) > 1)
    pattern = re.compile("|".join(map(_whole, long)) or r"(?!)")

    def told(text: str) -> str:
        alone = folded.get(text.strip().casefold())
        return alone or pattern.sub(lambda found: folded.get(found[0].casefold(), HIDDEN + "?"), text)

    return told


def _whole(name: str) -> str:
    case = "i" if re.search(r"\s", name) else ""
    return rf"(?<!\w)(?{case}:{re.escape(name)})(?!\w)"
