"""How alike two statements are, and which of many are worth comparing. Pure."""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import Indel

# What leanblueprint's commands say is about the node, not what it states; what a reference is called
# changes with the labels of others.
_NOTES = re.compile(r"\\(?:label|lean|uses|proves|discussion)\s*\{[^{}]*\}|\\(?:leanok|notready|mathlibok)\b")
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_REFERENCE = re.compile(r"\\[A-Za-z]*ref\*?\s*\{[^{}]*\}")
_WORD = re.compile(r"\\[A-Za-z]+|[^\W\d_]+|\d+|[^\s\w{}$\\]")

# Of a long statement, its beginning is compared, in words.
COMPARED = 600
# A word that more statements than this have says nothing about which is which.
COMMON = 40
# So many of a statement's rarest words are looked up, and so many statements that share them compared.
RAREST = 16
COMPARISONS = 8


@lru_cache(maxsize=1 << 15)
def normal(source: str) -> str:
    """What a statement's LaTeX says, without notes, comments, delimiters and layout: words between blanks."""
    text = _REFERENCE.sub(r" \\ref ", _NOTES.sub(" ", _COMMENT.sub("", source)))
    return " ".join(_WORD.findall(text))


def similarity(one: str, other: str) -> float:
    """From 0 to 1, for two texts in normal form: how many of their words stand in the same order."""
    return Indel.normalized_similarity(_words(one), _words(other))


def share(part: str, whole: str) -> float:
    """From 0 to 1: how many of the pairs of neighbouring words of a text another one has too."""
    pairs, others = Counter(pairwise(_words(part))), Counter(pairwise(_words(whole)))
    return (pairs & others).total() / pairs.total() if pairs else 0.0


def near(texts: Mapping[str, str], others: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Pairs (key of a text, key of one of the others) that share rare words and so may be alike.

    The cost grows with the number of texts, not with that of the pairs: each looks up a few rare words.
    """
    holders: dict[str, list[str]] = defaultdict(list)
    for key, text in others.items():
        for word in _features(text):
            holders[word].append(key)
    for key, text in texts.items():
        yield from ((key, other) for other in _nearest(_features(text), holders))


def _nearest(features: Iterable[str], holders: Mapping[str, list[str]]) -> list[str]:
    """Those who share most, a rare word counting more than one that is not."""
    known = sorted((word for word in features if word in holders), key=lambda word: len(holders[word]))
    found: dict[str, float] = defaultdict(float)
    for word in known[:RAREST]:
        if len(holders[word]) <= COMMON:
            weight = 1 / math.log(2 + len(holders[word]))
            for other in holders[word]:
                found[other] += weight
    return heapq.nlargest(COMPARISONS, found, key=lambda other: found[other])


def _features(text: str) -> set[str]:
    """Pairs of neighbouring words, which are rarer than words."""
    return {f"{one} {other}" for one, other in pairwise(_words(text))}


def _words(text: str) -> list[str]:
    return text.split()[:COMPARED]
