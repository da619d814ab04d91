"""Lean sources of each kind that a check must tell apart; each declares names in a namespace of its own."""

from __future__ import annotations

SOURCES = {
    # Honest work in the module style, across files, with the kinds of declarations that people write.
    "Honest.Basic": """module
@[expose] public section
namespace Honest
/-- Twice a number. -/
def double (n : Nat) : Nat := n + n
inductive Tree (α : Type u) where
  | leaf
  | node (children : List (Tree α)) (label : α)
structure Pair (α β : Type) where
  first : α
  second : β
deriving Repr, DecidableEq
mutual
inductive Even : Nat → Prop
  | zero : Even 0
  | next : Odd n → Even (n + 1)
inductive Odd : Nat → Prop
  | next : Even n → Odd (n + 1)
end
class Magma (α : Type u) where
  op : α → α → α
instance : Magma Nat := ⟨Nat.add⟩
def ack : Nat → Nat → Nat
  | 0, n => n + 1
  | m + 1, 0 => ack m 1
  | m + 1, n + 1 => ack m (ack (m + 1) n)
termination_by m n => (m, n)
theorem double_eq (n : Nat) : double n = 2 * n := by unfold double; omega
private theorem secret : double 2 = 4 := rfl
theorem public_face : double 2 = 4 := secret
end Honest
""",
    "Honest": """module
public import Honest.Basic
@[expose] public section
namespace Honest
theorem double_double (n : Nat) : double (double n) = 4 * n := by simp [double_eq]; omega
theorem two_is_even : Even 2 := .next (.next .zero)
theorem choice (p : Prop) : p ∨ ¬p := by by_cases h : p <;> simp [h]
theorem «strange name» : True := trivial
theorem «dotted.name» : True := trivial
end Honest
""",
    # Plain files see one another too.
    "PlainBelow": "def Plain.two : Nat := 2\ntheorem Plain.two_eq : Plain.two = 2 := rfl\n",
    "PlainAbove": "import PlainBelow\ntheorem Plain.both : Plain.two + 0 = 2 := by simp [Plain.two_eq]\n"
    "theorem Plain.unfolded : Plain.two = 2 := by unfold Plain.two; rfl\n"
    "theorem Plain.computed : Plain.two * 3 = 6 := by decide\n",
    # Things that do not build, and what depends on them.
    "Broken": "theorem Broken.main : 1 = 2 := by decide\n",
    "NeedsBroken": "import Broken\ntheorem NeedsBroken.main : True := trivial\n",
    "Circle": "import Square\ntheorem Circle.main : True := trivial\n",
    "Square": "import Circle\ntheorem Square.main : True := trivial\n",
    "Elsewhere": "-- two\n/- lines -/\nimport Mathlib.Order.Basic\n",
    # Tricks.
    "Forged": "namespace Forged\nset_option debug.skipKernelTC true in\n"
    "theorem main : 1 = 2 := by decide +kernel\ntheorem after : 1 = 2 := main\nend Forged\n",
    "Opaque": "namespace Opaque\nopaque hidden : 1 = 2 := sorry\n"
    "theorem main : 1 = 2 := hidden\nend Opaque\n",
    "Partial": "namespace Partial\npartial def loop (n : Nat) : Nat := loop (n + 1)\n"
    "unsafe def cast : False := unsafeCast ()\ntheorem main : loop 0 = loop 0 := rfl\nend Partial\n",
    "Macro": 'macro "obvious" : term => `(sorr' + "y)\ntheorem Macro.main : 1 = 2 := obvious\n",
    "Words": 'notation:65 a " ⊕⊕ " b => a + b + b\nmacro "plainly" : tactic => `(tactic| rfl)\n',
    "WordsUsed": "import Words\ntheorem WordsUsed.main : (1 ⊕⊕ 2) = 5 := by plainly\n",
    "Field": "namespace Field\nclass Trusts where\n  proof : 1 = 2\n"
    "instance : Trusts := ⟨sorry⟩\ntheorem main : 1 = 2 := Trusts.proof\nend Field\n",
    "Twice.One": "theorem Twice.main : True := trivial\ndef Twice.value : Nat := 1\n",
    "Twice.Two": "def Twice.value : Nat := 2\ntheorem Twice.other : Twice.value = 2 := rfl\n",
}

NAMES = (
    "Honest.double",
    "Honest.double_eq",
    "Honest.double_double",
    "Honest.two_is_even",
    "Honest.choice",
    "Honest.«strange name»",
    "Honest.dotted.name",
    "Forged.main",
    "Forged.after",
    "Nat.add_comm",
    "Classical.choice",
    "Nat.no_such_thing",
    "not a name..",
)

# Elaborates for ever.
ENDLESS = "import Lean\npartial def spin (n : Nat) : IO Unit := spin (n + 1)\nrun_cmd spin 0\n"

# The second of each pair of shared examples is a submission against the first.
CHEAT_PAIRS = {
    "15_notation_redefined": "15_agreed",
    "20_definition_changed_B": "20_definition_changed_A",
    "21_harmless_refactor_B": "21_harmless_refactor_A",
}


def cheat_space(stem: str) -> str:
    """The namespace of a shared example: the same for both of a pair."""
    return "C" + CHEAT_PAIRS.get(stem, stem).replace("_", "")
