"""Mistakes in where annotations stand and what they name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from blueprint.assembly import Assembly, proved
from blueprint.draft import Note
from blueprint.graph import Graph, Place, Problem
from blueprint.names import PROOF, declarations, is_declaration, listed
from blueprint.review.codes import problem
from blueprint.review.rules import Said, of_notes
from blueprint.review.wording import enumerated, shown, what_nodes_are
from blueprint.tex_commands import FLAGS

WITH_ARGUMENT = ("uses", "lean", "proves", "discussion")
MERGED = ("uses", "lean")


@of_notes("stray-annotation")
def stray(found: Assembly, note: Note) -> Said:
    if note.owner is not None:
        return None
    message = f"This \\{note.command} stands in no theorem, definition or proof, so it says nothing."
    return message, "Move it inside the environment that it is about."


@of_notes("nested-annotation")
def inside_something(found: Assembly, note: Note) -> Said:
    if note.owner is None or note.direct:
        return None
    message = (
        f"This \\{note.command} stands inside a list or a group, where leanblueprint loses it; "
        "it is taken for the whole environment."
    )
    return message, "Move it to the beginning of the environment."


@of_notes("annotation-outside-graph")
def outside_nodes(found: Assembly, note: Note) -> Said:
    if note.owner is None or found.subject(note.owner) is not None:
        return None
    env = found.draft.environments[note.owner]
    if env.kind == PROOF and proved(found, env) is None:
        return None  # which is said of the proof
    what = "a proof of no node" if env.kind == PROOF else f"a {env.kind}, which is no node of the graph"
    message = f"This \\{note.command} stands in {what}, so it says nothing."
    return message, what_nodes_are(found.draft.kinds)


def repeated(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for owner, said in found.annotations.items():
        for command in MERGED:
            for note in [note for note in said.of(command) if note.direct][1:]:
                yield problem(
                    "repeated-annotation",
                    f"A second \\{command}, for which leanblueprint forgets the first; here both count.",
                    "Write one list with commas.",
                    shown(note.place),
                    found.subject(owner),
                )


def repeated_flags(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for owner, said in found.annotations.items():
        for command in FLAGS:
            for note in said.of(command)[1:]:
                yield problem(
                    "repeated-flag",
                    f"A second \\{command}; one says as much.",
                    "Remove it.",
                    shown(note.place),
                    found.subject(owner),
                )


@of_notes("repeated-item")
def repeated_items(found: Assembly, note: Note) -> Said:
    counts = Counter(listed(note.argument) if note.command in MERGED else ())
    twice = [item for item, count in counts.items() if count > 1]
    if not twice:
        return None
    return f"\\{note.command} names {enumerated(twice)} more than once.", "Once is enough."


def contradictory(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes:
        if node.notready and node.statement.leanok:
            yield problem(
                "contradiction",
                f"`{node.id}` is marked \\notready, but also \\leanok.",
                "Remove the one that no longer holds.",
                node.statement.place,
                node.id,
            )


@of_notes("bad-discussion")
def discussed_nowhere(found: Assembly, note: Note) -> Said:
    number = note.argument.strip("# ")
    if note.command != "discussion" or not number or (number.isascii() and number.isdigit()):
        return None
    message = f"\\discussion names `{number}`, which is no issue number."
    return message, "Write the number of the issue alone, as in \\discussion{12}."


@of_notes("proves-in-statement")
def proving_outside_proofs(found: Assembly, note: Note) -> Said:
    kind = PROOF if note.owner is None else found.draft.environments[note.owner].kind
    if note.command != "proves" or kind == PROOF:
        return None
    return f"This \\proves stands in a {kind}; only a proof proves something.", "Move it into the proof."


@of_notes("empty-argument")
def without_argument(found: Assembly, note: Note) -> Said:
    if note.command not in WITH_ARGUMENT or not _has_gap(note):
        return None
    return f"This \\{note.command} names nothing, or has a comma too many.", "Fill it in or remove it."


def broken_name(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for note, typed in _lean_names(found):
        meant = declarations(typed)
        if meant != (typed,) and all(map(is_declaration, meant)):
            blank, backslash = (
                "a blank or a new line" if " " in typed else "",
                "a backslash" * ("\\" in typed),
            )
            by = " and ".join(filter(None, (blank, backslash))) or "its length"
            shape = "`, `".join(meant)
            yield problem(
                "broken-name",
                f"The Lean name `{typed}` is broken by {by}; it is taken for `{shape}`.",
                "Write the name on one line as Lean has it.",
                shown(note.place),
                found.subject(note.owner),
            )


def impossible_name(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for note, typed in _lean_names(found):
        for name in declarations(typed):
            if not is_declaration(name):
                yield problem(
                    "bad-name",
                    f"`{name}` cannot be the name of a Lean declaration.",
                    "Give full names, with namespaces, separated by commas.",
                    shown(note.place),
                    found.subject(note.owner),
                )


def leanok_without_name(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes:
        if node.statement.leanok and not node.mathlibok and not node.lean:
            yield problem(
                "no-name",
                f"`{node.id}` is marked \\leanok but names no Lean declaration to check.",
                "Name its declarations with \\lean.",
                node.statement.place,
                node.id,
            )


def shared(found: Assembly, graph: Graph) -> Iterator[Problem]:
    """The declarations that an earlier node names already; one problem a node."""
    first: dict[str, str] = {}
    places = _named(found)
    for node in graph.nodes:
        taken = [name for name in node.lean if first.setdefault(name, node.id) != node.id]
        if taken:
            others = sorted({first[name] for name in taken})
            yield problem(
                "shared-declaration",
                f"`{node.id}` names {enumerated(taken)}, as {enumerated(others)} "
                f"{'does' if len(others) == 1 else 'do'}.",
                "Name in each node what formalises it, unless one declaration states them all.",
                shown(places[node.id, taken[0]]),
                node.id,
            )


def _has_gap(note: Note) -> bool:
    if note.command == "discussion":
        return not note.argument.strip("# ")
    parts = list(map(str.strip, note.argument.split(",")))
    return not all(parts[:-1]) or not parts[0]


def _lean_names(found: Assembly) -> Iterator[tuple[Note, str]]:
    for note in found.draft.notes:
        if note.command == "lean":
            for typed in dict.fromkeys(listed(note.argument)):
                yield note, typed


def _named(found: Assembly) -> dict[tuple[str | None, str], Place]:
    """Where each node names each of its declarations first."""
    places: dict[tuple[str | None, str], Place] = {}
    for note, typed in _lean_names(found):
        for name in declarations(typed):
            places.setdefault((found.subject(note.owner), name), note.place)
    return places
