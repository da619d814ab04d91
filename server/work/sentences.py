"""Sentences of ours that are kept, and read much later: who stands in them, and whose words.

People stand in them by their numbers, and what they wrote is set apart, between private characters, which
are taken out of whatever comes from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from server.work.naming import HIDDEN, Alias, mask

_MENTION = re.compile("\ue000([0-9]{1,9})\ue001")
_QUOTED = re.compile("\ue002([^\ue002\ue003]*)\ue003")
_PRIVATE = re.compile("[\ue000-\ue005]")
_TYPED = re.compile("\ue004([^\ue004\ue005]*)\ue005")


def mention(person_id: int) -> str:
    """What stands for a person in a sentence that is kept; it is filled in with a name when that is read."""
    return f"\ue000{person_id}\ue001"


def quoted(words: str) -> str:
    """What a person wrote, within a sentence of ours that is kept."""
    return f"\ue002{foreign(words)}\ue003"


def foreign(words: str) -> str:
    """What a program said, within a sentence of ours that is kept; no name is looked for in it."""
    return _PRIVATE.sub("", words)


def typed(words: str) -> str:
    """What to type in the chat, within a sentence that is shown beside a button too."""
    return f"\ue004{words}\ue005"


def mentioning(text: str, numbers: Mapping[int, int]) -> str:
    """The kept sentence with other numbers for those who stand in it; nobody's, where one has none."""
    return _MENTION.sub(lambda found: mention(numbers.get(int(found[1]), 0)), text)


def mentioned(texts: Iterable[str]) -> frozenset[int]:
    """The numbers of those who stand in these sentences."""
    return frozenset(int(found[1]) for text in texts for found in _MENTION.finditer(text))


def filled(text: str, names: Mapping[int, str], aliases: Collection[Alias]) -> str:
    """The kept sentence under the names that people go by now.

    One word may be any word, so names of one word are looked for only in what people wrote.
    """
    theirs = mask(aliases)
    ours = mask(alias for alias in aliases if re.search(r"\s", alias.name.strip()))
    masked = _QUOTED.sub(lambda found: theirs(found[1]), ours(text))
    return _MENTION.sub(lambda found: names.get(int(found[1]), f"{HIDDEN}{found[1]}"), masked)


def spoken(text: str) -> str:
    """The sentence where one types."""
    return _TYPED.sub(r"\1", text)


def shown(text: str) -> str:
    """The sentence where one clicks."""
    return _TYPED.sub("", text)


def asks(text: str) -> bool:
    """Whether it says what to do."""
    return _TYPED.search(text) is not None
