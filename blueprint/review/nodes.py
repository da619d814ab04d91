"""Mistakes in how nodes are named and set apart."""

from __future__ import annotations

from collections.abc import Iterator

from blueprint.assembly import Assembly
from blueprint.draft import Label
from blueprint.graph import Graph, Problem
from blueprint.review.codes import problem
from blueprint.review.rules import Said, of_labels
from blueprint.review.wording import shown


@of_labels("empty-label")
def empty(found: Assembly, label: Label) -> Said:
    return None if label.name else ("This \\label is empty.", "Give it a name or remove it.")


def duplicate(found: Assembly, graph: Graph) -> Iterator[Problem]:
    """The first theorem with a label keeps it; `\\uses` leads there."""
    first: dict[str, Label] = {}
    for label in found.draft.labels:
        if not label.direct or not label.name:
            continue
        kept = first.setdefault(label.name, label)
        if kept.owner != label.owner:
            yield problem(
                "duplicate-label",
                f"The label `{label.name}` is taken already at {kept.place.file}:{kept.place.line}; "
                "every \\uses leads there.",
                "Rename one of the two.",
                shown(label.place),
                found.subject(label.owner),
            )


def similar(found: Assembly, graph: Graph) -> Iterator[Problem]:
    first: dict[str, Label] = {}
    for label in found.draft.labels:
        if not label.direct or not label.name:
            continue
        kept = first.setdefault(label.name.casefold(), label)
        if kept.name != label.name:
            yield problem(
                "similar-label",
                f"The label `{label.name}` differs from `{kept.name}` at {kept.place.file}:{kept.place.line} "
                "only in capitals.",
                "Rename one of the two.",
                shown(label.place),
                found.subject(label.owner),
            )


@of_labels("comma-in-label")
def with_comma(found: Assembly, label: Label) -> Said:
    if "," not in label.name:
        return None
    message = f"The label `{label.name}` holds a comma, which \\uses takes for the end of a label."
    return message, "Write a hyphen or a colon instead."


def missing(found: Assembly, graph: Graph) -> Iterator[Problem]:
    """Where nobody has typed one; a label that is taken already is another problem."""
    labelled = {label.owner for label in found.draft.labels if label.direct and label.name}
    typed = {found.ids.get(key) for key in labelled if key is not None}
    for node in graph.nodes:
        if node.id not in typed:
            yield problem(
                "no-label",
                f"This {node.kind} has no label, so nothing can depend on it.",
                "Add a \\label to it.",
                node.statement.place,
                node.id,
            )


def nested(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for env in found.draft.environments:
        if found.is_node(env.key) and found.is_node(env.inside):
            yield problem(
                "nested-node",
                f"This {env.kind} stands inside another node.",
                "Look for a missing \\end before it.",
                shown(env.place),
                found.subject(env.key),
            )


@of_labels("unnumbered-label")
def unnumbered(found: Assembly, label: Label) -> Said:
    if not label.unnumbered or not label.name:
        return None
    message = (
        f"`{label.name}` labels an environment without a number, so LaTeX and leanblueprint give it "
        "to the last thing that has one; here it names the environment."
    )
    return message, "Use an environment with a number."


@of_labels("label-after-end")
def after_end(found: Assembly, label: Label) -> Said:
    node = found.subject(label.owner)
    if not label.past or not label.name or node is None:
        return None
    if not label.direct:
        here = "here it names nothing"
    else:
        here = "so does LaTeX" if node == label.name else f"here that is `{node}`"
    message = (
        f"`{label.name}` stands after the end of the environment that leanblueprint calls by it; {here}."
    )
    return message, "Move it inside what it names."
