"""What is wrong with a blueprint, in words. Pure: from the tables of the assembly and the finished graph.

A problem is an *error* where something the author wrote has no effect, or two things contradict each
other; a *warning* where we understand it and leanblueprint does not, or the graph says too much; and
*info* for what is merely worth knowing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

from blueprint.assembly import Assembly
from blueprint.graph import Graph, Problem
from blueprint.review import citations, dependencies, divisions, leftovers, nodes, notes, proofs, references
from blueprint.review.differences import differences

MOST = 10_000  # of one rule: nobody reads more, and a hostile text could make any number
Rule = Callable[[Assembly, Graph], Iterable[Problem]]

RULES: tuple[Rule, ...] = (
    nodes.empty,
    nodes.duplicate,
    nodes.similar,
    nodes.with_comma,
    nodes.missing,
    nodes.nested,
    nodes.unnumbered,
    nodes.after_end,
    notes.stray,
    notes.inside_something,
    notes.outside_nodes,
    notes.repeated,
    notes.repeated_items,
    notes.repeated_flags,
    notes.without_argument,
    notes.contradictory,
    notes.discussed_nowhere,
    notes.proving_outside_proofs,
    notes.broken_name,
    notes.impossible_name,
    notes.leanok_without_name,
    notes.shared,
    references.unresolved,
    references.to_no_node,
    references.to_a_part,
    references.to_itself,
    divisions.called_nowhere,
    divisions.in_no_graph,
    citations.missing,
    citations.in_statement,
    citations.in_proof,
    citations.unresolved,
    leftovers.unused,
    proofs.of_nothing,
    proofs.after_remark,
    proofs.elsewhere,
    proofs.inside_statement,
    proofs.repeated,
    proofs.empty,
    proofs.with_names,
    proofs.before_statement,
    proofs.of_definitions,
    dependencies.cycles,
    dependencies.unfounded_green,
    dependencies.library,
)


def problems(found: Assembly, graph: Graph) -> tuple[Problem, ...]:
    """Every mistake, by file, line and column."""
    seen = [
        Problem(
            remark.code, remark.severity, remark.message, remark.hint, remark.place, found.at(remark.place)
        )
        for remark in found.draft.remarks
    ]
    for rule in RULES:
        seen.extend(islice(rule(found, graph), MOST))
    explained = {problem.node for problem in seen}
    seen.extend(differences(found, graph, explained))
    return tuple(sorted(seen, key=_position))


def _position(problem: Problem) -> tuple[str, int, int, str]:
    place = problem.place
    return (place.file, place.line, place.column, problem.code) if place else ("", 0, 0, problem.code)
