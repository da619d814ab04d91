"""How people want to be called, and how a name that is not to be told is kept out of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
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


def masked(text: str, aliases: Iterable[Alias]) -> str:
    """The text with every name that is not to be told replaced, wherever it stands as a word of its own."""
    for alias in sorted(aliases, key=lambda alias: -len(alias.name)):
        pattern, shown = rf"(?<!\w){re.escape(alias.name)}(?!\w)", alias.shown.replace("\\", r"\\")
        text = re.sub(pattern, shown, text, flags=re.IGNORECASE)
    return text
