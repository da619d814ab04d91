"""The shared examples of Lean that tries to look proved, as the real Lean judges them."""

from __future__ import annotations

import pytest

from blueprint.graph import Flags, Graph, Node, Part, Place
from lean_project.edges import dependencies
from lean_project.facts import SORRY, Fact, Facts, Kind

from .conftest import OUTSIDE, SHARED, LeanWorld
from .lean_sources import CHEAT_PAIRS, cheat_space
from .lean_world import passes

pytestmark = [
    pytest.mark.lean,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not SHARED.is_dir(), reason="the shared examples are not beside the repository"),
]


def main(facts: Facts, stem: str) -> Fact | None:
    return facts.by_name().get(f"{cheat_space(stem)}.main")


def found(world: LeanWorld, stem: str) -> Fact:
    fact = main(world.submitted if stem in CHEAT_PAIRS else world.agreed, stem)
    assert fact is not None
    return fact


def test_honest_work_passes(lean_world: LeanWorld) -> None:
    fact = found(lean_world, "00_honest")
    assert passes(fact)
    assert fact.kind is Kind.THEOREM
    swap = lean_world.agreed.by_name()[f"{cheat_space('00_honest')}.and_swap"]
    assert swap.axioms == ("propext",)
    assert swap.blames == ()


@pytest.mark.parametrize(
    ("stem", "path"),
    [
        ("01_sorry_direct", ("main", SORRY)),
        ("02_sorry_behind_helper", ("main", "aux", SORRY)),
        ("03_sorry_in_def_body", ("main", "bound", SORRY)),
        ("32_guard_msgs_swallows_error", ("main", SORRY)),
    ],
)
def test_sorry_is_found_by_its_shortest_path(lean_world: LeanWorld, stem: str, path: tuple[str, ...]) -> None:
    fact = found(lean_world, stem)
    assert not passes(fact)
    assert [tuple(step.rpartition(".")[2] for step in blame.path) for blame in fact.blames] == [path]


def test_sorry_in_a_termination_proof_is_found(lean_world: LeanWorld) -> None:
    fact = found(lean_world, "05_decreasing_by_sorry")
    assert SORRY in fact.axioms
    assert fact.blames[0].path[1].endswith(".loop")


def test_sorry_in_a_statement_is_told_from_sorry_in_a_proof(lean_world: LeanWorld) -> None:
    assert found(lean_world, "03_sorry_in_def_body").statement_axioms == (SORRY,)
    assert found(lean_world, "02_sorry_behind_helper").statement_axioms == ()


def test_an_axiom_is_named_with_its_place(lean_world: LeanWorld) -> None:
    fact = found(lean_world, "06_axiom_plain")
    helper = f"{cheat_space('06_axiom_plain')}.helper"
    assert fact.axioms == (helper,)
    assert (fact.blames[0].file, fact.blames[0].line) == ("M06_axiom_plain.lean", 3)


def test_compiled_evaluation_is_an_axiom_not_allowed(lean_world: LeanWorld) -> None:
    fact = found(lean_world, "10_native_decide")
    assert not passes(fact)
    assert {"Lean.ofReduceBool", "Lean.trustCompiler"} & {*fact.axioms}


def test_the_kernel_refuses_what_was_kept_from_it(lean_world: LeanWorld) -> None:
    fact = found(lean_world, "12_skipKernelTC")
    assert fact.axioms == ()
    assert "the kernel says" in (fact.refusal or "")


def test_a_statement_that_is_no_proof_is_seen(lean_world: LeanWorld) -> None:
    fact = found(lean_world, "25_wrong_kind_def_prop")
    assert (fact.kind, fact.is_prop) == (Kind.DEFINITION, False)


@pytest.mark.parametrize("stem", ["28_private_main", "31_comment_and_string"])
def test_what_nobody_else_could_use_is_missing(lean_world: LeanWorld, stem: str) -> None:
    assert main(lean_world.agreed, stem) is None


def test_elaboration_writes_nothing_outside(lean_world: LeanWorld) -> None:
    assert found(lean_world, "38_elab_time_io").kind is Kind.THEOREM  # Lean's own /tmp is not the host's
    assert not any(file.exists() for file in OUTSIDE)


def test_a_redefined_constant_of_lean_proves_nothing(lean_world: LeanWorld) -> None:
    assert not passes(main(lean_world.agreed, "43_kernel_primitive_override"))


def test_uses_are_what_lean_saw(lean_world: LeanWorld) -> None:
    fact, prefix = found(lean_world, "46_uses_mismatch"), cheat_space("46_uses_mismatch")
    assert f"{prefix}.d" in fact.type_uses
    assert f"{prefix}.h" in fact.value_uses
    assert f"{prefix}.a" not in fact.value_uses


def test_edges_are_compared_with_what_is_said(lean_world: LeanWorld) -> None:
    prefix = cheat_space("46_uses_mismatch")
    here, flags = Place("web.tex", 1), Flags(False, False, False, False, False, False)
    uses, kinds = {"a": ("d",), "b": ("d",), "main": ("a",)}, {"d": "definition"}
    nodes = (
        Node(id, kinds.get(id, "theorem"), Part(here, uses.get(id, ()), (f"{prefix}.{id}",)), flags)
        for id in ("d", "a", "b", "main")
    )
    edges = dependencies(Graph(tuple(nodes)), lean_world.agreed)["main"]
    assert [(edge.used, edge.part, edge.path) for edge in edges.missing] == [
        ("d", "statement", (f"{prefix}.main", f"{prefix}.d")),
        ("b", "proof", (f"{prefix}.main", f"{prefix}.h", f"{prefix}.b")),
    ]
    assert (edges.missing[1].file, edges.missing[1].line) == ("M46_uses_mismatch.lean", 7)
    assert [edge.used for edge in edges.superfluous] == ["a"]


@pytest.mark.parametrize(
    ("stem", "same"),
    [
        ("15_notation_redefined", False),
        ("20_definition_changed_B", False),
        ("21_harmless_refactor_B", True),
    ],
)
def test_the_fingerprint_follows_the_meaning(lean_world: LeanWorld, stem: str, same: bool) -> None:
    agreed, submitted = found(lean_world, CHEAT_PAIRS[stem]), found(lean_world, stem)
    assert (agreed.fingerprint == submitted.fingerprint) is same
