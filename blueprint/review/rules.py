"""Rules that judge one annotation or one label at a time, made from what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Protocol, TypeVar

from blueprint.assembly import Assembly
from blueprint.draft import Label, Note
from blueprint.graph import Graph, Place, Problem
from blueprint.review.codes import problem
from blueprint.review.wording import shown

Said = tuple[str, str] | None  # a message and a hint
Rule = Callable[[Assembly, Graph], Iterator[Problem]]


class Placed(Protocol):
    """What stands somewhere in the text, perhaps in a theorem or proof."""

    @property
    def place(self) -> Place: ...

    @property
    def owner(self) -> int | None: ...


Thing = TypeVar("Thing", bound=Placed)


def of_notes(code: str) -> Callable[[Callable[[Assembly, Note], Said]], Rule]:
    """For a function that says what is wrong with an annotation."""
    return lambda judge: _rule(code, judge, lambda found: found.draft.notes)


def of_labels(code: str) -> Callable[[Callable[[Assembly, Label], Said]], Rule]:
    """For a function that says what is wrong with a label."""
    return lambda judge: _rule(code, judge, lambda found: found.draft.labels)


def _rule(
    code: str, judge: Callable[[Assembly, Thing], Said], things: Callable[[Assembly], Iterable[Thing]]
) -> Rule:
    @wraps(judge)
    def rule(found: Assembly, graph: Graph) -> Iterator[Problem]:
        for thing in things(found):
            said = judge(found, thing)
            if said is not None:
                yield problem(code, *said, shown(thing.place), found.subject(thing.owner))

    return rule
