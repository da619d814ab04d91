"""What nodes have in common: who stands beside whom, sections, words; and what of it somebody knows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from blueprint.graph import Graph, Node, links
from blueprint.identity import Same

# What says little of a node's matter: what stands in so many others, or in none.
_COMMON, _RARE = 0.05, 2
_READ = 2000  # characters of a statement in which words are looked for
_NAMED = 3
# How much of being at home on a node each likeness makes; two of them together are all of it.
_BESIDE, _SECTION, _CHAPTER, _TAGS, _WORDS = 0.7, 0.6, 0.3, 0.4, 0.4
_NOT_PROSE = re.compile(
    r"\\(?:\w*ref|uses|label|lean|cite\w*|begin|end)\*?\s*(?:\[[^]]*\])?\{[^}]*\}"
    r"|\$[^$]*\$|\\\(.*?\\\)|\\\[.*?\\\]|\\[A-Za-z]+",
    re.DOTALL,
)
_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class Ground:
    """Captions, users, neighbours (used or using), sections and telling words of every node."""

    captions: Mapping[str, str]
    users: Mapping[str, tuple[str, ...]]
    beside: Mapping[str, tuple[str, ...]]
    sections: Mapping[str, tuple[str, ...]]
    words: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a node has in common with those somebody knows: one beside it, section, tags, words."""

    beside: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    strength: float = 0.0


STRANGE = Likeness()


@dataclass(frozen=True, slots=True)
class Known:
    """What somebody worked on: node beside it or itself -> that node, sections, tags, how often each word."""

    beside: Mapping[str, str] = field(default_factory=dict)
    sections: frozenset[tuple[str, ...]] = frozenset()
    tags: frozenset[str] = frozenset()
    words: Mapping[str, int] = field(default_factory=dict)


NOTHING = Known()


def ground(graph: Graph) -> Ground:
    return _ground(Same(graph))


@lru_cache(maxsize=8)
def _ground(key: Same[Graph]) -> Ground:
    nodes, edges = key.value.nodes, links(key.value)
    return Ground(
        captions={node.id: node.caption for node in nodes},
        users={name: tuple(edges.succ[name]) for name in edges},
        beside={name: tuple({**edges.pred[name], **edges.succ[name]}) for name in edges},
        sections={node.id: node.sections for node in nodes},
        words=_telling({node.id: _words(node) for node in nodes}),
    )


def known(on: Ground, nodes: Collection[str], tags: Iterable[str] = ()) -> Known:
    """What whoever worked on these nodes, with these tags, knows; nodes that are gone are left out."""
    mine = [name for name in on.captions if name in nodes]
    beside = {other: name for name in reversed(mine) for other in on.beside[name]}
    return Known(
        beside={**beside, **{name: name for name in mine}},
        sections=frozenset(on.sections[name][: depth + 1] for name in mine for depth in range(2)) - {()},
        tags=frozenset(tags),
        words=Counter(word for name in mine for word in on.words[name]),
    )


def likeness(on: Ground, node: str, to: Known, tags: Iterable[str] = ()) -> Likeness:
    """How much at home somebody is on a node; `strength` is from 0 to 1."""
    if not to.beside:
        return STRANGE
    around = _nested(on.sections[node])
    section = next((part for part in around if part in to.sections), ())
    shared = tuple(tag for tag in tags if tag in to.tags)
    words = sorted(on.words[node] & to.words.keys(), key=lambda word: (-to.words[word], word))
    strength = (
        _BESIDE * (node in to.beside)
        + (0 if not section else _SECTION if section == around[0] else _CHAPTER)
        + _TAGS * bool(shared)
        + _WORDS * min(1, len(words) / _NAMED)
    )
    return Likeness(
        to.beside.get(node), section[-1] if section else None, shared, tuple(words[:_NAMED]), min(1, strength)
    )


def _nested(sections: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """A section and its chapter; deeper divisions are too small to count."""
    return tuple(sections[:depth] for depth in (2, 1) if len(sections) >= depth)


def _words(node: Node) -> frozenset[str]:
    prose = _NOT_PROSE.sub(" ", f"{node.title or ''} {node.statement.source[:_READ]}")
    return frozenset(word.casefold() for word in _WORD.findall(prose))


def _telling(words: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Without the words of the trade, which stand everywhere, and without slips, which stand once."""
    counts = Counter(word for found in words.values() for word in found)
    most = max(_RARE, _COMMON * len(words))
    telling = {word for word, count in counts.items() if _RARE <= count <= most}
    return {name: found & telling for name, found in words.items()}
