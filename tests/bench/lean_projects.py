"""Lean projects of any size, made up: the same plan gives the same text, always.

Every module declares numbers and a predicate and proves some things about them and about those of the modules
that it imports: two at most, one of which is near. It needs Lean's core library and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

NEAR = 5  # how far back a module's nearby import stands
LIBRARY = "Gen"
HEAD = "module\n{imports}\n@[expose] public section\nnamespace {name}\n"


@dataclass(frozen=True, slots=True)
class LeanPlan:
    """How many modules, and how many groups of three declarations each has."""

    modules: int
    groups: int = 3
    seed: int = 1


def lean_project(plan: LeanPlan) -> Iterator[tuple[str, str]]:
    """Each file of the project: its path and its text."""
    yield "lakefile.toml", f'name = "gen"\n[[lean_lib]]\nname = "{LIBRARY}"\n'
    every = "".join(f"public import {module_name(number)}\n" for number in range(plan.modules))
    yield f"{LIBRARY}.lean", f"module\n{every}"
    for number in range(plan.modules):
        yield module_file(number), module(plan, number)


def module_name(number: int) -> str:
    return f"{LIBRARY}.M{number:04}"


def module_file(number: int) -> str:
    return f"{LIBRARY}/M{number:04}.lean"


def declaration(number: int, group: int = 0) -> str:
    """The full name of a theorem that the module proves."""
    return f"{LIBRARY}.m{number:04}.step_{group}"


def imported(plan: LeanPlan, number: int) -> tuple[int, ...]:
    """The modules that a module imports: a near one, and perhaps one from anywhere before."""
    if not number:
        return ()
    random = Random(f"{plan.seed} {number}")
    near = max(0, number - random.randint(1, NEAR))
    return tuple(sorted({near, random.randrange(number)}))


def module(plan: LeanPlan, number: int) -> str:
    below = imported(plan, number)
    imports = "".join(f"public import {module_name(other)}\n" for other in below)
    head = HEAD.format(imports=imports, name=f"{LIBRARY}.m{number:04}")
    groups = (_group(number, group, below) for group in range(plan.groups))
    return f"{head}{''.join(groups)}end {LIBRARY}.m{number:04}\n"


def _group(number: int, group: int, below: tuple[int, ...]) -> str:
    """A number, a predicate, and theorems that need induction, `omega`, `simp` and what stands below."""
    before = f"{LIBRARY}.m{below[group % len(below)]:04}" if below else None
    base = f"{before}.sum_{group} n" if before else "n"
    lemma = f"{before}.step_{group}" if before else "Nat.le_refl"
    return f"""
/-- The sum of the first numbers, and a little more. -/
def sum_{group} : Nat → Nat
  | 0 => {number + group}
  | n + 1 => sum_{group} n + n + 1
def small_{group} (n m : Nat) : Prop := n ≤ m + {base.replace(" n", " m") if before else "m"}
theorem step_{group} (n : Nat) : n ≤ sum_{group} n := by
  induction n with
  | zero => exact Nat.zero_le _
  | succ n ih => simp only [sum_{group}]; omega
theorem close_{group} (n : Nat) : small_{group} n n := by
  unfold small_{group}
  have := {lemma} n
  omega
theorem both_{group} (n : Nat) (h : 1 ≤ n) : small_{group} n n ∧ 0 < sum_{group} n :=
  ⟨close_{group} n, Nat.lt_of_lt_of_le h (step_{group} n)⟩
"""
