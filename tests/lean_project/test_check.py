"""A check from end to end with the real Lean: what builds, what is judged, what is kept."""

from __future__ import annotations

import time

import pytest

from lean_project import leans
from lean_project.check import check
from lean_project.facts import SORRY, Fact, Kind
from lean_project.project import open_project

from .conftest import LeanWorld
from .lean_world import passes

pytestmark = [pytest.mark.lean, pytest.mark.timeout(900)]


def fact(world: LeanWorld, name: str) -> Fact:
    return world.agreed.by_name()[name]


def said(world: LeanWorld, file: str) -> list[str]:
    return [f"{m.line}:{m.severity}: {m.text}" for m in world.agreed.messages if m.file == file]


@pytest.mark.parametrize(
    "name",
    [
        "Honest.double_eq",
        "Honest.public_face",
        "Honest.double_double",
        "Honest.two_is_even",
        "Honest.choice",
        "Honest.«strange name»",
        "Plain.two_eq",
        "Plain.both",
        "Plain.unfolded",
        "Plain.computed",
        "WordsUsed.main",
    ],
)
def test_honest_theorems_pass(lean_world: LeanWorld, name: str) -> None:
    assert passes(fact(lean_world, name))


def test_nothing_honest_is_refused(lean_world: LeanWorld) -> None:
    honest = [f for f in lean_world.agreed.declarations if f.module in ("Honest", "Honest.Basic")]
    assert len(honest) > 20
    assert {f.name: f.refusal for f in honest if f.refusal} == {}


def test_a_fact_says_where_and_what(lean_world: LeanWorld) -> None:
    double = fact(lean_world, "Honest.double")
    assert (double.file, double.line, double.end_line) == ("Honest/Basic.lean", 4, 5)
    assert (double.kind, double.is_prop, double.module) == (Kind.DEFINITION, False, "Honest.Basic")
    assert double.docstring == "Twice a number."
    assert double.statement == "Honest.double (n : Nat) : Nat"
    assert "Honest.double" in fact(lean_world, "Honest.double_eq").type_uses


def test_axioms_of_the_closure_are_all_named(lean_world: LeanWorld) -> None:
    assert set(fact(lean_world, "Honest.choice").axioms) <= {"propext", "Classical.choice", "Quot.sound"}
    assert fact(lean_world, "Honest.choice").blames == ()


def test_a_name_with_a_dot_in_it_is_no_path(lean_world: LeanWorld) -> None:
    known = lean_world.agreed.by_name()
    assert "Honest.«dotted.name»" in known
    assert "Honest.dotted.name" not in known


def test_leans_own_declarations_have_facts_when_asked_for(lean_world: LeanWorld) -> None:
    known = lean_world.agreed.by_name()
    comm = known["Nat.add_comm"]
    assert (comm.upstream, comm.kind, comm.is_prop) == (True, Kind.THEOREM, True)
    assert comm.module.startswith("Init.")
    assert "n + m = m + n" in comm.statement
    assert known["Classical.choice"].kind is Kind.AXIOM
    assert "Nat.no_such_thing" not in known


def test_what_does_not_build_stops_nothing_else(lean_world: LeanWorld) -> None:
    failed = set(lean_world.agreed.failed_modules)
    assert {"Broken", "NeedsBroken", "Circle", "Square", "Elsewhere", "Zzz"} <= failed
    assert not failed & {"Honest", "Honest.Basic", "PlainAbove"}
    assert said(lean_world, "Broken.lean")[0].startswith("1:error: ")
    assert said(lean_world, "NeedsBroken.lean")[0].startswith("1:warning: not tried")
    assert "NeedsBroken.main" not in lean_world.agreed.by_name()


def test_an_import_cycle_is_shown_as_a_path(lean_world: LeanWorld) -> None:
    assert "Circle -> Square -> Circle" in "".join(
        said(lean_world, "Circle.lean")
    ) or "Square -> Circle -> Square" in "".join(said(lean_world, "Circle.lean"))


def test_an_unknown_import_is_named_with_its_line(lean_world: LeanWorld) -> None:
    assert said(lean_world, "Elsewhere.lean")[0].startswith("3:error: imports Mathlib.Order.Basic, which")


def test_endless_elaboration_is_ended(lean_world: LeanWorld) -> None:
    assert said(lean_world, "Zzz.lean") == [
        "1:error: Lean was stopped while it built this module: it took longer than 30 seconds."
    ]


def test_a_proof_smuggled_past_the_kernel_is_refused(lean_world: LeanWorld) -> None:
    for name in ("Forged.main", "Forged.after"):
        assert "the kernel says" in (fact(lean_world, name).refusal or "")
        assert not passes(fact(lean_world, name))


@pytest.mark.parametrize("name", ["Opaque.main", "Macro.main", "Field.main"])
def test_sorry_is_found_wherever_it_hides(lean_world: LeanWorld, name: str) -> None:
    assert SORRY in fact(lean_world, name).axioms


def test_what_the_kernel_does_not_check_is_refused(lean_world: LeanWorld) -> None:
    assert "unsafe" in (fact(lean_world, "Partial.cast").refusal or "")
    assert passes(fact(lean_world, "Partial.main"))


def test_two_declarations_of_one_name_are_both_worthless(lean_world: LeanWorld) -> None:
    assert "two modules" in (fact(lean_world, "Twice.value").refusal or "")
    assert not passes(fact(lean_world, "Twice.other"))
    assert passes(fact(lean_world, "Twice.main"))


def test_only_what_may_have_changed_is_built_again(lean_world: LeanWorld) -> None:
    assert "Honest.Basic" not in lean_world.built
    assert fact(lean_world, "Honest.double") == lean_world.submitted.by_name()["Honest.double"]


def test_nothing_changed_needs_no_lean(lean_world: LeanWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("Lean was started")

    monkeypatch.setattr(leans, "builder", refuse)
    monkeypatch.setattr(leans, "judge_process", refuse)
    began = time.monotonic()
    again = check(open_project(lean_world.folder), lean_world.names, cache=lean_world.cache)
    assert again == lean_world.submitted
    assert time.monotonic() - began < 3


def test_a_check_with_a_stopped_module_is_not_kept(lean_world: LeanWorld) -> None:
    digests = [file.read_text("utf-8") for file in lean_world.cache.joinpath("facts").glob("*.json")]
    assert len(digests) == 1
    assert lean_world.submitted.digest in digests[0]
