"""Facts travel as JSON, complete."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from lean_project.facts import SORRY, Blame, Fact, Facts, Kind, Message, decode, encode
from lean_project.names import read_name, written

FACTS = Facts(
    toolchain="Lean",
    declarations=(
        Fact(
            name="A.b",
            kind=Kind.THEOREM,
            is_prop=True,
            module="A",
            file="A.lean",
            line=1,
            end_line=2,
            type_uses=("Nat",),
            direct_sorry=True,
            axioms=(SORRY,),
            blames=(Blame(SORRY, ("A.b", SORRY), False, "A.lean", 1),),
            fingerprint="00",
            statement="A.b : 1 = 2 ∨ «é»",
            refusal="the kernel says: no",
        ),
    ),
    messages=(Message("A.lean", 1, 0, "error", "no\nyes"),),
    failed_modules=("B",),
    digest="ff",
)


def test_facts_come_back_as_they_went() -> None:
    assert decode(encode(FACTS)) == FACTS
    assert FACTS.by_name()["A.b"].kind is Kind.THEOREM


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"toolchain": 1}', b'{"toolchain": "x", "digest": 1}'])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValidationError):
        decode(data)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nat.add_comm", ("Nat", "add_comm")),
        ("a", ("a",)),
        ("Foo.«bar baz».x'", ("Foo", "bar baz", "x'")),
        ("«a.b»", ("a.b",)),
        ("α₁.β!", ("α₁", "β!")),
        ("℀.ℵ₀.x℁", ("℀", "ℵ₀", "x℁")),
    ],
)
def test_names_are_read_and_written(text: str, name: tuple[str, ...]) -> None:
    assert read_name(text) == name
    assert written(name) == text


@pytest.mark.parametrize("text", ["", ".", "a.", ".a", "a..b", "«a", "a«b»", "a»"])
def test_what_is_no_name_is_none(text: str) -> None:
    assert read_name(text) is None


def test_different_names_are_written_differently() -> None:
    names = [("a", "b"), ("a.b",), ("a", "0"), ("a", 0), ("«a»",), ("a",), ("",), ("a", ""), ("a»",)]
    assert len({written(name) for name in names}) == len(names)
