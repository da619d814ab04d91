"""Where the text and the annotations tell different stories: what is cited, and what is used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from blueprint.assembly import NOTHING_CITED, Assembly, Cited
from blueprint.graph import Graph, Node, Part, Place, Problem, links, nodes_by_id
from blueprint.review.codes import problem
from blueprint.review.wording import HINTS, did_you_mean, enumerated, shown
from blueprint.structure import structure

Places = dict[str, Place]  # ids of nodes, each with where it is cited first
COMPUTED = re.compile(r"[#\\]")  # in a label that only LaTeX could tell
HABIT = 5  # from so many nodes on, and when fewer proofs have a \\uses, it is no slip


def missing(found: Assembly, graph: Graph) -> Iterator[Problem]:
    """Only where an edge would say something new: not to what is below already, nor, as a cycle, above."""
    seen = list(_unsaid(found, graph))
    pairs = {pair for node, _, cited in seen for used in cited for pair in ((used, node.id), (node.id, used))}
    related = structure(links(graph)).resting(pairs) if pairs else set()
    for node, part, cited in seen:
        lacking = [used for used in cited if not related & {(used, node.id), (node.id, used)}]
        if lacking:
            what = "statement" if part is node.statement else "proof"
            yield problem(
                "cited-not-used",
                f"The {what} of `{node.id}` cites {enumerated(lacking)} but does not use "
                f"{'it' if len(lacking) == 1 else 'them'}.",
                f"Add \\uses{{{', '.join(lacking)}}} to the {what} if it depends on that.",
                _first(cited, lacking),
                node.id,
                lacking,
            )


def _first(cited: Places, names: Iterable[str]) -> Place | None:
    """The place of the first reference to one of these nodes."""
    places = (cited[name] for name in names)
    return shown(min(places, key=lambda place: (place.file, place.line, place.column)))


def _unsaid(found: Assembly, graph: Graph) -> Iterator[tuple[Node, Part, Places]]:
    """What each part of a node cites, and where, although no \\uses of the node names it."""
    for node, statement, proof in _cited(found, graph):
        known = {node.id, *node.statement.uses, *(node.proof.uses if node.proof else ())}
        for part, cited, elsewhere in (
            (node.statement, statement, NOTHING_CITED),
            (node.proof, proof, statement),
        ):
            ids = cited.itself.keys() - known - elsewhere.itself.keys()
            if part is not None and ids:
                yield node, part, {name: cited.itself[name] for name in sorted(ids)}


def in_statement(found: Assembly, graph: Graph) -> Iterator[Problem]:
    """What a definition means may be needed without being cited, so definitions are left alone.

    Some documents put every \\uses into the statement; that is said once.
    """
    kinds = nodes_by_id(graph)
    seen: list[tuple[Node, Places]] = []
    for node, statement, proof in _cited(found, graph):
        only = proof.itself.keys() - statement.anyhow
        names = [used for used in node.statement.uses if used in only and not kinds[used].is_definition]
        if names:
            seen.append((node, {name: proof.itself[name] for name in names}))
    if len(seen) > max(HABIT, sum(1 for node in graph.nodes if node.proof and node.proof.uses)):
        yield _habit(seen)
    else:
        yield from (_wrong_side("uses-of-proof", *one, ("statement", "proof")) for one in seen)


def in_proof(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for node, statement, proof in _cited(found, graph):
        only = statement.itself.keys() - proof.anyhow.keys() - {*node.statement.uses}
        names = [used for used in (node.proof.uses if node.proof else ()) if used in only]
        if names:
            cited = {name: statement.itself[name] for name in names}
            yield _wrong_side("uses-of-statement", node, cited, ("proof", "statement"))


def _wrong_side(code: str, node: Node, cited: Places, sides: tuple[str, str]) -> Problem:
    names = list(cited)
    here, there = sides
    return problem(
        code,
        f"The {here} of `{node.id}` uses {enumerated(names)}, but only its {there} cites "
        f"{'it' if len(names) == 1 else 'them'}.",
        f"Move {'it' if len(names) == 1 else 'them'} to the \\uses of the {there}.",
        _first(cited, names),
        node.id,
        names,
    )


def _habit(seen: list[tuple[Node, Places]]) -> Problem:
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
    lost = ((citation, label) for citation, label, known in found.citations if not known)
    for index, (citation, label) in enumerate(one for one in lost if not COMPUTED.search(one[1])):
        similar = did_you_mean(label, found.names) if index < HINTS else ""
        yield problem(
            "unresolved-ref",
            f"The text cites `{label}`, but there is no such label.",
            similar or "Mend the name, or add the \\label.",
            shown(citation.place),
            found.subject(citation.owner),
        )


def _cited(found: Assembly, graph: Graph) -> Iterator[tuple[Node, Cited, Cited]]:
    """Each node with what its statement and its proof cite."""
    for node, key in zip(graph.nodes, found.ids, strict=True):
        proof = found.proofs.get(key)
        cited = found.cited.get(-1 if proof is None else proof, NOTHING_CITED)
        yield node, found.cited.get(key, NOTHING_CITED), cited
