"""Names that may deceive their readers: letters that look like others, and what cannot be seen. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

# Letters of other scripts that a reader takes for Latin ones; Greek ones that mathematicians tell apart stay.
_TWINS = str.maketrans(
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳАВЕЅІЈКМНОРСТХУаеорсухѕіјԁԛԝһӏսօոհցզոᴏᴠᴡᴢℓ∣ǀ０１２３４５６７８９",
    "ABEZHIKMNOPTYXocjABESIJKMHOPCTXYaeopcyxsijdqwhlsonhgqnovwzl||0123456789",
)
_LETTERS = re.compile(r"[^\W\d_]+")
_RARE = frozenset({"CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC", "GEORGIAN", "LISU"})


def warnings(name: str, others: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """What a reader of a name should know. `others` has the names of the project by `skeleton`."""
    found = []
    if any(unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp", "Co", "Cn") for char in name):
        found.append("Its name holds characters that cannot be seen.")
    if mixed := _mixed(name):
        found.append(f"Its name mixes letters of different scripts that look alike: {mixed}.")
    if twins := sorted(set(others.get(skeleton(name), ())) - {name}):
        found.append(f"Its name looks like that of another declaration: {twins[0]}.")
    return tuple(found)


def skeleton(name: str) -> str:
    """What is left of a name when letters that look alike are one and what cannot be seen is gone."""
    seen = (char for char in name.translate(_TWINS) if unicodedata.category(char) not in ("Cc", "Cf"))
    return unicodedata.normalize("NFKC", "".join(seen)).translate(_TWINS)


def _mixed(name: str) -> str:
    """The letters, with their names, that sit among Latin ones and look Latin."""
    odd: dict[str, None] = {}
    for word in _LETTERS.findall(name):
        scripts = {char: unicodedata.name(char, "?").split()[0] for char in word}
        if "LATIN" in scripts.values():
            strange = (c for c, script in scripts.items() if script in _RARE or _is_twin(c, script))
            odd.update(dict.fromkeys(strange))
    return ", ".join(unicodedata.name(char, "?").lower() for char in odd)


def _is_twin(char: str, script: str) -> bool:
    return script != "LATIN" and char.isalpha() and char.translate(_TWINS) != char
