"""Which node of a blueprint is which node of an earlier one, whatever its label is now. Pure.

Label, Lean names and the text of the statement are asked in turn. What they say together is sure; where they
contradict each other, or where a text is merely like another, a person has to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from blueprint.graph import Graph
from lean_project.likeness import near, normal, share, similarity

# Measured on mutated copies of six real blueprints; `docs/renames.md` has the tables.
# Fewer words say too little for a text to be known again by.
FEW_WORDS = 6
# A node that kept nothing but its label is still the same if its text is at least so much like it was.
COMPATIBLE = 0.4
# Somebody is asked about a text that is at least so much like another.
ALIKE = 0.5
# A text is part of another that has at least so much of it.
PART = 0.7
# So many nodes at most are offered for one that left.
OFFERED = 3


class Why(StrEnum):
    """What two nodes have in common."""

    LABEL = "label"
    LEAN = "Lean names"
    TEXT = "statement"
    ALIKE = "similar statement"
    PART = "part of the statement"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a node can be known again by; `text` is its statement in the normal form of `likeness`."""

    label: str
    lean: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """An old and a new label, and how alike the statements are, from 0 to 1.

    For `Why.PART` that is how much of the shorter one the longer one has.
    """

    old: str
    new: str
    why: tuple[Why, ...]
    similarity: float


@dataclass(frozen=True, slots=True)
class Matching:
    """What became of the nodes.

    `sure` has each label at most once on either side. `unsure` are questions: the old node of one is usually
    in no sure pair, else something was taken out of it or put into it. `parts` share Lean names without being
    one node. `gone` are old labels in no pair of `sure` and `unsure`, `new` the new ones in none of `sure`.
    """

    sure: tuple[Pair, ...]
    unsure: tuple[Pair, ...]
    parts: tuple[Pair, ...]
    gone: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def splits(self) -> dict[str, tuple[str, ...]]:
        """Old label -> the new ones that have Lean names of it, where those are several."""
        return _several((pair.old, pair.new) for pair in self._kin())

    @property
    def merges(self) -> dict[str, tuple[str, ...]]:
        """New label -> the old ones whose Lean names it has, where those are several."""
        return _several((pair.new, pair.old) for pair in self._kin())

    def _kin(self) -> list[Pair]:
        return [*(pair for pair in self.sure if Why.LEAN in pair.why), *self.parts]


def _several(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for key, other in pairs:
        found[key] += (other,)
    return {key: others for key, others in found.items() if len(others) > 1}


def same(old: Graph, new: Graph) -> dict[str, str]:
    """New label -> old label of the same node, for every node that surely was there before."""
    return {pair.new: pair.old for pair in match(identities(old), identities(new)).sure}


def identities(graph: Graph) -> tuple[Identity, ...]:
    """What each node of a blueprint can be known again by, in document order."""
    return tuple(Identity(node.id, node.lean, normal(node.statement.source)) for node in graph.nodes)


def match(old: Iterable[Identity], new: Iterable[Identity]) -> Matching:
    """What became of the old nodes; labels are unique on either side."""
    return _Matcher({one.label: one for one in old}, {one.label: one for one in new}).matching()


class _Matcher:
    def __init__(self, old: dict[str, Identity], new: dict[str, Identity]) -> None:
        self._old, self._new = old, new
        self._ties = _ties(old, new)
        told = [pair for pair, why in self._ties.items() if why != (Why.LABEL,)]
        self._told_old, self._told_new = {old for old, _ in told}, {new for _, new in told}
        self._sure: dict[str, Pair] = {}
        self._origin: dict[str, str] = {}

    def matching(self) -> Matching:
        for reasons in (3, 2):
            self._take([pair for pair in self._free() if len(pair.why) == reasons], self._undisputed)
        while self._take(self._free(), self._prevails):
            pass
        self._take(self._free(), self._continues)
        unsure = tuple(self._questions())
        asked = {pair.old for pair in unsure}
        return Matching(
            sure=tuple(self._sure.values()),
            unsure=unsure,
            parts=tuple(self._parts()),
            gone=tuple(label for label in self._old if label not in self._sure and label not in asked),
            new=tuple(label for label in self._new if label not in self._origin),
        )

    def _free(self) -> list[Pair]:
        """What is tied and not settled."""
        return [
            self._pair(old, new, why)
            for (old, new), why in self._ties.items()
            if old not in self._sure and new not in self._origin
        ]

    def _pair(self, old: str, new: str, why: tuple[Why, ...]) -> Pair:
        return Pair(old, new, why, self._similarity(old, new))

    def _similarity(self, old: str, new: str) -> float:
        one, other = self._old[old].text, self._new[new].text
        return float(one == other != "") or (similarity(one, other) if one and other else 0.0)

    def _take(self, pairs: list[Pair], holds: Callable[[Pair, list[Pair]], bool]) -> bool:
        """Settle those that hold against their rivals; whether there were any."""
        olds, news = _by(pairs, "old"), _by(pairs, "new")
        won = [
            pair
            for pair in pairs
            if holds(pair, [r for r in (*olds[pair.old], *news[pair.new]) if r is not pair])
        ]
        for pair in won:
            self._sure[pair.old], self._origin[pair.new] = pair, pair.old
        return bool(won)

    @staticmethod
    def _undisputed(_pair: Pair, rivals: list[Pair]) -> bool:
        return not rivals

    def _prevails(self, pair: Pair, rivals: list[Pair]) -> bool:
        """Lean names and texts go with a node that lost its label to another, unlike one."""
        if pair.why == (Why.LABEL,) or not self._is_credible(pair):
            return False
        return all(rival.why == (Why.LABEL,) and self._yields(rival, pair) for rival in rivals)

    def _is_credible(self, pair: Pair) -> bool:
        """Lean names do not make one node of two texts that have nothing in common."""
        old, new = self._says_little(pair)
        return pair.similarity >= COMPATIBLE or (pair.why == (Why.LEAN,) and (old or new))

    def _yields(self, rival: Pair, pair: Pair) -> bool:
        """A label is given up by a node unlike the one that has it, or where both have gone elsewhere."""
        if rival.similarity < ALIKE:
            return True
        elsewhere = rival.new in self._told_new if rival.old == pair.old else rival.old in self._told_old
        return elsewhere and rival.similarity < pair.similarity

    def _continues(self, pair: Pair, rivals: list[Pair]) -> bool:
        """The label alone is enough where the text is much as it was, and like no other's.

        Where there was no text worth the name, somebody has written it.
        """
        if rivals or pair.why != (Why.LABEL,):
            return False
        others = (*self._alike_old.get(pair.old, ()), *self._alike_new.get(pair.new, ()))
        likest = max((o.similarity for o in others if (o.old, o.new) != (pair.old, pair.new)), default=0.0)
        old, new = self._says_little(pair)
        if old:
            return new or likest < ALIKE
        return pair.similarity >= COMPATIBLE and pair.similarity > likest

    def _says_little(self, pair: Pair) -> tuple[bool, bool]:
        texts = self._old[pair.old].text, self._new[pair.new].text
        return len(texts[0].split()) < FEW_WORDS, len(texts[1].split()) < FEW_WORDS

    @cached_property
    def _alike(self) -> list[Pair]:
        """What of the texts that are not where they were is worth comparing."""
        old = {label: one.text for label, one in self._old.items() if self._is_moved(self._sure.get(label))}
        came = {new: self._sure[old] for new, old in self._origin.items()}
        new = {label: one.text for label, one in self._new.items() if self._is_moved(came.get(label))}
        return [self._pair(one, other, (Why.ALIKE,)) for one, other in near(old, new)]

    @staticmethod
    def _is_moved(pair: Pair | None) -> bool:
        return pair is None or pair.similarity < 1.0

    @cached_property
    def _alike_old(self) -> dict[str, list[Pair]]:
        return _by(self._alike, "old")

    @cached_property
    def _alike_new(self) -> dict[str, list[Pair]]:
        return _by(self._alike, "new")

    def _questions(self) -> Iterator[Pair]:
        """What a person has to say, by old label, the likeliest first."""
        found = {(pair.old, pair.new): pair for pair in (*self._taken_apart(), *self._candidates())}
        found |= {(pair.old, pair.new): pair for pair in self._disputed()}
        for _, pairs in sorted(_by(found.values(), "old").items()):
            yield from sorted(pairs, key=lambda pair: (-pair.similarity, pair.new))[:OFFERED]

    def _disputed(self) -> Iterator[Pair]:
        yield from self._free()
        for pair in self._parts():
            if pair.old not in self._sure:
                yield pair

    def _candidates(self) -> Iterator[Pair]:
        for pair in self._alike:
            if pair.old not in self._sure and pair.new not in self._origin and pair.similarity >= ALIKE:
                yield pair

    def _taken_apart(self) -> Iterator[Pair]:
        """Texts that a node left to another, or that two nodes put together."""
        for pair in self._alike:
            old, new = self._old[pair.old].text, self._new[pair.new].text
            after, before = self._sure.get(pair.old), self._origin.get(pair.new)
            if before is None and len(new) < len(old):
                kept, part = self._new[after.new].text if after else "", share(new, old)
                if part >= PART > share(new, kept):
                    yield Pair(pair.old, pair.new, (Why.PART,), part)
            elif after is None and len(old) < len(new):
                had, part = self._old[before].text if before else "", share(old, new)
                if part >= PART > share(old, had):
                    yield Pair(pair.old, pair.new, (Why.PART,), part)

    def _parts(self) -> Iterator[Pair]:
        for (old, new), why in self._ties.items():
            settled = self._sure.get(old)
            if Why.LEAN in why and (settled is None or settled.new != new):
                yield self._pair(old, new, why)


def _by(pairs: Iterable[Pair], side: str) -> dict[str, list[Pair]]:
    found: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        found[getattr(pair, side)].append(pair)
    return found


def _ties(old: dict[str, Identity], new: dict[str, Identity]) -> dict[tuple[str, str], tuple[Why, ...]]:
    """What an old and a new node have in common that no other has."""
    ties: dict[tuple[str, str], tuple[Why, ...]] = {(one, one): (Why.LABEL,) for one in old if one in new}
    for why, marks in ((Why.LEAN, _lean), (Why.TEXT, _text)):
        past, present = _owners(old.values(), marks), _owners(new.values(), marks)
        pairs = {(past[mark], present[mark]): None for mark in past if past[mark] and present.get(mark)}
        for pair in pairs:
            ties[pair] = (*ties.get(pair, ()), why)
    return ties


def _lean(node: Identity) -> tuple[str, ...]:
    return node.lean


def _text(node: Identity) -> tuple[str, ...]:
    return (node.text,) if node.text else ()


def _owners(nodes: Iterable[Identity], marks: Callable[[Identity], tuple[str, ...]]) -> dict[str, str]:
    """Mark -> the label of the node that has it; "" where several do."""
    owners: dict[str, str] = {}
    for node in nodes:
        for mark in marks(node):
            owners[mark] = "" if owners.get(mark, node.label) != node.label else node.label
    return owners
