"""The notes of one theorem or proof, folded together: what its author says of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from blueprint import names
from blueprint.draft import Note
from blueprint.names import listed


@dataclass(frozen=True)
class Annotations:
    """All notes of one part. Several of a kind count together."""

    notes: tuple[Note, ...] = ()

    def of(self, command: str) -> tuple[Note, ...]:
        return tuple(note for note in self.notes if note.command == command)

    def has(self, command: str) -> bool:
        return any(note.command == command for note in self.notes)

    @cached_property
    def leanok(self) -> bool:
        """`\\mathlibok` says no less than `\\leanok`."""
        return self.has("leanok") or self.has("mathlibok")

    @cached_property
    def lean(self) -> tuple[str, ...]:
        return declarations(self.of("lean"))

    @cached_property
    def discussion(self) -> str | None:
        given = [note.argument.lstrip("#").strip() for note in self.of("discussion")]
        return next((text for text in reversed(given) if text), None)

    @cached_property
    def also_in(self) -> tuple[str, ...]:
        """The labels of sections that `\\alsoIn` names."""
        return tuple(dict.fromkeys(label for note in self.of("alsoIn") for label in listed(note.argument)))

    @cached_property
    def proves(self) -> Note | None:
        return next(iter(reversed(self.of("proves"))), None)


def declarations(notes: Iterable[Note]) -> tuple[str, ...]:
    """The Lean names of these `\\lean`, without repeats."""
    typed = dict.fromkeys(item for note in notes for item in listed(note.argument))
    return tuple(dict.fromkeys(name for item in typed for name in names.declarations(item)))
