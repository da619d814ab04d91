"""Copies of a blueprint's nodes as authors might have edited them, each with the nodes that it really was."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from lean_project.renames import FEW_WORDS, Identity, Matching, match


@dataclass(frozen=True, slots=True)
class Edited:
    """A node afterwards: what it was before (nothing where it is new), and what was done to it."""

    node: Identity
    origins: frozenset[str]
    edit: str


@dataclass(slots=True)
class Author:
    """Edits nodes; `words` are those of the blueprint, `strangers` the nodes of others."""

    chance: random.Random
    words: Sequence[str]
    strangers: Sequence[Identity]
    made: int = 0

    def label(self) -> str:
        self.made += 1
        return f"label:{self.made}"

    def reworded(self, node: Identity, rate: float) -> Identity:
        """With some words replaced, left out, and put in."""
        words: list[str] = []
        for word in node.text.split():
            dice = self.chance.random()
            if dice < rate / 2:
                words.append(self.chance.choice(self.words))
            elif dice >= rate * 3 / 4:
                words += [word, self.chance.choice(self.words)] if dice < rate else [word]
        return replace(node, text=" ".join(words))

    def stranger(self, label: str, lean: tuple[str, ...] = ()) -> Edited:
        text = self.chance.choice(self.strangers).text
        return Edited(Identity(label, lean, text), frozenset(), "new")


Edit = Callable[[Author, Identity], list[Identity | Edited]]


def _renamed(node: Identity) -> Identity:
    return replace(node, lean=tuple(f"{name}.again" for name in node.lean))


def _halves(author: Author, node: Identity, label: str) -> list[Identity | Edited]:
    words = node.text.split()
    half = len(words) // 2
    if half < FEW_WORDS:
        return [node]
    return [
        replace(node, label=label, text=" ".join(words[:half])),
        Identity(author.label(), (), " ".join(words[half:])),
    ]


def _elsewhere(author: Author, node: Identity, rate: float) -> list[Identity | Edited]:
    return [author.reworded(replace(node, label=author.label()), rate), author.stranger(node.label)]


EDITS: dict[str, Edit] = {
    "relabelled": lambda a, n: [replace(n, label=a.label())],
    "reworded by a tenth": lambda a, n: [a.reworded(n, 0.1)],
    "reworded by a third": lambda a, n: [a.reworded(n, 0.3)],
    "reworded by two thirds": lambda a, n: [a.reworded(n, 0.6)],
    "relabelled, reworded by a tenth": lambda a, n: [a.reworded(replace(n, label=a.label()), 0.1)],
    "relabelled, reworded by a third": lambda a, n: [a.reworded(replace(n, label=a.label()), 0.3)],
    "relabelled, reworded by two thirds": lambda a, n: [a.reworded(replace(n, label=a.label()), 0.6)],
    "other Lean names": lambda a, n: [_renamed(n)],
    "other Lean names and label": lambda a, n: [replace(_renamed(n), label=a.label())],
    "other Lean names, label and words": lambda a, n: [
        a.reworded(replace(_renamed(n), label=a.label()), 0.3)
    ],
    "label taken by another, text kept": lambda a, n: _elsewhere(a, n, 0.0),
    "label taken by another, reworded": lambda a, n: _elsewhere(a, n, 0.3),
    "deleted, label taken by another": lambda a, n: [a.stranger(n.label)],
    "Lean names given to another": lambda a, n: [
        a.reworded(replace(n, lean=()), 0.1), a.stranger(a.label(), n.lean)
    ],
    "split, label kept": lambda a, n: _halves(a, n, n.label),
    "split, new labels": lambda a, n: _halves(a, n, a.label()),
    "a variation added": lambda a, n: [
        n, Edited(a.reworded(replace(n, label=a.label(), lean=()), 0.2), frozenset(), "new")
    ],
    "deleted": lambda a, n: [],
}  # fmt: skip
EXCHANGED, MERGED, KEPT = "labels exchanged", "merged", "not touched"


def edited(nodes: Sequence[Identity], author: Author, rate: float) -> list[Edited]:
    """So many of the nodes edited, each in one way, then labels exchanged and nodes merged, and all shuffled.

    A node with hardly a word is left alone: it has nothing but its label.
    """
    out: list[Edited] = []
    for node in nodes:
        rich = len(node.text.split()) >= FEW_WORDS
        name = author.chance.choice(list(EDITS)) if rich and author.chance.random() < rate else KEPT
        for one in EDITS[name](author, node) if name in EDITS else [node]:
            out.append(one if isinstance(one, Edited) else Edited(one, frozenset({node.label}), name))
    for _ in range(1 + int(len(out) * rate / 10)):
        _exchange(author, out)
    for _ in range(1 + int(len(out) * rate / 20)):
        _merge(author, out)
    author.chance.shuffle(out)
    return out


def _two(author: Author, nodes: list[Edited]) -> tuple[int, int]:
    rich = [
        at for at, one in enumerate(nodes) if one.edit == KEPT and len(one.node.text.split()) >= FEW_WORDS
    ]
    one, other = author.chance.sample(rich, 2) if len(rich) > 1 else (0, 0)
    return one, other


def _exchange(author: Author, nodes: list[Edited]) -> None:
    one, other = _two(author, nodes)
    if one != other:
        first, second, rate = nodes[one], nodes[other], author.chance.choice((0.0, 0.1, 0.3))
        for at, was, label in ((one, first, second.node.label), (other, second, first.node.label)):
            new = author.reworded(replace(was.node, label=label), rate)
            nodes[at] = replace(was, node=new, edit=EXCHANGED)


def _merge(author: Author, nodes: list[Edited]) -> None:
    one, other = _two(author, nodes)
    if one != other:
        first, second = nodes[one], nodes[other]
        label = author.chance.choice((first.node.label, author.label()))
        lean, text = first.node.lean + second.node.lean, f"{first.node.text} {second.node.text}"
        nodes[one] = Edited(Identity(label, lean, text), first.origins | second.origins, MERGED)
        del nodes[other]


@dataclass(slots=True)
class Tally:
    """By edit: how many nodes were found surely, asked about, and missed; what was guessed wrongly.

    `idle` counts the questions about nodes that have nothing to do with each other.
    """

    sure: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, str, str]] = field(default_factory=list)
    idle: int = 0

    def add(self, found: Matching, truth: Iterable[Edited]) -> None:
        of = {one.node.label: one for one in truth}
        sure = {(pair.old, pair.new) for pair in found.sure}
        asked = {(pair.old, pair.new) for pair in found.unsure}
        self.wrong += [(old, new, of[new].edit) for old, new in sure if old not in of[new].origins]
        self.idle += sum(old not in of[new].origins for old, new in asked)
        for new, one in of.items():
            for old in one.origins:
                pair = (old, new)
                which = self.sure if pair in sure else self.asked if pair in asked else self.missed
                which[one.edit] += 1


def trial(blueprints: dict[str, Sequence[Identity]], seeds: int, rate: float, leans: float) -> Tally:
    """Every blueprint edited `seeds` times; `leans` is how many of the nodes have their Lean names at all."""
    tally = Tally()
    for name, nodes in blueprints.items():
        strangers = [node for other, those in blueprints.items() if other != name for node in those]
        words = [word for node in nodes for word in node.text.split()]
        for seed in range(seeds):
            chance = random.Random(f"{name} {seed} {rate} {leans}")
            old = [replace(node, lean=node.lean if chance.random() < leans else ()) for node in nodes]
            new = edited(old, Author(chance, words, strangers), rate)
            tally.add(match(old, [one.node for one in new]), new)
    return tally
