"""Mistakes in where annotations stand and what they name."""

from __future__ import annotations

from collections.abc import Iterator

from blueprint.assembly import PROOF, Assembly
from blueprint.draft import Note
from blueprint.graph import Graph, Problem
from blueprint.names import declarations, is_declaration, listed
from blueprint.review.wording import shown

WITH_ARGUMENT = ("uses", "lean", "proves", "discussion")
MERGED = ("uses", "lean")


def stray(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for note in found.draft.notes:
        if note.owner is None:
            yield Problem(
                "stray-annotation",
                "error",
                f"This \\{note.command} stands in no theorem, definition or proof, so it says nothing.",
                "Move it inside the environment that it is about.",
                shown(note.place),
            )


def inside_something(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for note in found.draft.notes:
        if note.owner is not None and not note.direct:
            yield Problem(
                "nested-annotation",
                "warning",
                f"This \\{note.command} stands inside a list or a group, where leanblueprint loses it; "
                "it is taken for the whole environment.",
                "Move it to the beginning of the environment.",
                shown(note.place),
                found.subject(note.owner),
            )


def outside_nodes(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for note in found.draft.notes:
        if note.owner is None or found.subject(note.owner) is not None:
            continue
        kind = found.draft.environments[note.owner].kind
        what = "a proof of no node" if kind == PROOF else f"a {kind}, which is no node of the graph"
        yield Problem(
            "annotation-outside-graph",
            "warning",
            f"This \\{note.command} stands in {what}, so it says nothing.",
            f"Nodes are: {', '.join(found.draft.kinds)}; the package option `thms` names others.",
            shown(note.place),
        )


def repeated(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for owner, said in found.annotations.items():
        for command in MERGED:
            for note in said.of(command)[1:]:
                yield Problem(
                    "repeated-annotation",
                    "warning",
                    f"A second \\{command}, for which leanblueprint forgets the first; here both count.",
                    "Write one list with commas.",
                    shown(note.place),
                    found.subject(owner),
                )


def without_argument(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for note in found.draft.notes:
        if note.command in WITH_ARGUMENT and _has_gap(note):
            yield Problem(
                "empty-argument",
                "warning",
                f"This \\{note.command} names nothing, or has a comma too many.",
                "Fill it in or remove it.",
                shown(note.place),
                found.subject(note.owner),
            )


def broken_name(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for note, typed in _lean_names(found):
        meant = declarations(typed)
        if meant != (typed,):
            shape = "`, `".join(meant)
            yield Problem(
                "broken-name",
                "warning",
                f"The Lean name `{typed}` is broken by a blank, a new line or a backslash; "
                f"it is taken for `{shape}`.",
                "Write the name on one line as Lean has it.",
                shown(note.place),
                found.subject(note.owner),
            )


def impossible_name(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for note, typed in _lean_names(found):
        for name in declarations(typed):
            if not is_declaration(name):
                yield Problem(
                    "bad-name",
                    "error",
                    f"`{name}` cannot be the name of a Lean declaration.",
                    "Give full names, with namespaces, separated by commas.",
                    shown(note.place),
                    found.subject(note.owner),
                )


def leanok_without_name(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes:
        if node.statement.leanok and not node.mathlibok and not node.lean:
            yield Problem(
                "no-name",
                "info",
                f"This {node.kind} is marked \\leanok but names no Lean declaration to check.",
                "Name its declarations with \\lean.",
                node.statement.place,
                node.id,
            )


def _has_gap(note: Note) -> bool:
    if note.command == "discussion":
        return not note.argument.strip("# ")
    parts = [part.strip() for part in note.argument.split(",")]
    return not all(parts[:-1]) or not parts[0]


def _lean_names(found: Assembly) -> Iterator[tuple[Note, str]]:
    for note in found.draft.notes:
        if note.command == "lean":
            for typed in listed(note.argument):
                yield note, typed
