"""What leanblueprint itself makes of a draft, with its own rules: to tell people where we differ.

It keeps the last `\\uses` of an environment, loses what stands inside lists, gives a proof to whatever
theorem stands before it, takes every definition for done, and follows `\\uses` to things that are no nodes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

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

    def done(self, thing: Thing) -> bool:
        """Whether it stops nothing above it from being fully proved."""
        key, itself = thing
        if key is None:
            return False
        return self.draft.environments[key].kind == "definition" or (itself and self.proved(key))


def flags(found: Assembly) -> dict[str, Flags]:
    """leanblueprint's flags of every node, by our ids, when the document has one graph."""
    read = reading(found.draft)
    whole = fully_proved(found, read)
    return {
        name: _flags(read, found.draft.environments[key], name in whole) for key, name in found.ids.items()
    }


def _flags(read: Reading, env: Environment, whole: bool) -> Flags:
    proof = read.proofs.get(env.key)
    ready = all(map(read.stated, read.uses(env.key)))
    stated = read.stated((env.key, True))
    return Flags(
        stated=stated,
        can_state=ready and not read.says(env.key, "notready"),
        can_prove=proof is not None and ready and all(map(read.stated, read.uses(proof))),
        proved=read.proved(env.key),
        fully_proved=whole,
        defined=stated and env.kind == "definition",
    )


def fully_proved(found: Assembly, read: Reading) -> set[str]:
    done = set()
    edges: list[tuple[str, str]] = []
    for key, name in found.ids.items():
        used = [*read.uses(key), *read.uses(read.proofs.get(key))]
        nodes = {found.ids[other] for other, itself in used if itself and other in found.ids}
        edges += ((other, name) for other in nodes - {name})
        outside = [thing for thing in used if not (thing[1] and thing[0] in found.ids)]
        if read.done((key, True)) and all(map(read.done, outside)):
            done.add(name)
    return grounded(Links.of(found.ids.values(), edges), done)


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
