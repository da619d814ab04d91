"""How people want to be called, and how a name that is not to be told is kept out of a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

# Before the number of a person who hides their name.
HIDDEN = "somebody #"
_NUMBERED = re.compile(rf"{HIDDEN}(\d{{1,9}})(?!\d)")


class Naming(StrEnum):
    """Under which name a person appears."""

    REAL = "real"
    PSEUDONYM = "pseudonym"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person chose. `name` is their own; `ranked` says whether a leaderboard may show them.

    `dataset`: what they did may be part of a dataset that is published. `linked`: whoever sees their own name
    on their page sees their accounts elsewhere, too.
    """

    naming: Naming
    name: str
    pseudonym: str | None = None
    ranked: bool = True
    dataset: bool = False
    linked: bool = False


# Letters to Unicode, and nothing to the eye.
_UNSEEN = str.maketrans("", "", "\u115f\u1160\u3164\uffa0")
_LOOK_ALIKE = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")


def likeness(name: str) -> str:
    """The same text for names that look the same, but for their capitals, their width and their stops."""
    wide = unicodedata.normalize("NFKC", name).translate(_UNSEEN).casefold()
    return "".join(char for char in wide if char.isalnum())


def mixes_scripts(name: str) -> bool:
    """Whether a word of the name has letters of several scripts whose letters look alike."""
    return any(len(_scripts(word)) > 1 for word in unicodedata.normalize("NFKC", name).split())


def _scripts(word: str) -> set[str]:
    names = {unicodedata.name(char, "").split(" ")[0] for char in word if char.isalpha()}
    return names & set(_LOOK_ALIKE)


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


def renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """The text in which people who go by a number go by another one."""
    return _NUMBERED.sub(lambda found: f"{HIDDEN}{numbers.get(int(found[1]), found[1])}", text)
