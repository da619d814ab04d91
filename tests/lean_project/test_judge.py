"""From an export to facts, without Lean: closures, paths, fingerprints, and answers that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from lean_project.artefacts import Artefact, find, keep, keys
from lean_project.build_record import Place, read_record
from lean_project.facts import SORRY, Fact, Facts, Kind, Meaning
from lean_project.judge import AXIOM_TYPES, Source, facts
from lean_project.judge_core import Print
from lean_project.judge_docket import Core, Docket, Judgement, Ruling
from lean_project.judge_olean import Olean
from lean_project.judge_terms import Constant, Terms
from lean_project.meaning import meaning, moved
from lean_project.modules import Module
from lean_project.netstrings import fields


class Writer:
    """Writes constants; every expression is the application of some constants to the first sort."""

    def __init__(self) -> None:
        self.terms = Terms()
        self.constants: list[Constant] = []
        self.refusals: dict[str, str] = {}
        self.proofs: set[str] = set()
        self._core: dict[str, str] = {}

    def name(self, text: str) -> int:
        return self.terms.name(tuple(text.split(".")))

    def expr(self, names: str) -> int:
        made = self.terms.expr(("s", self.terms.level(("z",))))
        for text in names.split():
            made = self.terms.expr(("a", made, self.terms.expr(("c", self.name(text)))))
        return made

    def constant(
        self,
        name: str,
        kind: str,
        type_: str,
        body: str | None = None,
        kin: str = "",
        refusal: str | None = None,
        *,
        prop: bool | None = None,
    ) -> None:
        if refusal:
            self.refusals[name] = refusal
        if kind == "theorem" if prop is None else prop:
            self.proofs.add(name)
        body_id = None if body is None else self.expr(body)
        key, block = self.name(name), tuple(map(self.name, kin.split()))
        self.constants.append(Constant(key, Kind(kind), (), self.expr(type_), 0, body_id, block=block))

    def core(self, name: str, kind: str) -> None:
        self._core[name] = kind

    def ruling(self) -> Ruling:
        kept = {one.name: one for one in self.constants}
        judgements = {
            key: Judgement(text in self.proofs, self.refusals.get(text), "")
            for key, text in ((key, ".".join(map(str, self.terms.names[key]))) for key in kept)
        }
        core = {
            self.name(name): Core(self.name(name), "Init", Kind(kind), True, "", None)
            for name, kind in self._core.items()
        }
        return Ruling(self.terms, kept, judgements, core)

    def found(self, *placed: str) -> tuple[dict[str, Fact], tuple[Meaning, ...]]:
        places = {tuple(name.split(".")): Place(line, line, None) for line, name in enumerate(placed, 1)}
        known = {("propext",): Print(AXIOM_TYPES["propext"], "deep"), ("Quot", "sound"): Print("?", "deep")}
        declarations, meanings = facts(
            self.ruling(), [Source("M", "M.lean", places)], {("asked",)}, lambda _wanted: known
        )
        return {fact.name: fact for fact in declarations}, meanings

    def facts(self, *placed: str) -> dict[str, Fact]:
        return self.found(*placed)[0]


def chain(*, proof: str = "lemma", body: str = "Nat") -> Fact:
    """A theorem about a definition whose body has a proof in it."""
    writer = Writer()
    writer.constant("lemma", "theorem", "Nat", "zero")
    writer.constant("other", "theorem", "Nat", "one")
    writer.constant("value", "definition", "Nat", f"{body} {proof}")
    writer.constant("main", "theorem", "value", proof)
    return writer.facts("main")["main"]


def test_the_shortest_path_is_taken_and_the_statement_comes_first() -> None:
    writer = Writer()
    writer.core(SORRY, "axiom")
    writer.constant("far", "theorem", "Nat", SORRY)
    writer.constant("near", "theorem", "Nat", SORRY)
    writer.constant("between", "theorem", "Nat", "far")
    writer.constant("proved", "theorem", "Nat", "between near")
    writer.constant("bad", "definition", "Nat", SORRY)
    writer.constant("stated", "theorem", "bad", SORRY)
    found = writer.facts("far", "near", "proved", "bad", "stated")
    (blame,) = found["proved"].blames
    assert (blame.path, blame.through_statement) == (("proved", "near", SORRY), False)
    assert (blame.file, blame.line) == ("M.lean", 2)
    (blame,) = found["stated"].blames
    assert (blame.path, blame.through_statement) == (("stated", "bad", SORRY), True)
    assert found["stated"].direct_sorry
    assert not found["proved"].direct_sorry


def test_auxiliary_constants_are_seen_through() -> None:
    writer = Writer()
    writer.core(SORRY, "axiom")
    writer.constant("main._proof_1", "theorem", "Nat", f"helper {SORRY}")
    writer.constant("helper", "theorem", "Nat", "zero")
    writer.constant("main", "theorem", "Nat", "main._proof_1")
    main = writer.facts("main", "helper")["main"]
    assert main.direct_sorry
    assert main.value_uses == ("Nat", "helper", SORRY)


@pytest.mark.parametrize("kind", ["opaque", "definition", "theorem"])
def test_bodies_of_every_kind_are_followed(kind: str) -> None:
    writer = Writer()
    writer.constant("assumed", "axiom", "Nat")
    writer.constant("middle", kind, "Nat", "assumed")
    writer.constant("main", "theorem", "Nat", "middle")
    assert writer.facts("main")["main"].axioms == ("assumed",)


def test_constructors_of_a_type_belong_to_its_meaning() -> None:
    writer = Writer()
    writer.constant("assumed", "axiom", "Nat")
    writer.constant("Type", "inductive", "Nat", kin="Type Type.mk")
    writer.constant("Type.mk", "constructor", "assumed Type", kin="Type")
    writer.constant("main", "theorem", "Type", "Nat")
    assert writer.facts("main")["main"].statement_axioms == ("assumed",)


def test_the_fingerprint_forgets_proofs_and_keeps_definitions() -> None:
    print_ = chain().fingerprint
    assert chain(proof="other").fingerprint == print_
    assert chain(body="Int").fingerprint != print_


def test_a_definition_that_proves_something_counts_as_a_proof() -> None:
    def main(body: str) -> Fact:
        writer = Writer()
        writer.constant("inst", "definition", "Nat", body, prop=True)
        writer.constant("main", "theorem", "inst", "inst")
        return writer.facts("main")["main"]

    assert main("zero").fingerprint == main("one").fingerprint


def test_sorry_in_what_lean_made_for_another_declaration_is_not_direct() -> None:
    writer = Writer()
    writer.core(SORRY, "axiom")
    writer.constant("bound._proof_1", "theorem", "Nat", SORRY)
    writer.constant("bound", "definition", "Nat", "bound._proof_1")
    writer.constant("main", "theorem", "Nat", "bound._proof_1")
    found = writer.facts("bound", "main")
    assert found["bound"].direct_sorry
    assert not found["main"].direct_sorry
    assert found["main"].value_uses == ("bound",)


def test_an_axiom_of_the_project_is_never_taken_for_a_standard_one() -> None:
    writer = Writer()
    writer.constant("propext", "axiom", "Nat")
    writer.constant("main", "theorem", "Nat", "propext")
    main = writer.facts("main")["main"]
    assert main.axioms == ("propext (declared by the project)",)
    assert [blame.path for blame in main.blames] == [("main", "propext")]


def test_a_standard_axiom_counts_by_its_type_and_origin() -> None:
    writer = Writer()
    writer.core("propext", "axiom")
    writer.core("Quot.sound", "axiom")
    writer.constant("main", "theorem", "Nat", "propext Quot.sound")
    assert writer.facts("main")["main"].axioms == ("Quot.sound (not the one known)", "propext")


def test_terms_without_end_are_no_obstacle() -> None:
    """A proof whose type leads to itself, a long chain of proofs in types, and a level shared many times."""
    writer = Writer()
    writer.constant("loop", "theorem", "loop", "zero", refusal="no")
    for number in range(1200):
        writer.constant(f"t{number}", "theorem", f"t{number - 1}" if number else "Nat", "zero")
    level = writer.terms.level(("z",))
    for _ in range(60):
        level = writer.terms.level(("m", level, level))
    deep = writer.terms.expr(("s", level))
    writer.constants.append(Constant(writer.name("deep"), Kind.DEFINITION, (), deep, 0))
    writer.constant("main", "theorem", "loop t1199 deep", "zero")
    found = writer.facts("main", "loop")
    assert found["main"].fingerprint
    assert found["loop"].fingerprint is None


def test_the_culprits_are_named_when_a_meaning_moves() -> None:
    def made(body: str, extra: str = "") -> dict[str, str]:
        writer = Writer()
        writer.constant("base", "definition", "Nat", body)
        writer.constant("middle", "definition", "Nat", "base")
        writer.constant("value", "definition", "Nat", f"middle {extra}")
        writer.constant("main", "theorem", "value", "zero")
        declarations, meanings = writer.found("main")
        return meaning(Facts("Lean", tuple(declarations.values()), meanings=meanings), "main")

    before = made("one")
    assert set(before) == {"main", "value", "middle", "base"}
    assert moved(before, made("one")) == ()
    assert moved(before, made("two")) == ("base",)
    assert moved(before, made("two", "base")) == ("base", "value")
    assert moved(before, {}) == ("base", "main", "middle", "value")


def test_private_names_and_lean_s_own_count_by_what_they_are() -> None:
    def main(module: str, helper: str, body: str = "Nat") -> str | None:
        writer = Writer()
        private = f"_private.{module}.0.{helper}"
        writer.terms.name(("_private", module, 0))
        key = writer.terms.name(("_private", module, 0, helper))
        type_, value = writer.expr("Nat"), writer.expr(body)
        writer.constants.append(Constant(key, Kind.DEFINITION, (), type_, 0, value))
        made = writer.terms.expr(("c", key))
        name = writer.name("main")
        writer.constants.append(Constant(name, Kind.THEOREM, (), made, 0, type_))
        writer.proofs.add("main")
        assert private
        return writer.facts("main")["main"].fingerprint

    assert main("A", "f") == main("B", "f") == main("A", "g") != main("A", "f", "Int")


def test_names_that_deceive_are_said_so() -> None:
    writer = Writer()
    for name in ("main", "mаin", "a\nb", "ε_bound", "αβ", "M_ν", "Real.π"):
        writer.constant(name, "theorem", "Nat", "zero")
    names = [".".join(map(str, writer.terms.names[one.name])) for one in writer.constants]
    found = writer.facts(*names)
    assert [name for name, fact in found.items() if fact.warnings] == ["main", "mаin", "«a\nb»"]
    assert "cyrillic small letter a" in found["mаin"].warnings[0]
    assert "looks like" in found["main"].warnings[0]


def test_each_declaration_is_asked_after_what_it_needs() -> None:
    writer = Writer()
    writer.constant("main", "theorem", "Nat", "helper")
    writer.constant("helper", "theorem", "Nat", "zero")
    writer.constant("one", "theorem", "Nat", "other")
    writer.constant("other", "theorem", "Nat", "one")
    docket = Docket(writer.terms, writer.constants, {writer.name("main")}, ())
    lines = docket.request([("Init",)]).decode().split("\n")
    names = [line.split()[1] for line in lines if line[:2] == "H "]
    assert names == [str(writer.name("helper")), str(writer.name("main"))]
    ruling = docket.ruling(b"\n".join([b"done", b"x6e6f", b"+", *[b"1 x"] * 4, *[b"-"] * 2]))
    refusals = {writer.terms.names[key][0]: one.refusal for key, one in ruling.judgements.items()}
    assert refusals["helper"] == "no"
    assert refusals["main"] == "it rests on helper: no"
    assert "depends on itself" in (refusals["one"] or "")
    with pytest.raises(ValueError, match="length"):
        docket.ruling(b"done\n+")


def test_only_what_is_placed_or_asked_for_gets_a_fact() -> None:
    writer = Writer()
    writer.constant("hidden", "theorem", "Nat", "zero")
    writer.constant("asked", "theorem", "Nat", "zero", refusal="no")
    found = writer.facts()
    assert list(found) == ["asked"]
    assert (found["asked"].refusal, found["asked"].line, found["asked"].kind) == ("no", None, Kind.THEOREM)


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [b""],
        [b"olean\x02" + bytes(200)],
        [b"olean\x02" + bytes(74) + (4096).to_bytes(4, "little") + (4184).to_bytes(4, "little") + bytes(100)],
    ],
)
def test_a_module_that_is_none_is_refused(parts: list[bytes]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever is wrong with it
        Olean(parts, Terms()).constants()


@pytest.mark.parametrize(
    "data", [b"", b"5:built", b"5:built,1:m,", b"3:yes,", b"x", b"99:built,", b"5:built,1:m,3:1:x,,"]
)
def test_a_record_that_is_not_one_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever part of it is wrong
        read_record(data)


def test_a_field_may_hold_anything() -> None:
    assert list(fields(b"3:a,b,0:,4:5:x,,")) == [b"a,b", b"", b"5:x,"]


def test_artefacts_are_found_only_whole(tmp_path: Path) -> None:
    keep(tmp_path, "key", Artefact({"olean": b"data", "record": b"5:built,"}))
    assert find(tmp_path, "other") is None
    found = find(tmp_path, "key")
    assert found is not None
    assert found.files["olean"] == b"data"
    next(tmp_path.rglob("olean")).write_bytes(b"swapped")
    assert find(tmp_path, "key") is None


def test_a_key_changes_with_the_text_what_it_imports_and_the_toolchain() -> None:
    def made(below: bytes, toolchain: str = "t") -> str:
        modules = (Module(("A",), "A.lean", below), Module(("B",), "B.lean", b"same", (("A",),)))
        return keys(modules, toolchain)[("B",)]

    assert made(b"one") == made(b"one")
    assert len({made(b"one"), made(b"two"), made(b"one", "u")}) == 3
