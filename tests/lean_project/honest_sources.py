"""Honest Lean, and what people do to it: some of that changes what its statements mean, most does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

BASE = """namespace NS
universe u
/-- Twice a number. -/
def double (n : Nat) : Nat := n + n
private def helper (n : Nat) : Nat := double n + 1
def classify : Nat → Nat
  | 0 => 0
  | n + 1 => helper n
inductive Colour where
  | red
  | green
instance ordered : LT Colour := ⟨fun _ _ => False⟩
structure Pair (α : Type u) where
  first : α
  second : α
def IsEven (n : Nat) : Prop := ∃ k, n = double k
def bounded : Fin 3 := ⟨0, by decide⟩
theorem helpful (n : Nat) : double n = 2 * n := by unfold double; omega
theorem main (n : Nat) (h : IsEven n) : ∃ k, n = 2 * k := by
  obtain ⟨k, hk⟩ := h
  exact ⟨k, by rw [hk, helpful]⟩
theorem pairs (α : Type u) (p : Pair α) : classify 0 = 0 ∧ p.first = p.first ∧ bounded.val < 3 :=
  ⟨rfl, rfl, bounded.2⟩
theorem order (c : Colour) : ¬ c < c := id
end NS
"""
THEOREMS = frozenset({"main", "pairs", "order", "helpful"})
Files = dict[str, str]  # the ending of a module's name -> its source


@dataclass(frozen=True)
class Change:
    """What somebody does to the source, and the theorems whose statements it changes, with the culprit."""

    files: Callable[[str], Files]
    moves: Mapping[str, str] = field(default_factory=dict)


def edit(*pairs: tuple[str, str]) -> Callable[[str], Files]:
    def change(source: str) -> Files:
        for old, new in pairs:
            assert old in source
            source = source.replace(old, new)
        return {"": source}

    return change


def lines(pattern: str, source: str) -> str:
    return "".join(re.findall(pattern, source, re.MULTILINE))


def reordered(source: str) -> Files:
    colours = lines(r"^inductive Colour(?:.|\n)*?False⟩\n", source)
    pairs = lines(r"^structure Pair(?:.|\n)*?second : α\n", source)
    rest = source.replace(colours, "").replace(pairs, "")
    return {"": rest.replace("universe u\n", f"universe u\n{pairs}{colours}")}


def moved(source: str) -> Files:
    return {".Elsewhere": source, "": "import MODULE.Elsewhere\n"}


def split(source: str) -> Files:
    at = source.index("theorem helpful")
    head, tail = source[:at] + "end NS\n", source[at:]
    return {".Basic": head, "": f"import MODULE.Basic\nnamespace NS\nuniverse u\n{tail}"}


def unwrapped(source: str) -> Files:
    """The theorems under their full names, outside the namespace."""
    at = source.index("theorem helpful")
    tail = source[at:].replace("end NS\n", "").replace("theorem ", "theorem NS.")
    return {"": f"{source[:at]}end NS\nuniverse u\nopen NS\n{tail}"}


HARMLESS = {
    "Binders": Change(
        edit(
            ("(n : Nat) (h : IsEven n)", "(number : Nat) (h : IsEven number)"),
            ("∃ k, n = 2", "∃ k, number = 2"),
        )
    ),
    "Proofs": Change(
        edit(
            ("by unfold double; omega", "by simp [double]; omega"),
            ("⟨k, by rw [hk, helpful]⟩", "⟨k, hk.trans (helpful k)⟩"),
        )
    ),
    "Inside": Change(edit(("by decide⟩", "Nat.lt_of_sub_pos (by decide)⟩"))),
    "Lemmas": Change(edit(("theorem main", "theorem extra (n : Nat) : n = n := rfl\ntheorem main"))),
    "Order": Change(reordered),
    "Comments": Change(
        edit(("def double", "-- twice\n/- and\nagain -/\ndef   double"), ("/-- Twice a number. -/\n", ""))
    ),
    "Docs": Change(edit(("Twice a number.", "The number, and once more."))),
    "Tags": Change(edit(("theorem helpful", "@[simp] theorem helpful"))),
    "Universes": Change(edit(("universe u", "universe w"), ("Type u", "Type w"))),
    "Moved": Change(moved),
    "Split": Change(split),
    "Unwrapped": Change(unwrapped),
    "Private": Change(edit(("helper", "assistant"))),
    "Matches": Change(
        edit(("def classify", "def another : Nat → Nat\n  | 0 => 1\n  | n + 1 => n\ndef classify"))
    ),
    "Implicit": Change(edit(("theorem order (c : Colour)", "theorem order {c : Colour}"))),
}
HARMFUL = {
    "Weaker": Change(
        edit(("(h : IsEven n)", "(h : IsEven n ∧ True)"), (":= h\n", ":= h.1\n")), {"main": "main"}
    ),
    "Below": Change(
        edit(("Nat := n + n", "Nat := n + n + 0")), {"main": "double", "pairs": "double", "helpful": "double"}
    ),
    "Swapped": Change(edit(("  | red\n  | green", "  | green\n  | red")), {"order": "Colour"}),
    "Instance": Change(
        edit(("fun _ _ => False", "fun _ _ => 0 = 1"), ("¬ c < c := id", "¬ c < c := fun h => nomatch h")),
        {"order": "ordered"},
    ),
    "Hidden": Change(edit(("double n + 1", "double n + 2")), {"pairs": "classify"}),
    "Fields": Change(edit(("  second : α\n", "  second : α\n  third : α\n")), {"pairs": "Pair.mk"}),
}
CHANGES = HARMLESS | HARMFUL


def before() -> Files:
    """A module for each change, as it was."""
    return {name: BASE.replace("NS", f"In{name}") for name in CHANGES}


def after() -> Files:
    """The modules of each change, as they are afterwards."""
    return {
        f"{name}{ending}": source.replace("NS", f"In{name}").replace("MODULE", name)
        for name, change in CHANGES.items()
        for ending, source in change.files(BASE).items()
    }
