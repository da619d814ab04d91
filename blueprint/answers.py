"""From the bytes of the LaTeX process to a graph: their shape is checked and nothing in them believed.

All that takes time to load on this side is loaded from here, which `reader` does while that process works.
"""

from __future__ import annotations

from dataclasses import replace

from pydantic import TypeAdapter, ValidationError

from blueprint.assembly import graph, tables
from blueprint.draft import LONGEST_NOTES, LONGEST_PART, Answer, Draft, Failure, Limits
from blueprint.graph import Graph
from blueprint.review import problems
from blueprint.soundness import is_sound

ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)


def parsed(data: bytes, limits: Limits) -> Answer:
    """What the bytes say; a failure when it is too much, or not what that process says of itself."""
    if len(data) > limits.output:
        return Answer(failure=Failure("output"))
    try:
        answer = ANSWER.validate_json(data)
    except ValidationError:
        return Answer(failure=Failure("crash"))
    if answer.draft is None:
        return answer
    failure = _excess(answer.draft) if is_sound(answer.draft) else Failure("crash")
    return answer if failure is None else Answer(failure=failure)


def _excess(draft: Draft) -> Failure | None:
    """What would take many times its own length on this side: a tree of tags, a table of names."""
    for env in draft.environments:
        if max(len(env.source), len(env.html)) > LONGEST_PART:
            return Failure("part", place=env.place)
    length = 0
    named = [(note.place, note.argument) for note in draft.notes]
    named += [(citation.place, typed) for citation in draft.citations for typed in citation.typed]
    for place, argument in named:
        length += len(argument)
        if length > LONGEST_NOTES:
            return Failure("notes", place=place)
    return None


def judged(draft: Draft) -> Graph:
    """The graph with its problems."""
    found = tables(draft)
    result = graph(found)
    return replace(result, problems=problems(found, result))
