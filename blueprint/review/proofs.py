"""Mistakes in proofs."""

from __future__ import annotations

from collections.abc import Iterator

from blueprint.assembly import Assembly, proved
from blueprint.claims import is_empty
from blueprint.draft import Environment
from blueprint.graph import Graph, Problem
from blueprint.names import PROOF, is_remark
from blueprint.review.codes import problem
from blueprint.review.wording import shown


def of_nothing(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for proof in _proofs(found):
        if proved(found, proof) is None:
            yield problem(
                "proof-of-nothing",
                "No theorem stands right before this proof, so it belongs to none.",
                "Say what it proves with \\proves{label}.",
                shown(proof.place),
            )


def after_remark(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for proof, node, other in _misplaced(found):
        if _is_remark(found, other):
            yield problem(
                "proof-after-remark",
                f"A remark stands between `{node}` and its proof; leanblueprint gives the remark the proof.",
                "Put the proof before the remark.",
                shown(proof.place),
                node,
            )


def elsewhere(found: Assembly, graph: Graph) -> Iterator[Problem]:
    """One problem at each of the two theorems, where there are two."""
    for proof, node, other in _misplaced(found):
        if _is_remark(found, other):
            continue
        taker = found.subject(other)
        whose = f"to `{taker}`" if taker else "to no theorem"
        for concerned in (node, taker) if taker else (node,):
            yield problem(
                "proof-elsewhere",
                f"leanblueprint gives this proof {whose}; here it proves `{node}`.",
                f"Write \\proves{{{node}}} in the proof.",
                shown(proof.place),
                concerned,
            )


def _misplaced(found: Assembly) -> Iterator[tuple[Environment, str, int | None]]:
    """Proofs that are not where leanblueprint looks, what they prove, and what it takes them to prove."""
    for proof in _proofs(found):
        node = found.subject(proof.follows)
        if node and proof.beside != proof.follows and found.said(proof.key).proves is None:
            yield proof, node, proof.beside


def _is_remark(found: Assembly, key: int | None) -> bool:
    return key is not None and not found.is_node(key) and is_remark(found.draft.environments[key].kind)


def inside_statement(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for proof in _proofs(found):
        if proof.inside is not None and proof.follows is None and found.subject(proof.key):
            yield problem(
                "proof-inside-statement",
                "This proof stands inside what it proves, where leanblueprint does not find it.",
                "End the statement before the proof begins.",
                shown(proof.place),
                found.subject(proof.key),
            )


def repeated(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for proof in _proofs(found):
        target = proved(found, proof)
        node = found.subject(proof.key)
        if target is not None and node is not None and found.proofs[target] != proof.key:
            yield problem(
                "second-proof",
                f"`{node}` has more than one proof; only the last one counts in the graph.",
                "Put alternatives into remarks, or use \\proves if it proves something else.",
                shown(proof.place),
                node,
            )


def empty(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes:
        if node.proof is not None and is_empty(node.proof):
            yield problem(
                "empty-proof",
                f"The proof of `{node.id}` is empty, so nobody can formalise it yet.",
                "Write the proof, or remove the environment.",
                node.proof.place,
                node.id,
            )


def with_names(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes:
        if node.proof is not None and node.proof.lean:
            yield problem(
                "lean-in-proof",
                "leanblueprint shows no \\lean that stands in a proof; here it counts for the proof.",
                "Name declarations in the statement.",
                node.proof.place,
                node.id,
            )


def before_statement(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes:
        if node.proof is not None and node.proof.leanok and not node.statement.leanok:
            yield problem(
                "proof-before-statement",
                f"The proof of `{node.id}` is marked \\leanok, but its statement is not.",
                "Mark the statement too, or neither.",
                node.proof.place,
                node.id,
            )


def of_definitions(found: Assembly, graph: Graph) -> Iterator[Problem]:
    for node in graph.nodes:
        if node.is_definition and node.proof is not None:
            yield problem(
                "definition-with-proof",
                f"The definition `{node.id}` has a proof.",
                "Say with \\proves{label} what the proof is of, or make a lemma of what it shows.",
                node.proof.place,
                node.id,
            )


def _proofs(found: Assembly) -> Iterator[Environment]:
    return (env for env in found.draft.environments if env.kind == PROOF)
