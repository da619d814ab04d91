"""From an export to facts, without Lean: closures, paths, fingerprints, and answers that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from lean_project.artefacts import Artefact, find, keep, keys
from lean_project.build_record import Place, read_record
from lean_project.facts import SORRY, Fact, Kind
from lean_project.judge import Source, facts
from lean_project.judge_export import read_export
from lean_project.modules import Module
from lean_project.netstrings import fields


class Writer:
    """Writes exports as the judge does; every expression is a constant or an application of two."""

    def __init__(self) -> None:
        self.lines: list[str] = ["N", "L z"]
        self._names = {"": 0}
        self._exprs = 0

    def name(self, text: str) -> int:
        if text not in self._names:
            above, _, last = text.rpartition(".")
            parent = self.name(above)
            self.lines.append(f"N {parent} s x{last.encode().hex()}")
            self._names[text] = len(self._names)
        return self._names[text]

    def expr(self, names: str) -> int:
        """The application of all these constants, or the first sort."""
        made = self._add("E s 0")
        for text in names.split():
            made = self._add(f"E a {made} {self._add(f'E c {self.name(text)}')}")
        return made

    def _add(self, line: str) -> int:
        self.lines.append(line)
        self._exprs += 1
        return self._exprs - 1

    def constant(
        self,
        name: str,
        kind: str,
        type_: str,
        body: str | None = None,
        kin: str = "",
        verdict: str = "+",
        *,
        prop: bool | None = None,
    ) -> None:
        type_id = self.expr(type_)
        body_line = "B" if body is None else f"B {self.expr(body)}"
        kin_line = " ".join(["K", *(str(self.name(text)) for text in kin.split())])
        self.lines += [f"C 0 {kind} {self.name(name)} {type_id}", "P", body_line, kin_line, "R", "M"]
        is_prop = kind == "theorem" if prop is None else prop
        self.lines.append(f"J {self.name(name)} {int(is_prop)} {verdict} x")

    def core(self, name: str, kind: str) -> None:
        self.lines += [f"T 0 {kind} {self.name(name)} {self.expr('')} 1 x x", "P"]

    def facts(self, *placed: str) -> dict[str, Fact]:
        places = {(name,): Place(line, line, None) for line, name in enumerate(placed, 1)}
        export = read_export("\n".join([*self.lines, "end", ""]).encode())
        return {fact.name: fact for fact in facts(export, [Source("M", "M.lean", places)], {("asked",)})}


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
    writer.constant("propext", "axiom", "Nat", verdict="+")
    writer.constant("main", "theorem", "Nat", "propext")
    main = writer.facts("main")["main"]
    assert main.axioms == ("propext (declared by the project)",)
    assert [blame.path for blame in main.blames] == [("main", "propext")]


def test_two_names_that_read_the_same_are_a_forgery() -> None:
    with pytest.raises(ValueError, match="same"):
        read_export(b"N\nN 0 s x61\nN 0 s x61\nend\n")


def test_terms_without_end_are_no_obstacle() -> None:
    """A proof whose type leads to itself, a long chain of proofs in types, and a level shared many times."""
    writer = Writer()
    writer.constant("loop", "theorem", "loop", "zero", verdict=f"x{b'no'.hex()}")
    for number in range(1200):
        writer.constant(f"t{number}", "theorem", f"t{number - 1}" if number else "Nat", "zero")
    writer.lines += [f"L m {level} {level}" for level in range(60)]
    deep = writer._add("E s 60")
    writer.lines += [f"C 0 definition {writer.name('deep')} {deep}", "P", "B", "K", "R", "M"]
    writer.lines.append(f"J {writer.name('deep')} 0 + x")
    writer.constant("main", "theorem", "loop t1199 deep", "zero")
    found = writer.facts("main", "loop")
    assert found["main"].fingerprint
    assert found["loop"].fingerprint is None


def test_only_what_is_placed_or_asked_for_gets_a_fact() -> None:
    writer = Writer()
    writer.constant("hidden", "theorem", "Nat", "zero")
    writer.constant("asked", "theorem", "Nat", "zero", verdict=f"x{b'no'.hex()}")
    found = writer.facts()
    assert list(found) == ["asked"]
    assert (found["asked"].refusal, found["asked"].line, found["asked"].kind) == ("no", None, Kind.THEOREM)


@pytest.mark.parametrize(
    "data", [b"", b"N\n", b"N\nend", b"X\nend\n", b"E q 1\nend\n", b"C 0 theorem 0 0\nend\n", b"J 0\nend\n"]
)
def test_an_export_that_is_not_complete_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever line is wrong
        read_export(data)


@pytest.mark.parametrize(
    "data", [b"", b"5:built", b"5:built,1:m,", b"3:yes,", b"x", b"99:built,", b"5:built,1:m,3:1:x,,"]
)
def test_a_record_that_is_not_one_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever part of it is wrong
        read_record(data)


def test_a_field_may_hold_anything() -> None:
    assert list(fields(b"3:a,b,0:,4:5:x,,")) == [b"a,b", b"", b"5:x,"]


def test_artefacts_are_found_only_whole_and_in_their_company(tmp_path: Path) -> None:
    keep(tmp_path, "key", ["friend"], Artefact({"olean": b"data", "record": b"5:built,"}))
    assert find(tmp_path, "key", ["stranger"]) is None
    assert find(tmp_path, "other", ["friend"]) is None
    found = find(tmp_path, "key", ["friend", "stranger"])
    assert found is not None
    assert found.files["olean"] == b"data"
    next(tmp_path.rglob("olean")).write_bytes(b"swapped")
    assert find(tmp_path, "key", ["friend"]) is None


def test_a_key_changes_with_the_text_what_it_imports_and_the_toolchain() -> None:
    def made(below: bytes, toolchain: str = "t") -> str:
        modules = (Module(("A",), "A.lean", below), Module(("B",), "B.lean", b"same", (("A",),)))
        return keys(modules, toolchain)[("B",)]

    assert made(b"one") == made(b"one")
    assert len({made(b"one"), made(b"two"), made(b"one", "u")}) == 3
