"""Where the text and the annotations tell different stories: what is cited, and what is used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from blueprint.assembly import NOTHING_CITED, Assembly, Cited
from blueprint.graph import Graph, Node, Part, Problem, links
from blueprint.review.codes import problem
from blueprint.review.wording import did_you_mean, enumerated, shown
from blueprint.structure import structure

GOALS = ("th", "cor", "main", "conj", "ex", "rem")  # how the kinds begin that are there for themselves
HINTS = 100
HABIT = 5  # from so many nodes on, and when fewer proofs have a \\uses, it is no slip


def missing(found: Assembly, graph: Graph) -> Iterator[Problem]:
    """Only where an edge would say something new: not to what is below already, nor, as a cycle, above."""
    seen = list(_unsaid(found, graph))
    pairs = {pair for node, _, ids in seen for used in ids for pair in ((used, node.id), (node.id, used))}
    related = structure(links(graph)).resting(pairs) if pairs else set()
    for node, part, ids in seen:
        lacking = [used for used in ids if not related & {(used, node.id), (node.id, used)}]
        if lacking:
            what = "statement" if part is node.statement else "proof"
            yield problem(
                "cited-not-used",
                f"The {what} of `{node.id}` cites {enumerated(lacking)} but does not use "
                f"{'it' if len(lacking) == 1 else 'them'}.",
                f"Add \\uses{{{', '.join(lacking)}}} to the {what} if it depends on that.",
                part.place,
                node.id,
                lacking,
            )


def _unsaid(found: Assembly, graph: Graph) -> Iterator[tuple[Node, Part, list[str]]]:
    """The ids that each part of a node cites although no \\uses of the node names them."""
    for node, statement, proof in _cited(found, graph):
        known = {node.id, *node.statement.uses, *(node.proof.uses if node.proof else ())}
        for part, ids in ((node.statement, statement.itself), (node.proof, proof.itself - statement.itself)):
            if part is not None and not ids <= known:
                yield node, part, sorted(ids - known)


def in_statement(found: Assembly, graph: Graph) -> Iterator[Problem]:
    """What a definition means may be needed without being cited, so definitions are left alone.

    Some documents put every \\uses into the statement; that is said once.
    """
    kinds = {node.id: node for node in graph.nodes}
    seen: list[tuple[Node, list[str]]] = []
    for node, statement, proof in _cited(found, graph):
        only = proof.itself - statement.anyhow
        names = [used for used in node.statement.uses if used in only and not kinds[used].is_definition]
        if names:
            seen.append((node, names))
    if len(seen) > max(HABIT, sum(1 for node in graph.nodes if node.proof and node.proof.uses)):
        yield _habit(seen)
    else:
        yield from (_wrong_side("uses-of-proof", *one, ("statement", "proof")) for one in seen)


def in_proof(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for node, statement, proof in _cited(found, graph):
        only = statement.itself - proof.anyhow - {*node.statement.uses}
        names = [used for used in (node.proof.uses if node.proof else ()) if used in only]
        if names:
            yield _wrong_side("uses-of-statement", node, names, ("proof", "statement"))


def _wrong_side(code: str, node: Node, names: list[str], sides: tuple[str, str]) -> Problem:
    here, there = sides
    part = node.statement if here == "statement" or node.proof is None else node.proof
    return problem(
        code,
        f"The {here} of `{node.id}` uses {enumerated(names)}, but only its {there} cites "
        f"{'it' if len(names) == 1 else 'them'}.",
        f"Move {'it' if len(names) == 1 else 'them'} to the \\uses of the {there}.",
        part.place,
        node.id,
        names,
    )


def _habit(seen: list[tuple[Node, list[str]]]) -> Problem:
    first = seen[0][0]
    return problem(
        "uses-of-proof",
        f"In this document the statements of {len(seen)} nodes, such as `{first.id}`, use what only their "
        "proofs cite, so they seem to wait for what they do not need.",
        "Put into the \\uses of each proof what only the proof needs.",
        first.statement.place,
        first.id,
    )


def unresolved(found: Assembly, graph: Graph) -> Iterator[Problem]:
    hints = 0
    for env, cited in zip(found.draft.environments, found.citations, strict=True):
        for label in cited.labels:
            if label not in found.names and "#" not in label and "\\" not in label:
                hints += 1
                similar = did_you_mean(label, found.names) if hints <= HINTS else ""
                yield problem(
                    "unresolved-ref",
                    f"The text cites `{label}`, but there is no such label.",
                    similar or "Mend the name, or add the \\label.",
                    shown(env.place),
                    found.subject(env.key),
                )


def unused(found: Assembly, graph: Graph) -> Iterator[Problem]:
    """Nodes from which nothing follows, and that no theorem, proof or remark cites, unless they are goals.

    Where the document has none that looks like a goal, any of them may be one.
    """
    if not any(node.kind.startswith(GOALS) for node in graph.nodes):
        return
    wanted = {
        used for node in graph.nodes for part in (node.statement, node.proof) if part for used in part.uses
    }
    citing: dict[str, set[str | None]] = defaultdict(set)
    for key, cited in enumerate(found.citations):
        for label in cited.labels:
            citing[found.node_of(label) or ""].add(found.subject(key))
    for node in graph.nodes:
        if (
            node.labels
            and node.id not in wanted
            and not node.kind.startswith(GOALS)
            and citing[node.id] <= {node.id}
        ):
            yield problem(
                "unused-node",
                f"No node uses or cites the {node.kind} `{node.id}`.",
                "Add it to the \\uses of what needs it; if nothing does, it can go.",
                node.statement.place,
                node.id,
            )


def _cited(found: Assembly, graph: Graph) -> Iterator[tuple[Node, Cited, Cited]]:
    """Each node with what its statement and its proof cite."""
    for node, key in zip(graph.nodes, found.ids, strict=True):
        proof = found.proofs.get(key)
        yield node, found.cited[key], NOTHING_CITED if proof is None else found.cited[proof]
