"""What leanblueprint itself makes of a draft, with its own rules: to tell people where we differ.

It keeps the last `\\uses` of an environment, loses what stands inside lists, gives a proof to whatever
theorem stands before it, takes every definition for done, and follows `\\uses` to things that are no nodes.
Where it makes a graph for each chapter it works them out one after another, and looks no further than one
step out of a graph.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain

from blueprint.assembly import Assembly
from blueprint.draft import Draft, Environment, Note
from blueprint.graph import Flags, Links
from blueprint.names import PROOF, listed
from blueprint.structure import grounded

# Something with a label: the theorem or proof it is or stands in, and whether it is that itself.
Thing = tuple[int | None, bool]


@dataclass(frozen=True, slots=True)
class Reading:
    """A draft as leanblueprint reads it, by the keys of its environments."""

    draft: Draft
    notes: dict[int, list[Note]]
    things: dict[str, Thing]
    proofs: dict[int, int]

    def says(self, key: int | None, *commands: str) -> bool:
        return key is not None and any(note.command in commands for note in self.notes.get(key, ()))

    def stated(self, thing: Thing) -> bool:
        return thing[1] and self.says(thing[0], "leanok", "mathlibok")

    def uses(self, key: int | None) -> list[Thing]:
        """What the last `\\uses` of an environment names."""
        typed = [
            note.argument for note in self.notes.get(-1 if key is None else key, ()) if note.command == "uses"
        ]
        return [self.things[label] for label in listed(typed[-1]) if label in self.things] if typed else []

    def proved(self, key: int) -> bool:
        return self.stated((self.proofs.get(key), True))

    def done(self, thing: Thing, settled: Collection[int]) -> bool:
        """Whether it stops nothing above it from being fully proved; `settled` are the nodes worked out."""
        key, itself = thing
        if key is None:
            return False
        return self.draft.environments[key].kind == "definition" or (
            itself and key in settled and self.proved(key)
        )


def flags(found: Assembly, *, divided: bool = True) -> dict[str, Flags]:
    """leanblueprint's flags of every node, by our ids; not `divided`, as if `dep_by` were not set."""
    read = reading(found.draft)
    graphs = (divisions(found) if divided else []) or [set(found.ids)]
    often = Counter(chain.from_iterable(graphs))
    whole = fully_proved(found, read, graphs)
    return {
        name: _flags(read, found.draft.environments[key], often[key], name in whole)
        for key, name in found.ids.items()
    }


def divisions(found: Assembly) -> list[set[int]]:
    """The keys of the nodes of each graph where `dep_by` divides them; none where it does not.

    A node is also in the graphs of the sections that its `\\alsoIn` names.
    """
    graphs: dict[int, set[int]] = defaultdict(set)
    for key in found.ids if found.draft.dep_by else ():
        for division in (found.draft.environments[key].division, *_called_to(found, key)):
            if division is not None:
                graphs[division].add(key)
    return [keys for _, keys in sorted(graphs.items())]


def _called_to(found: Assembly, key: int) -> Iterator[int | None]:
    for note in found.said(key).of("alsoIn"):
        if note.direct:
            yield from (found.divisions.get(label) for label in listed(note.argument))


def _flags(read: Reading, env: Environment, often: int, whole: bool) -> Flags:
    """Of a node that is in so many graphs: in the second one its proof's `\\uses` count for the statement."""
    proof = read.proofs.get(env.key)
    proof_ready = all(map(read.stated, read.uses(proof)))
    ready = all(map(read.stated, read.uses(env.key)))
    mixed = often > 1 and proof is not None and read.says(env.key, "uses")
    stated = read.stated((env.key, True))
    return Flags(
        stated=stated,
        can_state=often > 0 and ready and (proof_ready or not mixed) and not read.says(env.key, "notready"),
        can_prove=often > 0 and proof is not None and ready and proof_ready,
        proved=often > 0 and read.proved(env.key),
        fully_proved=whole,
        defined=stated and env.kind == "definition",
    )


def fully_proved(found: Assembly, read: Reading, graphs: list[set[int]]) -> set[str]:
    """The ids of the nodes that are so in the last graph they are in."""
    settled: set[int] = set()
    whole: set[str] = set()
    for keys in graphs:
        settled |= keys
        whole -= {found.ids[key] for key in keys}
        whole |= _whole(found, read, keys, settled)
    return whole


def _whole(found: Assembly, read: Reading, keys: set[int], settled: set[int]) -> set[str]:
    done = set()
    edges: list[tuple[str, str]] = []
    for key in keys:
        used = [*read.uses(key), *read.uses(read.proofs.get(key))]
        inside = [other for other, itself in used if itself and other in keys and other != key]
        edges += ((found.ids[other], found.ids[key]) for other in inside if other is not None)
        outside = [thing for thing in used if not (thing[1] and thing[0] in keys)]
        if all(read.done(thing, settled) for thing in [(key, True), *outside]):
            done.add(found.ids[key])
    return grounded(Links.of((found.ids[key] for key in keys), edges), done)


def reading(draft: Draft) -> Reading:
    notes: dict[int, list[Note]] = defaultdict(list)
    for note in draft.notes:
        if note.direct and note.owner is not None:
            notes[note.owner].append(note)
    things = {
        label.name: (label.owner, (label.direct or label.past) and not label.unnumbered)
        for label in draft.labels
    }
    read = Reading(draft, dict(notes), things, {})
    for proof in draft.environments:
        if proof.kind == PROOF and proof.source.strip():  # an empty one is none to it
            read.proofs.update((target, proof.key) for target in _proved(read, proof))
    return read


def _proved(read: Reading, proof: Environment) -> Iterator[int]:
    """What `\\proves` names; otherwise the theorem right before, be it a remark."""
    named = [note.argument for note in read.notes.get(proof.key, ()) if note.command == "proves"]
    thing = read.things.get(named[-1]) if named else None
    if thing is not None and thing[0] is not None:
        yield thing[0]
    elif proof.beside is not None:
        yield proof.beside
