"""Where a declaration's statement ends and its value begins."""

from __future__ import annotations

import time

import pytest

from lean_project.declaration_text import Parts, parts, value_mark

BEGINNINGS = {
    "theorem a : A := h": "h",
    "theorem a : A := by\n  simp": "simp",
    "theorem a : A := by -- := easy\n  /- := /- nested -/ := -/\n  simp": "simp",
    "/-- Says that x := 1. -/\ntheorem a : A\n    := by simp": "simp",
    '@[simp, deprecated b (since := "1")]\ntheorem a (x : N := 1) {h : p := by rfl} :\n    A x :=\n  h': "h",
    "theorem a :\n    f (x := 1) ⟨y, z⟩ :=\n  h": "h",
    'theorem a : s = ":= |" :=\n  h': "h",
    "theorem a : c = ':' ∧ d = '\\n' ∧ x' = y' :=\n  h": "h",
    "theorem a : «:= odd» :=\n  h": "h",
    "theorem a :\n    let x := 3; have y : N := 4\n    x < y := by\n  h": "h",
    "instance : Group G where\n  one := 1": "one",
    "theorem a : A ∧ B where\n  left := h": "left",
    "theorem somewhere : A.where :=\n  h": "h",
    "theorem a : ∀ n, P n\n  | 0 => h\n  | n + 1 => g n": "| 0",
    "theorem a : |x| ≤ 1 → |y| ≤ 1\n  | h => g": "| h",
    "theorem a : |x| = f fun x => |x| :=\n  h": "h",
    "theorem a : |x| = f fun x ↦ |x| :=\n  h": "h",
    "theorem a : (p || q) = {x | x > 0} :=\n  fun | 0 => h": "fun",
}


@pytest.mark.parametrize(("text", "value"), BEGINNINGS.items(), ids=range(len(BEGINNINGS)))
def test_the_value_begins_on_the_line_of(text: str, value: str) -> None:
    begins = text.rindex(value)
    assert parts(text).value == 1 + text.count("\n", 0, begins)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("theorem a : A := h", Parts(1, 1)),
        ("theorem a : A := by\n  h", Parts(1, 2)),
        ("theorem a :\n    A := h.trans\n  g", Parts(2, 2)),
        ("theorem a :\n    A\n  := h", Parts(2, 3)),
        ("theorem a : P\n  | 0 => h\n  | _ => g", Parts(1, 2)),
        ("theorem a : A :=", Parts(1, 1)),
        ("axiom a :\n    A", Parts(2, 1)),
        ("", Parts(1, 1)),
    ],
)
def test_the_lines_of_statement_and_value(text: str, expected: Parts) -> None:
    assert parts(text) == expected


def test_without_a_value_there_is_no_mark() -> None:
    assert value_mark("axiom a : f (x := 1) = |y|") is None
    assert value_mark("theorem a : /- := b") is None
    assert value_mark('theorem a : "never closed := b') is None


@pytest.mark.parametrize("piece", ["/-", '"\\', "(", "'\\", "«", "| ", "let ", "fun ", "-"])
def test_hostile_text_takes_no_time(piece: str) -> None:
    began = time.monotonic()
    parts("theorem a : " + piece * 100_000)
    assert time.monotonic() - began < 3
